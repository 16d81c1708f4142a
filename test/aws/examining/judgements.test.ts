import { describe, expect, test } from 'vitest';
import { judgeCode } from '../../../src/aws/examining/check-functions.ts';
import { judgeMailAccount, judgeSender, type MailAccount } from '../../../src/aws/examining/check-mail.ts';
import { judgeAlarms } from '../../../src/aws/examining/judge-alarms.ts';
import { judgeBucket } from '../../../src/aws/examining/judge-bucket.ts';
import { judgeControlStack } from '../../../src/aws/examining/judge-control-stack.ts';
import { judgeFunction, judgeMappings } from '../../../src/aws/examining/judge-function.ts';
import { judgeQueue } from '../../../src/aws/examining/judge-queue.ts';
import { judgeQuota } from '../../../src/aws/examining/judge-quota.ts';
import { judgeRules, judgeSchedule, type RuleFacts } from '../../../src/aws/examining/judge-rules.ts';
import { judgeZones } from '../../../src/aws/examining/judge-zones.ts';
import { vcpuDemand } from '../../../src/aws/examining/vcpu-demand.ts';
import { quotaOf } from '../../../src/aws/examining/vcpu-quotas.ts';
import type { Verdict } from '../../../src/core/finding.ts';
import { SECOND } from '../../../src/core/instant.ts';
import { DEFAULT_LIMITS } from '../../../src/core/limits.ts';
import { STATUS_WORDS } from '../../../src/core/stack-status.ts';
import { shippedCatalogue } from '../../../src/shipped/shipped-catalogue.ts';

const AGAIN = 'Put it back: clusterdrop admin deploy';
const said = (verdicts: readonly Verdict[]) => verdicts.map(({ level, what }) => `${level} ${what}`);

describe('a control stack', () => {
  const levelOf = (status?: string) =>
    judgeControlStack(
      { name: 'control-x-base', region: 'eu-west-2', ...(status !== undefined && { status }) },
      AGAIN,
    ).level;

  test('every status that CloudFormation knows, and one that it does not know yet', () => {
    const words = [...STATUS_WORDS, 'BRAND_NEW'];
    expect(words.filter((word) => levelOf(word) === 'ok')).toEqual([
      'CREATE_COMPLETE',
      'UPDATE_COMPLETE',
      'IMPORT_COMPLETE',
    ]);
    expect(words.filter((word) => levelOf(word) === 'warn')).toEqual(
      words.filter(
        (word) =>
          /(?:IN_PROGRESS|(?:UPDATE|IMPORT)_ROLLBACK_COMPLETE)$/.test(word) && word !== 'REVIEW_IN_PROGRESS',
      ),
    );
    expect(levelOf()).toBe('fail');
  });

  test('says what went wrong, and what to do', () => {
    const cause = { resource: 'Queue', reason: 'not authorized' };
    const facts = { name: 'control-x-engine', region: 'eu-west-2', status: 'ROLLBACK_COMPLETE', cause };
    expect(judgeControlStack(facts, AGAIN)).toEqual({
      level: 'fail',
      what: 'control-x-engine in eu-west-2 is in no good state (ROLLBACK_COMPLETE): Queue, not authorized',
      fix: 'Mend what is named there, then put it back: clusterdrop admin deploy',
    });
  });
});

