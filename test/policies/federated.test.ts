import { USERS_BUCKETS } from '../infra/deployed.ts';
import { admin, bucket, here, home, stack } from './arns.ts';
import { can, cannot, rightsOf } from './rights.ts';

const OBJECT = ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'];
const TAG = 'aws:PrincipalTag/clusterdrop-user';
const alice = { [TAG]: 'alice' };

rightsOf('federated', {
  'with the tag alice': [
    can(OBJECT, [home('alice/mycluster.cf-create'), home('alice/x', USERS_BUCKETS[1])], alice),
    can(['s3:ListBucket', 's3:ListBucketVersions'], bucket(), { ...alice, 's3:prefix': 'home/alice/' }),
    can('s3:ListAllMyBuckets', '*', alice),
    can('s3:GetBucketLocation', bucket(), alice),
    can('s3:ListBucket', bucket(), { ...alice, 's3:prefix': '', 's3:delimiter': '/' }),
    can('s3:ListBucket', bucket(), { ...alice, 's3:prefix': 'home/', 's3:delimiter': '/' }),
    cannot(
      OBJECT,
      [home('bob/x'), home('alice2/x'), home('Alice/x'), home('alice'), admin('ledger/alice.json')],
      alice,
    ),
    cannot('s3:ListBucket', bucket(), { ...alice, 's3:prefix': 'home/alice' }),
    cannot('s3:ListBucket', bucket(), { ...alice, 's3:prefix': 'home/bob/' }),
    cannot('s3:ListBucket', bucket(), alice),
    cannot(['s3:DeleteObjectVersion', 's3:PutObjectAcl'], home('alice/x'), alice),
    cannot(['s3:PutBucketPolicy', 's3:PutBucketVersioning'], bucket(), alice),
    cannot('cloudformation:DeleteStack', stack('clusterdrop-alice-x-0123'), alice),
    cannot('sqs:SendMessage', here('sqs', 'clusterdrop-nudges'), alice),
    cannot('s3:GetObject', home('alice/x'), { ...alice, 'aws:SecureTransport': 'false' }),
  ],
  'with another tag': [
    cannot(OBJECT, home('alice/x'), { [TAG]: 'bob' }),
    cannot(OBJECT, home('alice/x'), { 'aws:PrincipalTag/user': 'alice' }),
    cannot(OBJECT, home('alice/x'), { 'aws:RequestTag/clusterdrop-user': 'alice' }),
    can(OBJECT, home('bob@example.org/x'), { [TAG]: 'bob@example.org' }),
  ],
  'with none, or an empty one: nothing at all': [
    cannot(OBJECT, [home('alice/x'), home('/x'), home('x'), home(`\${${TAG}}/x`)]),
    cannot(OBJECT, [home('alice/x'), home('/x'), home('x')], { [TAG]: '' }),
    cannot('s3:ListAllMyBuckets', '*'),
    cannot('s3:ListAllMyBuckets', '*', { [TAG]: '' }),
    cannot('s3:GetBucketLocation', bucket()),
    cannot('s3:ListBucket', bucket(), { 's3:prefix': '', 's3:delimiter': '/' }),
    cannot('s3:ListBucket', bucket(), { [TAG]: '', 's3:prefix': 'home/', 's3:delimiter': '/' }),
    cannot('s3:ListBucket', bucket(), { [TAG]: '', 's3:prefix': 'home//' }),
    cannot(OBJECT, home('alice/x'), { 'aws:username': 'alice' }),
  ],
  'with one that would mean more than a folder': [
    '*',
    '?',
    'al*',
    'alic?',
    '*/',
    'alice/',
    '/',
    'alice/project',
  ].flatMap((value) => [
    cannot(OBJECT, [home('alice/x'), home('alice/project/x'), home('bob/x')], { [TAG]: value }),
    cannot('s3:ListBucket', bucket(), { [TAG]: value, 's3:prefix': 'home/alice/' }),
    cannot('s3:ListAllMyBuckets', '*', { [TAG]: value }),
  ]),
});
