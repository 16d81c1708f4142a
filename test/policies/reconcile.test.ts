import { BOUNDARY, EXECUTION_ROLE, ID, USERS_BUCKETS } from '../infra/deployed.ts';
import { admin, bucket, CLUSTER_ROLE, CONTROL_ROLES, ELSEWHERE, here, home, iam, stack } from './arns.ts';
import { can, cannot, rightsOf } from './rights.ts';

const OURS = stack('clusterdrop-alice-mycluster-0123456789abcdef');
const role = { 'cloudformation:RoleArn': EXECUTION_ROLE };
const tagging = { 'aws:RequestTag/clusterdrop:installation': ID };
const tagged = { 'aws:ResourceTag/clusterdrop:installation': ID };
const foreign = { 'aws:ResourceTag/clusterdrop:installation': `clusterdrop-test-${ID}` };
const CONTROL_STACKS = ['base', 'clusters', 'mail', 'engine'].map((part) =>
  stack(`control-clusterdrop-${part}`),
);

rightsOf('reconcile', {
  'drops and replies': [
    can(
      ['s3:GetObject', 's3:GetObjectVersion', 's3:PutObject'],
      [home('alice/x.cf-create'), home('bob/x.cf-status', USERS_BUCKETS[1])],
    ),
    can(['s3:DeleteObject', 's3:DeleteObjectVersion'], home('alice/x.cf-create')),
    // Without a prefix too: else a missing file would be answered with 403, and that is not "absent".
    can(
      ['s3:ListBucket', 's3:ListBucketVersions', 's3:GetBucketVersioning'],
      [bucket(), bucket(USERS_BUCKETS[1])],
    ),
    cannot(
      ['s3:GetObject', 's3:PutObject'],
      [`${bucket()}/private/x`, home('alice/x', 'somebody-elses-bucket')],
    ),
    cannot(['s3:PutObjectAcl', 's3:PutObjectTagging'], home('alice/x.cf-create')),
    cannot(
      ['s3:PutBucketPolicy', 's3:PutBucketVersioning', 's3:PutBucketNotification', 's3:DeleteBucket'],
      bucket(),
    ),
    cannot('s3:GetObject', home('alice/x'), { 'aws:SecureTransport': 'false' }),
  ],
  "the administrator's bucket": [
    can(['s3:ListBucket', 's3:ListBucketVersions', 's3:GetBucketVersioning'], bucket('the-admin-bucket')),
    can('s3:DeleteObjectVersion', admin('ledger/alice.json')),
    can(
      's3:GetObject',
      [
        'installation.json',
        'blueprints/slurm/0a1b/blueprint.json',
        'customizer/alice/manifest.txt',
        'limits/alice.json',
      ].map(admin),
    ),
    can(
      's3:GetObject',
      ['users/alice.json', 'ledger/alice.json', 'reports/0123.json', 'prices/eu-west-2.json'].map(admin),
    ),
    can('s3:PutObject', [admin('ledger/alice.json'), admin('ledger/ended/2026-11/alice.json')]),
    cannot(
      's3:PutObject',
      [
        'installation.json',
        'blueprints/slurm/0a1b/template.yaml',
        'customizer/alice/configure.d/1',
        'limits/alice.json',
      ].map(admin),
    ),
    cannot(
      's3:PutObject',
      ['users/alice.json', 'reports/0123.json', 'prices/eu-west-2.json', 'code/0a1b.zip'].map(admin),
    ),
    cannot('s3:DeleteObject', [admin('ledger/alice.json'), admin('installation.json')]),
    cannot('s3:DeleteObjectVersion', [admin('installation.json'), admin('limits/alice.json')]),
    cannot('s3:GetObject', admin('code/0a1b.zip')),
  ],
  'its own stacks': [
    can(['cloudformation:DescribeStacks', 'cloudformation:DescribeStackEvents'], OURS),
    // The login address of a blueprint that gives none as an output.
    can('cloudformation:ListStackResources', OURS),
    can('cloudformation:CreateStack', OURS, { ...role, ...tagging }),
    can('cloudformation:UpdateStack', OURS, { ...role, ...tagging, ...tagged }),
    can('cloudformation:DeleteStack', OURS, { ...role, ...tagged }),
    can('cloudformation:TagResource', OURS, { ...tagging, 'cloudformation:CreateAction': 'CreateStack' }),
    can('cloudformation:SetStackPolicy', OURS, tagged),
    can('cloudformation:SetStackPolicy', OURS),
  ],
  'stacks without our tag, or with another role': [
    cannot('cloudformation:CreateStack', OURS, role),
    cannot('cloudformation:CreateStack', OURS, {
      ...role,
      'aws:RequestTag/clusterdrop:installation': 'another',
    }),
    cannot('cloudformation:CreateStack', OURS, tagging),
    cannot('cloudformation:CreateStack', OURS, { ...tagging, 'cloudformation:RoleArn': iam('role/Admin') }),
    cannot('cloudformation:CreateStack', OURS, { ...tagging, 'cloudformation:RoleArn': CLUSTER_ROLE }),
    cannot('cloudformation:UpdateStack', OURS, { ...role, ...tagging }),
    cannot('cloudformation:UpdateStack', OURS, { ...role, ...tagging, ...foreign }),
    cannot('cloudformation:UpdateStack', OURS, { ...role, ...tagged }),
    cannot('cloudformation:UpdateStack', OURS, { ...tagging, ...tagged }),
    cannot('cloudformation:DeleteStack', OURS, role),
    cannot('cloudformation:DeleteStack', OURS, { ...role, ...foreign }),
    cannot('cloudformation:DeleteStack', OURS, tagged),
    cannot('cloudformation:SetStackPolicy', OURS, foreign),
    cannot('cloudformation:TagResource', OURS, { 'aws:RequestTag/clusterdrop:installation': 'another' }),
    cannot('cloudformation:UntagResource', OURS, tagged),
  ],
  'foreign stacks and our own control stacks': [
    ...[
      ...CONTROL_STACKS,
      stack('production'),
      stack('my-clusterdrop-x'),
      stack('clusterdrop'),
      stack('Clusterdrop-x'),
    ].map((other) =>
      cannot(
        [
          'cloudformation:CreateStack',
          'cloudformation:UpdateStack',
          'cloudformation:DeleteStack',
          'cloudformation:DescribeStacks',
        ],
        other,
        { ...role, ...tagging, ...tagged },
      ),
    ),
    cannot(
      ['cloudformation:CreateStack', 'cloudformation:DeleteStack'],
      stack('clusterdrop-alice-mycluster-0123456789abcdef', ELSEWHERE),
      { ...role, ...tagging, ...tagged },
    ),
    cannot(
      [
        'cloudformation:CreateChangeSet',
        'cloudformation:ExecuteChangeSet',
        'cloudformation:CancelUpdateStack',
      ],
      OURS,
      { ...role, ...tagging, ...tagged },
    ),
    cannot('cloudformation:UpdateTerminationProtection', OURS, tagged),
    cannot('cloudformation:ListStacks', '*'),
  ],
  roles: [
    can('iam:PassRole', EXECUTION_ROLE, { 'iam:PassedToService': 'cloudformation.amazonaws.com' }),
    cannot('iam:PassRole', EXECUTION_ROLE, { 'iam:PassedToService': 'ec2.amazonaws.com' }),
    cannot('iam:PassRole', EXECUTION_ROLE, { 'iam:PassedToService': 'lambda.amazonaws.com' }),
    cannot('iam:PassRole', EXECUTION_ROLE),
    cannot('iam:PassRole', [iam('role/Admin'), CLUSTER_ROLE, ...CONTROL_ROLES.slice(1)], {
      'iam:PassedToService': 'cloudformation.amazonaws.com',
    }),
    cannot('sts:AssumeRole', [EXECUTION_ROLE, iam('role/Admin')]),
    cannot(
      ['iam:CreateRole', 'iam:PutRolePolicy', 'iam:AttachRolePolicy', 'iam:UpdateAssumeRolePolicy'],
      [CLUSTER_ROLE, ...CONTROL_ROLES],
      {
        'iam:PermissionsBoundary': BOUNDARY,
      },
    ),
    cannot(['iam:CreatePolicyVersion', 'iam:SetDefaultPolicyVersion'], BOUNDARY),
    cannot(['iam:CreateUser', 'iam:CreateAccessKey'], iam('user/alice')),
  ],
  mail: [
    can(['ses:SendEmail', 'ses:SendRawEmail'], here('ses', 'identity/clusterdrop@example.org'), {
      'ses:FromAddress': 'clusterdrop@example.org',
    }),
    can('ses:SendEmail', here('ses', 'identity/alice@example.org'), {
      'ses:FromAddress': 'clusterdrop@example.org',
    }),
    cannot('ses:SendEmail', here('ses', 'identity/clusterdrop@example.org'), {
      'ses:FromAddress': 'president@example.org',
    }),
    cannot('ses:SendEmail', here('ses', 'identity/clusterdrop@example.org')),
    cannot('ses:SendEmail', here('ses', 'identity/clusterdrop@example.org', ELSEWHERE), {
      'ses:FromAddress': 'clusterdrop@example.org',
    }),
    can('ses:GetEmailIdentity', here('ses', 'identity/example.org')),
    can('ses:GetAccount', '*'),
    cannot('ses:GetAccount', '*', { 'aws:RequestedRegion': ELSEWHERE }),
    cannot(
      ['ses:CreateEmailIdentity', 'ses:DeleteEmailIdentity'],
      here('ses', 'identity/clusterdrop@example.org'),
    ),
  ],
  'queue, functions, logs, machines': [
    can(
      ['sqs:SendMessage', 'sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
      here('sqs', 'clusterdrop-nudges'),
    ),
    cannot(
      ['sqs:SendMessage', 'sqs:ReceiveMessage'],
      [here('sqs', 'clusterdrop-dead-letters'), here('sqs', 'orders')],
    ),
    cannot(
      ['sqs:SetQueueAttributes', 'sqs:PurgeQueue', 'sqs:DeleteQueue', 'sqs:AddPermission'],
      here('sqs', 'clusterdrop-nudges'),
    ),
    can(
      ['logs:CreateLogStream', 'logs:PutLogEvents'],
      here('logs', 'log-group:/aws/lambda/clusterdrop-reconcile:log-stream:2026'),
    ),
    cannot('logs:PutLogEvents', here('logs', 'log-group:/aws/lambda/clusterdrop-sweep:log-stream:2026')),
    cannot('logs:DeleteLogGroup', here('logs', 'log-group:/aws/lambda/clusterdrop-reconcile')),
    can('ec2:DescribeInstances', '*'),
    cannot('ec2:DescribeInstances', '*', { 'aws:RequestedRegion': ELSEWHERE }),
    cannot(
      ['ec2:RunInstances', 'ec2:TerminateInstances', 'ec2:StopInstances'],
      here('ec2', 'instance/i-0123456789abcdef0'),
      tagged,
    ),
    cannot(
      ['lambda:UpdateFunctionCode', 'lambda:UpdateFunctionConfiguration', 'lambda:InvokeFunction'],
      here('lambda', 'function:clusterdrop-reconcile'),
    ),
    cannot(['events:PutRule', 'events:DisableRule'], here('events', 'rule/clusterdrop-drops')),
    cannot(
      'autoscaling:SetDesiredCapacity',
      here('autoscaling', 'autoScalingGroup:0a1b:autoScalingGroupName/x'),
      tagged,
    ),
  ],
});