describe('a bucket', () => {
  const needs = { bucket: 'b', region: 'eu-west-2', role: 'users', adminBucket: 'a', again: AGAIN } as const;
  const tls = {
    Statement: {
      Effect: 'Deny',
      Principal: '*',
      Action: 's3:*',
      Resource: ['arn:aws:s3:::b', 'arn:aws:s3:::b/*'],
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    },
  };
  const sound = {
    kind: 'here',
    isVersioned: true,
    notifications: { EventBridgeConfiguration: {} },
    tags: { 'clusterdrop:administrator-bucket': 'a' },
    policy: tls,
    isPrivate: true,
    endsOldVersions: true,
  } as const;

  test('that is sound', () => {
    expect(judgeBucket(sound, needs)).toEqual([]);
    const { tags: _, notifications: _2, ...admin } = sound;
    expect(judgeBucket({ ...admin, tags: {}, notifications: {} }, { ...needs, role: 'admin' })).toEqual([]);
  });

  test.each([
    [{ kind: 'absent' }, 'fail there is no bucket b'],
    [{ kind: 'foreign' }, 'fail b is not open to you, or belongs to another account'],
    [
      { kind: 'elsewhere', region: 'us-east-1' },
      'fail b lies in us-east-1, the queue and the functions in eu-west-2: no event reaches them',
    ],
    [
      { ...sound, tags: { 'clusterdrop:administrator-bucket': 'other' } },
      'fail b belongs to another installation, the one of other',
    ],
    [{ ...sound, endsOldVersions: false }, 'warn old versions in b are kept, and paid for, for ever'],
  ] as const)('%j', (sight, told) => {
    expect(said(judgeBucket(sight, needs))).toEqual([told]);
  });
});

describe('the queue', () => {
  const attributes = { VisibilityTimeout: '720', RedrivePolicy: '{}', ApproximateNumberOfMessages: '3' };
  test.each([
    [{ attributes, functionTimeout: 120 * SECOND }, ['ok about 3 waiting, 0 at work, 0 for later']],
    [{ attributes }, ['ok about 3 waiting, 0 at work, 0 for later']],
    [
      { attributes: { ...attributes, VisibilityTimeout: '719' }, functionTimeout: 120 * SECOND },
      [
        expect.stringContaining('fail a message comes again after 719 s'),
        expect.stringContaining('ok about'),
      ],
    ],
    [
      { attributes: { VisibilityTimeout: '720', ApproximateNumberOfMessages: '1000' } },
      [
        'warn a message that cannot be followed up is tried for days, and then lost',
        expect.stringContaining('warn about 1000 waiting'),
      ],
    ],
  ])('%j', (facts, told) => expect(said(judgeQueue(facts, AGAIN))).toEqual(told));
});

describe('rules', () => {
  const rule = (pattern: object, isEnabled = true): RuleFacts => ({
    name: 'r',
    region: 'eu-west-2',
    isEnabled,
    pattern: JSON.stringify(pattern),
  });
  const needs = {
    source: 'aws.s3',
    region: 'eu-west-2',
    target: 'the queue',
    buckets: ['a', 'b'],
    otherwise: 'late',
  } as const;
  const of = (...name: string[]) => ({ source: ['aws.s3'], detail: { bucket: { name } } });

  test.each([
    ['both buckets', [rule(of('a', 'b'))], []],
    ['a rule for each', [rule(of('a')), rule(of('b'))], []],
    ['every bucket', [rule({ source: ['aws.s3'] })], []],
    [
      'a pattern of another kind',
      [rule({ source: ['aws.s3'], detail: { bucket: { name: [{ prefix: 'x' }] } } })],
      [],
    ],
    ['one bucket only', [rule(of('a'))], ['fail no rule in eu-west-2 lets events of b through: late']],
    ['disabled', [rule(of('a', 'b'), false)], ['fail the rule r is disabled: late']],
    [
      'another source',
      [rule({ source: ['aws.ec2'] })],
      ['fail no rule in eu-west-2 hands events of aws.s3 to the queue: late'],
    ],
    [
      'no JSON at all',
      [{ ...rule({}), pattern: '<' }],
      ['fail no rule in eu-west-2 hands events of aws.s3 to the queue: late'],
    ],
  ])('%s', (_, rules, told) => expect(said(judgeRules(rules, needs, AGAIN))).toEqual(told));

  test('by the clock', () => {
    const schedule = { name: 'x-sweep', otherwise: 'no ends' };
    expect(said(judgeSchedule([], schedule, AGAIN))).toEqual(['fail nothing wakes x-sweep: no ends']);
    expect(judgeSchedule([rule({})], schedule, AGAIN)).toEqual([]);
    expect(said(judgeSchedule([rule({}, false)], schedule, AGAIN))).toEqual([
      'fail the rule r is disabled: no ends',
    ]);
  });
});

