import { BOUNDARY, EXECUTION_ROLE, ID } from '../infra/deployed.ts';
import {
  admin,
  bucket,
  CLUSTER_PROFILE,
  CLUSTER_ROLE,
  CONTROL_ROLES,
  ELSEWHERE,
  here,
  home,
  iam,
  stack,
} from './arns.ts';
import { can, cannot, rightsOf } from './rights.ts';

const ours = { 'aws:ResourceTag/clusterdrop:installation': ID };
const foreign = { 'aws:ResourceTag/clusterdrop:installation': 'another' };
const bounded = { 'iam:PermissionsBoundary': BOUNDARY };
const INSTANCE = here('ec2', 'instance/i-0123456789abcdef0');
const VOLUME = here('ec2', 'volume/vol-0123456789abcdef0');
const SECURITY_GROUP = here('ec2', 'security-group/sg-0123456789abcdef0');
const INTERFACE = here('ec2', 'network-interface/eni-0123456789abcdef0');
const TEMPLATE = here('ec2', 'launch-template/lt-0123456789abcdef0');
const GROUP = here(
  'autoscaling',
  'autoScalingGroup:0a1b:autoScalingGroupName/clusterdrop-alice-x-0123-Nodes-1',
);
const POLICIES = ['boundary', 'users', 'federated-users'].map((name) =>
  iam(`policy/clusterdrop/clusterdrop/control/clusterdrop-${name}`),
);
const WRITE_ROLE = [
  'iam:PutRolePolicy',
  'iam:DeleteRolePolicy',
  'iam:AttachRolePolicy',
  'iam:DetachRolePolicy',
  'iam:UpdateAssumeRolePolicy',
];

