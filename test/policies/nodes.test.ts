import { ID } from '../infra/deployed.ts';
import { admin, bucket, CLUSTER_ROLE, CONTROL_ROLES, ELSEWHERE, here, home, iam, stack } from './arns.ts';
import { can, cannot, rightsOf } from './rights.ts';

const GROUP = here(
  'autoscaling',
  'autoScalingGroup:0a1b:autoScalingGroupName/clusterdrop-alice-x-0123-Nodes-1',
);
const ours = { 'aws:ResourceTag/clusterdrop:installation': ID };

/** The node's own role allows everything here: what is refused, the boundary refuses. */
rightsOf('node', {
  'its work': [
    can(['s3:GetObject', 's3:PutObject'], home('alice/mycluster.files/results.csv')),
    can('s3:PutObject', home('alice/project/mycluster.files/deep/er.csv')),
    can('s3:GetObject', home('alice/authorized_keys')),
    can('s3:ListBucket', bucket(), { 's3:prefix': 'home/alice/mycluster.files/' }),
    can('s3:PutObject', admin('reports/0123.json')),
    can('s3:GetObject', [admin('customizer/all/manifest.txt'), admin('blueprints/slurm/0a1b/node/boot.sh')]),
    can('s3:ListBucket', bucket('the-admin-bucket'), { 's3:prefix': 'customizer/all/' }),
    can(['autoscaling:SetDesiredCapacity', 'autoscaling:TerminateInstanceInAutoScalingGroup'], GROUP, ours),
    can(['ec2:DescribeInstances', 'autoscaling:DescribeScalingActivities'], '*'),
  ],
  'drops and replies': [
    cannot('s3:PutObject', [home('alice/other.cf-create'), home('alice/mycluster.cf-delete')]),
    cannot('s3:PutObject', [
      home('alice/mycluster.cf-created'),
      home('bob/x.cf-create'),
      home('alice/authorized_keys'),
    ]),
    cannot('s3:PutObject', [home('a.files/x.cf-create'), `${bucket()}/x.files/y`]),
    cannot(
      ['s3:DeleteObject', 's3:DeleteObjectVersion', 's3:PutObjectAcl'],
      home('alice/mycluster.files/results.csv'),
    ),
  ],
  'what is not its business': [
    cannot('s3:PutObject', [
      admin('ledger/alice.json'),
      admin('limits/alice.json'),
      admin('customizer/alice/manifest.txt'),
    ]),
    cannot('s3:PutObject', [
      admin('blueprints/slurm/0a1b/template.yaml'),
      admin('code/0a1b.zip'),
      admin('installation.json'),
    ]),
    cannot('s3:GetObject', [
      admin('ledger/alice.json'),
      admin('limits/alice.json'),
      admin('reports/0123.json'),
    ]),
    cannot('s3:ListBucket', bucket('the-admin-bucket'), { 's3:prefix': 'ledger/' }),
    cannot('s3:ListBucket', bucket('the-admin-bucket')),
    cannot('s3:GetObject', [
      home('alice/x', 'somebody-elses-bucket'),
      'arn:aws:s3:::somebody-elses-bucket/x',
    ]),
    cannot('autoscaling:SetDesiredCapacity', GROUP, {
      'aws:ResourceTag/clusterdrop:installation': 'another',
    }),
    cannot('autoscaling:SetDesiredCapacity', GROUP),
    cannot(['autoscaling:UpdateAutoScalingGroup', 'autoscaling:DeleteAutoScalingGroup'], GROUP, ours),
    cannot('ec2:DescribeInstances', '*', { 'aws:RequestedRegion': ELSEWHERE }),
    cannot(
      ['ec2:RunInstances', 'ec2:TerminateInstances', 'ec2:CreateTags'],
      here('ec2', 'instance/i-0123456789abcdef0'),
      ours,
    ),
    cannot(['iam:PassRole', 'sts:AssumeRole'], [CLUSTER_ROLE, ...CONTROL_ROLES]),
    cannot(['iam:CreateUser', 'iam:CreateAccessKey'], iam('user/alice')),
    cannot('iam:PutRolePolicy', CLUSTER_ROLE),
    cannot(['cloudformation:CreateStack', 'cloudformation:DeleteStack'], stack('clusterdrop-alice-x-0123')),
    cannot(['sqs:SendMessage', 'sqs:ReceiveMessage'], here('sqs', 'clusterdrop-nudges')),
    cannot('lambda:InvokeFunction', here('lambda', 'function:clusterdrop-reconcile')),
    cannot('ssm:GetParameter', here('ssm', 'parameter/secret')),
  ],
});