describe('functions', () => {
  const facts = { name: 'f', region: 'eu-west-2' };
  test.each([
    [{ ...facts, state: 'Active', lastUpdate: 'Successful' }, []],
    [{ ...facts, state: 'Inactive' }, []],
    [{ ...facts, state: 'Pending' }, ['warn f is being made']],
    [{ ...facts, state: 'Failed', stateReason: 'no role' }, ['fail f cannot run: no role']],
    [
      { ...facts, state: 'Active', lastUpdate: 'Failed', lastUpdateReason: 'no code' },
      ['warn f runs, but its last change failed: no code'],
    ],
  ])('%j', (one, told) => expect(said(judgeFunction(one, AGAIN))).toEqual(told));

  const mapping = { id: 'm', region: 'eu-west-2' };
  test.each([
    [[], ['fail f takes nothing out of the queue: nothing connects the two']],
    [[{ ...mapping, state: 'Enabled', lastResult: 'OK' }], []],
    [
      [{ ...mapping, state: 'Disabling' }],
      [expect.stringContaining('fail f takes nothing out of the queue')],
    ],
    [[{ ...mapping, state: 'Creating' }], ['warn f and the queue are just being connected (Creating)']],
    [
      [{ ...mapping, state: 'Enabled', lastResult: 'PROBLEM: denied' }],
      ['fail f takes nothing out of the queue: PROBLEM: denied'],
    ],
  ])('%j', (mappings, told) => expect(said(judgeMappings(mappings, 'f', AGAIN))).toEqual(told));

  test('of which version they are', () => {
    expect(judgeCode(undefined, ['x'], 'deploy')).toEqual([]);
    expect(judgeCode('x', [], 'deploy')).toEqual([]);
    expect(judgeCode('x', ['x', 'x'], 'deploy')).toEqual([]);
    expect(judgeCode('x', ['x', 'y'], 'deploy')[0]?.fix).toContain('deploy --dry-run');
  });
});

describe('mail', () => {
  const mail = { from: 'a@example.org', region: 'eu-west-1' };
  test.each([
    [[{ name: 'a@example.org', isVerified: true }], 'ok'],
    [
      [
        { name: 'a@example.org', isVerified: false },
        { name: 'example.org', isVerified: true },
      ],
      'ok',
    ],
    [[{ name: 'a@example.org', isVerified: false }], 'fail'],
    [[], 'fail'],
  ] as const)('%j', (identities, level) => expect(judgeSender(mail, identities).level).toBe(level));

  const open: MailAccount = {
    ProductionAccessEnabled: true,
    SendingEnabled: true,
    SendQuota: { Max24HourSend: 50_000, SentLast24Hours: 10 },
  };
  test.each<[MailAccount, string]>([
    [open, 'ok 10 of 50000 letters were sent in 24 hours in eu-west-1'],
    [
      { ...open, SendQuota: { Max24HourSend: -1, SentLast24Hours: 7 } },
      'ok 7 of any number of letters were sent in 24 hours in eu-west-1',
    ],
    [
      { ...open, ProductionAccessEnabled: false },
      'warn this account is in the sandbox of SES in eu-west-1: letters go to verified addresses only',
    ],
    [
      { ...open, SendQuota: { Max24HourSend: 200, SentLast24Hours: 160 } },
      'warn 160 of 200 letters a day are sent in eu-west-1',
    ],
    [
      { ...open, SendingEnabled: false, EnforcementStatus: 'SHUTDOWN' },
      'fail SES in eu-west-1 sends nothing for this account (SHUTDOWN)',
    ],
  ])('%j', (account, told) => expect(said(judgeMailAccount(account, 'eu-west-1'))).toEqual([told]));
});

