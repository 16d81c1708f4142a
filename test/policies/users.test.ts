import { USERS_BUCKETS } from '../infra/deployed.ts';
import { admin, bucket, CONTROL_ROLES, here, home, iam, stack } from './arns.ts';
import { can, cannot, rightsOf } from './rights.ts';

const OBJECT = ['s3:GetObject', 's3:PutObject', 's3:DeleteObject', 's3:GetObjectVersion'];
const READ_AND_WRITE = ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'];
const LISTING = ['s3:ListBucket', 's3:ListBucketVersions'];

rightsOf('user', {
  'alice in her own folder': [
    can(OBJECT, [home('alice/mycluster.cf-create'), home('alice/project/deep/er.cf-delete')]),
    can(OBJECT, home('alice/mycluster.cf-create', USERS_BUCKETS[1])),
    can(READ_AND_WRITE, [home('alice/mycluster.files/results.csv'), home('alice/authorized_keys')]),
    can('s3:AbortMultipartUpload', home('alice/mycluster.files/large.tar')),
    can(LISTING, [bucket(), bucket(USERS_BUCKETS[1])], { 's3:prefix': 'home/alice/' }),
    can(LISTING, bucket(), { 's3:prefix': 'home/alice/project/', 's3:delimiter': '/' }),
    can('s3:ListBucket', bucket(), { 's3:prefix': 'home/alice/mycluster.cf-' }),
  ],
  'what the S3 console needs to click down to it': [
    can('s3:ListAllMyBuckets', '*'),
    can(['s3:GetBucketLocation', 's3:GetBucketVersioning'], [bucket(), bucket(USERS_BUCKETS[1])]),
    can('s3:ListBucket', bucket(), { 's3:prefix': '', 's3:delimiter': '/' }),
    can('s3:ListBucket', bucket(), { 's3:prefix': 'home/', 's3:delimiter': '/' }),
  ],
  'and not a step more': [
    cannot('s3:ListBucket', bucket()),
    cannot('s3:ListBucket', bucket(), { 's3:delimiter': '/' }),
    cannot('s3:ListBucket', bucket(), { 's3:prefix': '' }),
    cannot('s3:ListBucket', bucket(), { 's3:prefix': 'home/' }),
    cannot('s3:ListBucket', bucket(), { 's3:prefix': 'home', 's3:delimiter': '/' }),
    cannot('s3:ListBucket', bucket(), { 's3:prefix': 'home/', 's3:delimiter': 'x' }),
    cannot('s3:ListBucketVersions', bucket(), { 's3:prefix': '', 's3:delimiter': '/' }),
    cannot('s3:ListBucketVersions', bucket(), { 's3:prefix': 'home/', 's3:delimiter': '/' }),
    cannot('s3:ListBucketMultipartUploads', bucket(), { 's3:prefix': 'home/alice/' }),
  ],
  "other people's folders": [
    cannot(OBJECT, [home('bob/mycluster.cf-create'), home('bob/mycluster.cf-created')]),
    cannot(READ_AND_WRITE, [home('alice2/mycluster.cf-create'), home('alic/mycluster.cf-create')]),
    cannot(READ_AND_WRITE, [home('Alice/mycluster.cf-create'), home('ALICE/mycluster.cf-create')]),
    cannot(READ_AND_WRITE, [home('bob/alice/mycluster.cf-create'), home('bob/home/alice/x')]),
    cannot(LISTING, bucket(), { 's3:prefix': 'home/bob/' }),
    cannot(LISTING, bucket(), { 's3:prefix': 'home/alice' }),
    cannot(LISTING, bucket(), { 's3:prefix': 'home/alice2/' }),
    cannot(LISTING, bucket(), { 's3:prefix': 'home/Alice/' }),
    cannot(LISTING, bucket(), { 's3:prefix': 'home/a' }),
    cannot('s3:ListBucket', bucket(), { 's3:prefix': 'home/bob/', 's3:delimiter': '/' }),
  ],
  'beside the folders': [
    cannot(READ_AND_WRITE, [home('alice'), home('alice.cf-create'), home('x.cf-create')]),
    cannot(READ_AND_WRITE, [`${bucket()}/alice/x`, `${bucket()}/x`, `${bucket()}/Home/alice/x`]),
    cannot(READ_AND_WRITE, [home('alice/x', 'users-three'), home('alice/x', 'users')]),
    cannot('s3:ListBucket', bucket('users-three'), { 's3:prefix': 'home/alice/' }),
    cannot(['s3:GetBucketLocation'], bucket('users-three')),
    cannot('s3:CreateBucket', bucket('users-three')),
  ],
  "the administrator's bucket": [
    cannot(READ_AND_WRITE, [
      admin('installation.json'),
      admin('ledger/alice.json'),
      admin('limits/alice.json'),
    ]),
    cannot(READ_AND_WRITE, [admin('customizer/alice/manifest.txt'), admin('home/alice/x')]),
    cannot('s3:ListBucket', bucket('the-admin-bucket'), { 's3:prefix': '', 's3:delimiter': '/' }),
    cannot('s3:ListBucket', bucket('the-admin-bucket'), { 's3:prefix': 'home/alice/' }),
  ],
  'what would outlast a mistake': [
    cannot('s3:DeleteObjectVersion', home('alice/mycluster.cf-create')),
    cannot(
      ['s3:PutObjectAcl', 's3:GetObjectAcl', 's3:PutObjectVersionAcl'],
      home('alice/mycluster.cf-create'),
    ),
    cannot(['s3:PutObjectTagging', 's3:PutObjectRetention', 's3:RestoreObject'], home('alice/x')),
    cannot(['s3:BypassGovernanceRetention', 's3:PutObjectLegalHold'], home('alice/x')),
    cannot(
      [
        's3:PutBucketPolicy',
        's3:GetBucketPolicy',
        's3:DeleteBucketPolicy',
        's3:PutBucketAcl',
        's3:PutBucketVersioning',
        's3:PutBucketNotification',
        's3:PutLifecycleConfiguration',
        's3:PutBucketPublicAccessBlock',
        's3:PutEncryptionConfiguration',
        's3:PutBucketTagging',
        's3:DeleteBucket',
      ],
      bucket(),
    ),
  ],
  'without TLS': [
    cannot(READ_AND_WRITE, home('alice/mycluster.cf-create'), { 'aws:SecureTransport': 'false' }),
    cannot('s3:ListBucket', bucket(), { 's3:prefix': 'home/alice/', 'aws:SecureTransport': 'false' }),
  ],
  'somebody of another name': [
    can(READ_AND_WRITE, home('bob/x'), { 'aws:username': 'bob' }),
    cannot(READ_AND_WRITE, home('alice/x'), { 'aws:username': 'bob' }),
    can('s3:PutObject', home('a.b+c=d,e@f-g_h/x'), { 'aws:username': 'a.b+c=d,e@f-g_h' }),
    cannot(READ_AND_WRITE, [home('alice/x'), home('/x'), home('${aws:username}/x')], { 'aws:username': [] }),
  ],
  'the rest of the account': [
    cannot(['cloudformation:CreateStack', 'cloudformation:DeleteStack'], stack('clusterdrop-alice-x-0123')),
    cannot(
      ['cloudformation:DescribeStacks', 'cloudformation:UpdateStack'],
      stack('clusterdrop-alice-x-0123'),
    ),
    cannot(['ec2:RunInstances', 'ec2:TerminateInstances'], here('ec2', 'instance/i-0123456789abcdef0')),
    cannot('ec2:DescribeInstances', '*'),
    cannot(['iam:CreateAccessKey', 'iam:AttachUserPolicy', 'iam:PutUserPolicy'], iam('user/alice')),
    cannot('iam:AddUserToGroup', iam('group/clusterdrop/clusterdrop/control/clusterdrop-users')),
    cannot('iam:CreatePolicyVersion', iam('policy/clusterdrop/clusterdrop/control/clusterdrop-users')),
    cannot(['sts:AssumeRole', 'iam:PassRole'], CONTROL_ROLES),
    cannot(
      ['lambda:InvokeFunction', 'lambda:UpdateFunctionCode'],
      here('lambda', 'function:clusterdrop-reconcile'),
    ),
    cannot(['sqs:SendMessage', 'sqs:ReceiveMessage', 'sqs:PurgeQueue'], here('sqs', 'clusterdrop-nudges')),
    cannot('events:DisableRule', here('events', 'rule/clusterdrop-drops')),
    cannot('sns:Publish', here('sns', 'clusterdrop-alarms')),
    cannot('logs:GetLogEvents', here('logs', 'log-group:/aws/lambda/clusterdrop-reconcile:log-stream:x')),
    cannot('ses:SendEmail', here('ses', 'identity/clusterdrop@example.org')),
  ],
});