rightsOf('execution', {
  'what a cluster is made of': [
    can('ec2:RunInstances', [
      INSTANCE,
      VOLUME,
      SECURITY_GROUP,
      INTERFACE,
      TEMPLATE,
      here('ec2', 'subnet/subnet-0123456789abcdef0'),
    ]),
    can('ec2:RunInstances', [
      'arn:aws:ec2:eu-west-2::image/ami-0123456789abcdef0',
      here('ec2', 'key-pair/alice'),
    ]),
    can('ec2:CreateVolume', VOLUME),
    can('ec2:CreateSecurityGroup', [SECURITY_GROUP, here('ec2', 'vpc/vpc-0123456789abcdef0')]),
    can('ec2:CreateNetworkInterface', [INTERFACE, SECURITY_GROUP]),
    can(
      ['ec2:CreateLaunchTemplate', 'ec2:CreateLaunchTemplateVersion', 'ec2:DeleteLaunchTemplate'],
      TEMPLATE,
    ),
    can('ec2:CreateTags', [INSTANCE, VOLUME], { 'ec2:CreateAction': 'RunInstances' }),
    can('ec2:CreateTags', SECURITY_GROUP, { 'ec2:CreateAction': 'CreateSecurityGroup' }),
    can(
      ['ec2:AuthorizeSecurityGroupIngress', 'ec2:RevokeSecurityGroupEgress', 'ec2:DeleteSecurityGroup'],
      SECURITY_GROUP,
      ours,
    ),
    can(['ec2:TerminateInstances', 'ec2:ModifyInstanceAttribute', 'ec2:AttachVolume'], INSTANCE, ours),
    can(['ec2:AttachVolume', 'ec2:DetachVolume', 'ec2:DeleteVolume', 'ec2:ModifyVolume'], VOLUME, ours),
    can(['ec2:DescribeInstances', 'ec2:DescribeSubnets', 'autoscaling:DescribeAutoScalingGroups'], '*'),
    can(
      [
        'autoscaling:CreateAutoScalingGroup',
        'autoscaling:UpdateAutoScalingGroup',
        'autoscaling:DeleteAutoScalingGroup',
      ],
      GROUP,
    ),
    can('iam:CreateRole', CLUSTER_ROLE, bounded),
    can(WRITE_ROLE, CLUSTER_ROLE, bounded),
    can(['iam:GetRole', 'iam:DeleteRole', 'iam:TagRole'], CLUSTER_ROLE),
    can(
      ['iam:CreateInstanceProfile', 'iam:AddRoleToInstanceProfile', 'iam:DeleteInstanceProfile'],
      CLUSTER_PROFILE,
    ),
    can('iam:PassRole', CLUSTER_ROLE, { 'iam:PassedToService': 'ec2.amazonaws.com' }),
    can(
      'iam:CreateServiceLinkedRole',
      iam('role/aws-service-role/spot.amazonaws.com/AWSServiceRoleForEC2Spot'),
      {
        'iam:AWSServiceName': 'spot.amazonaws.com',
      },
    ),
    can(
      'iam:CreateServiceLinkedRole',
      iam('role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling'),
      {
        'iam:AWSServiceName': 'autoscaling.amazonaws.com',
      },
    ),
  ],
  "what is somebody else's": [
    cannot(
      ['ec2:TerminateInstances', 'ec2:StopInstances', 'ec2:ModifyInstanceAttribute', 'ec2:AttachVolume'],
      INSTANCE,
      foreign,
    ),
    cannot(['ec2:TerminateInstances', 'ec2:AssociateIamInstanceProfile'], INSTANCE),
    cannot(['ec2:AttachVolume', 'ec2:DeleteVolume'], VOLUME, foreign),
    cannot(['ec2:AuthorizeSecurityGroupIngress', 'ec2:DeleteSecurityGroup'], SECURITY_GROUP),
    cannot(['ec2:ModifyNetworkInterfaceAttribute', 'ec2:DeleteNetworkInterface'], INTERFACE, foreign),
    cannot('ec2:CreateTags', [INSTANCE, VOLUME, SECURITY_GROUP]),
    cannot('ec2:CreateTags', INSTANCE, foreign),
    cannot('ec2:CreateTags', VOLUME, { 'ec2:CreateAction': 'CreateSnapshot' }),
    cannot('ec2:RunInstances', [
      'arn:aws:ec2:eu-west-2::snapshot/snap-0123456789abcdef0',
      here('ec2', 'instance/i-0', ELSEWHERE),
    ]),
    cannot('ec2:CreateVolume', 'arn:aws:ec2:eu-west-2::snapshot/snap-0123456789abcdef0'),
    cannot('ec2:CreateSnapshot', VOLUME, ours),
    cannot(['ec2:DeleteVpc', 'ec2:ModifyVpcAttribute'], here('ec2', 'vpc/vpc-0123456789abcdef0'), ours),
    cannot(
      ['ec2:DeleteSubnet', 'ec2:ModifySubnetAttribute'],
      here('ec2', 'subnet/subnet-0123456789abcdef0'),
      ours,
    ),
    cannot(['ec2:CreateRoute', 'ec2:DeleteRoute'], here('ec2', 'route-table/rtb-0123456789abcdef0'), ours),
    cannot('ec2:DescribeInstances', '*', { 'aws:RequestedRegion': ELSEWHERE }),
    cannot(
      ['autoscaling:UpdateAutoScalingGroup', 'autoscaling:DeleteAutoScalingGroup'],
      here('autoscaling', 'autoScalingGroup:0a1b:autoScalingGroupName/production'),
      ours,
    ),
    cannot(
      'autoscaling:CreateAutoScalingGroup',
      here('autoscaling', 'autoScalingGroup:0:autoScalingGroupName/clusterdrop-x', ELSEWHERE),
    ),
    cannot('ssm:GetParameter', [
      here('ssm', 'parameter/database-password'),
      here('ssm', 'parameter/aws/service/x'),
    ]),
  ],
  'roles that would be more than a cluster may be': [
    cannot('iam:CreateRole', CLUSTER_ROLE),
    cannot('iam:CreateRole', CLUSTER_ROLE, {
      'iam:PermissionsBoundary': 'arn:aws:iam::aws:policy/AdministratorAccess',
    }),
    cannot('iam:CreateRole', CLUSTER_ROLE, { 'iam:PermissionsBoundary': iam('policy/clusterdrop-boundary') }),
    cannot(
      'iam:CreateRole',
      [iam('role/Admin'), iam('role/clusterdrop/Admin'), iam('role/clusterdrop/other/clusters/x')],
      bounded,
    ),
    cannot('iam:CreateRole', [iam('role/clusterdrop/clusterdrop/control/x'), ...CONTROL_ROLES], bounded),
    cannot(WRITE_ROLE, CLUSTER_ROLE),
    cannot(WRITE_ROLE, CLUSTER_ROLE, {
      'iam:PermissionsBoundary': 'arn:aws:iam::aws:policy/AdministratorAccess',
    }),
    cannot('iam:PutRolePermissionsBoundary', CLUSTER_ROLE, {
      'iam:PermissionsBoundary': 'arn:aws:iam::aws:policy/AdministratorAccess',
    }),
    cannot('iam:DeleteRolePermissionsBoundary', [CLUSTER_ROLE, ...CONTROL_ROLES], bounded),
    cannot(
      ['iam:CreateInstanceProfile', 'iam:AddRoleToInstanceProfile'],
      [iam('instance-profile/Admin'), iam('instance-profile/clusterdrop/clusterdrop/control/x')],
    ),
    cannot('iam:PassRole', CLUSTER_ROLE),
    cannot('iam:PassRole', CLUSTER_ROLE, { 'iam:PassedToService': 'lambda.amazonaws.com' }),
    cannot('iam:PassRole', [iam('role/Admin'), ...CONTROL_ROLES], {
      'iam:PassedToService': 'ec2.amazonaws.com',
    }),
    cannot(
      'iam:CreateServiceLinkedRole',
      iam('role/aws-service-role/lex.amazonaws.com/AWSServiceRoleForLexBots'),
      {
        'iam:AWSServiceName': 'lex.amazonaws.com',
      },
    ),
  ],
  'itself, the boundary, the other roles of the installation': [
    cannot(WRITE_ROLE, CONTROL_ROLES, bounded),
    cannot(['iam:DeleteRole', 'iam:UpdateRole', 'iam:TagRole', 'sts:AssumeRole'], CONTROL_ROLES),
    cannot(
      [
        'iam:CreatePolicyVersion',
        'iam:SetDefaultPolicyVersion',
        'iam:DeletePolicyVersion',
        'iam:DeletePolicy',
      ],
      POLICIES,
    ),
    cannot('iam:CreatePolicy', iam('policy/clusterdrop/clusterdrop/clusters/x')),
    cannot(
      ['iam:AddUserToGroup', 'iam:AttachGroupPolicy'],
      iam('group/clusterdrop/clusterdrop/control/clusterdrop-users'),
    ),
    cannot(['iam:PutRolePermissionsBoundary'], EXECUTION_ROLE, bounded),
  ],
  people: [
    cannot(
      ['iam:CreateUser', 'iam:CreateAccessKey', 'iam:CreateLoginProfile', 'iam:AttachUserPolicy'],
      iam('user/alice'),
    ),
    cannot('iam:CreateOpenIDConnectProvider', iam('oidc-provider/example.org')),
  ],
  'the control plane': [
    cannot(
      ['cloudformation:CreateStack', 'cloudformation:UpdateStack', 'cloudformation:DeleteStack'],
      [stack('control-clusterdrop-engine'), stack('clusterdrop-alice-x-0123')],
      { ...ours, 'cloudformation:RoleArn': EXECUTION_ROLE },
    ),
    cannot(
      ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'],
      [home('alice/x.cf-create'), admin('ledger/alice.json'), admin('code/0a1b.zip')],
    ),
    cannot(
      ['s3:PutBucketPolicy', 's3:DeleteBucket', 's3:ListBucket', 's3:PutBucketNotification'],
      [bucket(), bucket('the-admin-bucket')],
    ),
    cannot('s3:CreateBucket', bucket('another')),
    cannot(
      ['lambda:CreateFunction', 'lambda:UpdateFunctionCode', 'lambda:InvokeFunction'],
      here('lambda', 'function:clusterdrop-reconcile'),
    ),
    cannot(
      ['sqs:SendMessage', 'sqs:PurgeQueue', 'sqs:DeleteQueue', 'sqs:SetQueueAttributes'],
      here('sqs', 'clusterdrop-nudges'),
    ),
    cannot(
      ['events:PutRule', 'events:PutTargets', 'events:DeleteRule'],
      here('events', 'rule/clusterdrop-drops'),
    ),
    cannot(['sns:Publish', 'sns:DeleteTopic'], here('sns', 'clusterdrop-alarms')),
    cannot('ses:SendEmail', here('ses', 'identity/clusterdrop@example.org'), {
      'ses:FromAddress': 'clusterdrop@example.org',
    }),
    cannot('logs:DeleteLogGroup', here('logs', 'log-group:/aws/lambda/clusterdrop-reconcile')),
  ],
});