describe('zones', () => {
  const subnets = ['eu-west-2a', 'eu-west-2b'];
  const facts = { type: 'x9.large', region: 'eu-west-2', subnets };
  test.each([
    [['eu-west-2a', 'eu-west-2c'], undefined],
    [['eu-west-2b'], 'eu-west-2a, where clusters are placed first, has no x9.large'],
    [['eu-west-2c'], "no zone of the installation's subnets (eu-west-2a, eu-west-2b) has x9.large"],
    [[], 'eu-west-2 has no x9.large'],
  ])('%j', (offered, told) => {
    const [asked] = judgeZones({ ...facts, offered, isDefault: false });
    const [needed] = judgeZones({ ...facts, offered, isDefault: true });
    expect(asked?.level).toBe(told === undefined ? undefined : 'warn');
    expect(needed?.level).toBe(told === undefined ? undefined : 'fail');
    if (told !== undefined) expect(asked?.what).toContain(told);
  });
});

describe('account quotas', () => {
  test.each([
    ['c7i.large', 'L-1216C47A', 'L-34B43A08'],
    ['im4gn.large', 'L-1216C47A', 'L-34B43A08'],
    ['inf2.xlarge', 'L-1945791B', 'L-B5D1601B'],
    ['g5.xlarge', 'L-DB2E81BA', 'L-3819A6DF'],
    ['gr6.4xlarge', 'L-DB2E81BA', 'L-3819A6DF'],
    ['p5.48xlarge', 'L-417A185B', 'L-7212CCBC'],
    ['hpc7g.16xlarge', 'L-F7808C92', undefined],
    ['u-6tb1.metal', undefined, undefined],
    ['mac1.metal', undefined, undefined],
  ])('%s', (type, onDemand, spot) => {
    expect(quotaOf(type)?.onDemand).toBe(onDemand);
    expect(quotaOf(type)?.spot).toBe(spot);
  });

  test('what users may start at most: login nodes on demand, compute nodes as their price says', () => {
    const machines = { MasterInstanceType: 't3.medium', ComputeInstanceType: 'c7i.large' } as const;
    const limits = [
      { ...DEFAULT_LIMITS, clusters: 3, nodes: 50 },
      { ...DEFAULT_LIMITS, clusters: 1, nodes: 10 },
    ];
    const demand = (price: 'spot' | 'on-demand') =>
      Object.fromEntries(vcpuDemand({ ...machines, ComputeSpotPrice: price }, limits, shippedCatalogue()));
    expect(demand('spot')).toEqual({
      'L-1216C47A': { largest: 2, everybody: 8 },
      'L-34B43A08': { largest: 100, everybody: 320 },
    });
    expect(demand('on-demand')).toEqual({ 'L-1216C47A': { largest: 102, everybody: 328 } });
  });

  const facts = { what: 'spot Standard', code: 'L-34B43A08', region: 'eu-west-2', everybody: 320 };
  test.each([
    [{ quota: 256, running: 8, largest: 100 }, 'ok', undefined],
    [{ quota: 256, running: 205, largest: 100 }, 'warn', '--desired-value 512'],
    [{ quota: 5, running: 0, largest: 100 }, 'warn', '--desired-value 100'],
    [{ quota: 0, running: 0, largest: 0 }, 'ok', undefined],
  ])('%j is never a failure', (numbers, level, fix) => {
    const verdict = judgeQuota({ ...facts, ...numbers });
    expect(verdict.level).toBe(level);
    if (fix !== undefined) expect(verdict.fix).toContain(fix);
  });
});

describe('alarms', () => {
  const quiet = { name: 'x-dead-letters', state: 'OK', reason: '', since: 0, isHeard: true };
  test.each([
    [[], ['warn there are none: nobody is told when something breaks']],
    [[quiet], ['ok 1 is set, none rings']],
    [[{ ...quiet, state: 'INSUFFICIENT_DATA' }, quiet], ['ok 2 are set, none rings']],
    [[{ ...quiet, isHeard: false }], ['warn x-dead-letters tells nobody']],
    [
      [{ ...quiet, state: 'ALARM', reason: 'too many' }],
      ['fail x-dead-letters rings since Thu 1 Jan 1970, 00:00 UTC: too many'],
    ],
  ])('%j', (alarms, told) => expect(said(judgeAlarms(alarms, AGAIN))).toEqual(told));
});
