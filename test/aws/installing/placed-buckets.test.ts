import { describe, expect, test } from 'vitest';
import type { BucketHere, BucketSight } from '../../../src/aws/installing/bucket-sight.ts';
import type { ControlStack } from '../../../src/aws/installing/control-stack.ts';
import type { DeploymentRecord } from '../../../src/aws/installing/deployment-record.ts';
import { type GivenBuckets, placeBuckets } from '../../../src/aws/installing/placed-buckets.ts';

const place = {
  name: 'hpc',
  account: '123456789012',
  region: 'eu-west-2',
  partition: 'aws',
  caller: 'arn:aws:iam::123456789012:user/admin',
};
const USERS = 'hpc-users-123456789012-eu-west-2';
const ADMIN = 'hpc-admin-123456789012-eu-west-2';
const here = (tags: Readonly<Record<string, string>> = {}): BucketHere => ({
  kind: 'here',
  isVersioned: true,
  notifications: {},
  tags,
  isPrivate: true,
  endsOldVersions: true,
});
const TAG = 'clusterdrop:administrator-bucket';

function baseWith(parameters: Readonly<Record<string, string>>): ControlStack {
  const of = {
    part: 'base',
    name: 'control-hpc-base',
    region: 'eu-west-2',
    id: 'arn',
    status: 'CREATE_COMPLETE',
  };
  return { ...of, part: 'base', parameters, outputs: {}, template: {} };
}

const STANDS = baseWith({
  UsersBucketNames: USERS,
  OwnUsersBucketName: USERS,
  AdminBucketName: ADMIN,
  MakeAdminBucket: 'yes',
});
const BEFORE: DeploymentRecord = {
  choices: {},
  buckets: { users: ['mine', 'theirs'], admin: ADMIN, own: ['mine', ADMIN] },
  restore: {},
  uploaded: [],
};

interface Case {
  readonly given?: Partial<GivenBuckets>;
  readonly sights?: Readonly<Record<string, BucketSight>>;
  readonly base?: ControlStack;
  readonly record?: DeploymentRecord;
}

function placed({ given, sights = {}, base, record }: Case): string[] {
  const found = placeBuckets(
    { existing: [], ...given },
    { place, base, record },
    new Map(Object.entries(sights)),
  );
  if ('problems' in found) return found.problems.map(({ code }) => code);
  return [...found.users, found.admin].map(({ name, origin }) => `${name} ${origin}`);
}

describe('what each bucket is to an installation', () => {
  test.each<[string, Case, string[]]>([
    ['nothing is there', {}, [`${USERS} made`, `${ADMIN} made`]],
    ['names of their own', { given: { bucket: 'data', adminBucket: 'books' } }, ['data made', 'books made']],
    [
      'only existing ones: none is made for users',
      { given: { existing: ['one', 'two'] }, sights: { one: here(), two: here() } },
      ['one existing', 'two existing', `${ADMIN} made`],
    ],
    [
      'one to be made beside an existing one, each named once',
      { given: { bucket: 'data', existing: ['one', 'one'] }, sights: { one: here() } },
      ['data made', 'one existing', `${ADMIN} made`],
    ],
    [
      "an existing administrator's bucket",
      { given: { existingAdminBucket: 'books' }, sights: { books: here() } },
      [`${USERS} made`, 'books existing'],
    ],
    [
      'kept by an earlier installation, or left by a creation that failed',
      { sights: { [USERS]: here(), [ADMIN]: here() } },
      [`${USERS} kept`, `${ADMIN} kept`],
    ],
    [
      'what the record of an earlier installation says',
      { record: BEFORE, sights: { mine: here(), theirs: here(), [ADMIN]: here() } },
      ['mine kept', 'theirs existing', `${ADMIN} kept`],
    ],
    [
      'one of ours that is gone since is made again',
      { record: BEFORE, sights: { theirs: here(), [ADMIN]: here() } },
      ['mine made', 'theirs existing', `${ADMIN} kept`],
    ],
    [
      'what stands is left as it is, and more are added',
      {
        base: STANDS,
        given: { existing: ['more'] },
        sights: { [USERS]: here({ [TAG]: ADMIN }), [ADMIN]: here(), more: here() },
      },
      [`${USERS} made`, 'more existing', `${ADMIN} made`],
    ],
  ])('%s', (_, given, expected) => {
    expect(placed(given)).toEqual(expected);
  });
});

describe('what cannot be', () => {
  const stands = { base: STANDS, sights: { [USERS]: here(), [ADMIN]: here() } };
  test.each<[string, Case, string[]]>([
    [
      'a new name that is taken already',
      { given: { bucket: 'data' }, sights: { data: here() } },
      ['bucket-exists'],
    ],
    ['an existing one that is not there', { given: { existing: ['one'] } }, ['bucket-missing']],
    [
      "another account's",
      { given: { bucket: 'data' }, sights: { data: { kind: 'foreign' } } },
      ['bucket-of-others'],
    ],
    [
      'in another region',
      { given: { existing: ['one'] }, sights: { one: { kind: 'elsewhere', region: 'us-east-1' } } },
      ['bucket-elsewhere'],
    ],
    [
      "another installation's",
      { given: { existing: ['one'] }, sights: { one: here({ [TAG]: 'other-admin' }) } },
      ['bucket-taken'],
    ],
    ['a stack without its bucket', { base: STANDS, sights: { [USERS]: here() } }, ['bucket-missing']],
    ['another first bucket', { ...stands, given: { bucket: 'data' } }, ['bucket-missing', 'fixed-choice']],
    ["another administrator's bucket", { ...stands, given: { adminBucket: 'books' } }, ['fixed-choice']],
    ['one bucket for both', { given: { bucket: 'data', adminBucket: 'data' } }, ['bad-option']],
    [
      'more than the templates provide for',
      {
        given: { existing: ['a1', 'a2', 'a3', 'a4', 'a5', 'a6'] },
        sights: Object.fromEntries(['a1', 'a2', 'a3', 'a4', 'a5', 'a6'].map((name) => [name, here()])),
      },
      ['bad-option'],
    ],
  ])('%s', (_, given, expected) => {
    expect(placed(given)).toEqual(expected);
  });
});
