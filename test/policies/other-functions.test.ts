import { describe } from 'vitest';
import { EXECUTION_ROLE, ID } from '../infra/deployed.ts';
import { admin, bucket, ELSEWHERE, here, home, stack } from './arns.ts';
import { can, cannot, rightsOf } from './rights.ts';

const OURS = stack('clusterdrop-alice-mycluster-0123456789abcdef');
const wholly = {
  'aws:ResourceTag/clusterdrop:installation': ID,
  'aws:RequestTag/clusterdrop:installation': ID,
  'cloudformation:RoleArn': EXECUTION_ROLE,
};

describe('sweep', () => {
  rightsOf('sweep', {
    'looks everywhere': [
      can(['s3:ListBucket', 's3:ListBucketVersions'], [bucket(), bucket('the-admin-bucket')]),
      can('s3:GetObject', [
        home('alice/x.cf-create'),
        admin('ledger/alice.json'),
        admin('installation.json'),
        admin('reports/0123.json'),
      ]),
      can('cloudformation:DescribeStacks', [OURS, '*']),
      can('sqs:SendMessage', here('sqs', 'clusterdrop-nudges')),
      can('logs:PutLogEvents', here('logs', 'log-group:/aws/lambda/clusterdrop-sweep:log-stream:2026')),
    ],
    'and changes nothing': [
      cannot(
        ['s3:PutObject', 's3:DeleteObject', 's3:DeleteObjectVersion'],
        [home('alice/x.cf-create'), admin('ledger/alice.json'), admin('installation.json')],
      ),
      cannot(
        ['cloudformation:CreateStack', 'cloudformation:UpdateStack', 'cloudformation:DeleteStack'],
        OURS,
        wholly,
      ),
      cannot('cloudformation:DescribeStacks', '*', { 'aws:RequestedRegion': ELSEWHERE }),
      cannot('iam:PassRole', EXECUTION_ROLE, { 'iam:PassedToService': 'cloudformation.amazonaws.com' }),
      cannot(
        ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:PurgeQueue'],
        here('sqs', 'clusterdrop-nudges'),
      ),
      cannot('sqs:SendMessage', here('sqs', 'clusterdrop-dead-letters')),
      cannot('ses:SendEmail', here('ses', 'identity/clusterdrop@example.org'), {
        'ses:FromAddress': 'clusterdrop@example.org',
      }),
      cannot('s3:GetObject', admin('code/0a1b.zip')),
      cannot('ec2:TerminateInstances', here('ec2', 'instance/i-0123456789abcdef0'), wholly),
    ],
  });
});

describe('prices', () => {
  rightsOf('prices', {
    'keeps the price list': [
      can('pricing:GetProducts', '*'),
      can('s3:ListBucket', bucket('the-admin-bucket')),
      can(['s3:GetObject', 's3:PutObject'], admin('prices/eu-west-2.json')),
      can('s3:GetObject', admin('installation.json')),
    ],
    'and does nothing else': [
      cannot(
        ['s3:GetObject', 's3:PutObject'],
        [admin('ledger/alice.json'), admin('limits/alice.json'), home('alice/x')],
      ),
      cannot('s3:PutObject', [admin('installation.json'), admin('code/0a1b.zip')]),
      cannot('s3:DeleteObject', admin('prices/eu-west-2.json')),
      cannot('cloudformation:DescribeStacks', ['*', OURS]),
      cannot('cloudformation:CreateStack', OURS, wholly),
      cannot('iam:PassRole', EXECUTION_ROLE, { 'iam:PassedToService': 'cloudformation.amazonaws.com' }),
      cannot('sqs:SendMessage', here('sqs', 'clusterdrop-nudges')),
    ],
  });
});

describe('forwarding of events', () => {
  rightsOf('forward', {
    'from one region to another': [
      can('events:PutEvents', here('events', 'event-bus/default')),
      cannot('events:PutEvents', here('events', 'event-bus/default', ELSEWHERE)),
      cannot(['events:PutRule', 'events:RemoveTargets'], here('events', 'rule/clusterdrop-drops')),
      cannot('sqs:SendMessage', here('sqs', 'clusterdrop-nudges')),
      cannot('s3:GetObject', home('alice/x')),
    ],
  });
});
