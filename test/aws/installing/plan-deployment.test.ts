import { describe, expect, it, test } from 'vitest';
import { tlsStatement } from '../../../src/aws/installing/bucket-documents.ts';
import type { BucketHere, BucketSight } from '../../../src/aws/installing/bucket-sight.ts';
import { type Choices, choose } from '../../../src/aws/installing/choices.ts';
import type { ControlPart, ControlStack } from '../../../src/aws/installing/control-stack.ts';
import type { DeploymentChange } from '../../../src/aws/installing/deployment-change.ts';
import { DEPLOYMENT_KEY } from '../../../src/aws/installing/deployment-record.ts';
import type { Installed, Wanted } from '../../../src/aws/installing/deployment-state.ts';
import { deploymentWords } from '../../../src/aws/installing/deployment-words.ts';
import { installationDocument } from '../../../src/aws/installing/installation-document.ts';
import { planDeployment, regionOf, wantedRecord } from '../../../src/aws/installing/plan-deployment.ts';
import { stackParameters } from '../../../src/aws/installing/stack-parameters.ts';

const place = {
  name: 'hpc',
  account: '123456789012',
  region: 'eu-west-2',
  partition: 'aws',
  caller: 'arn:aws:iam::123456789012:user/admin',
};
const parameter = { Type: 'String' };
const templates: Wanted['templates'] = {
  base: {
    Parameters: { AdminBucketName: parameter, OldVersionsDays: parameter },
    Resources: { Role: { Type: 'AWS::IAM::Role' } },
  },
  clusters: {
    Parameters: { MakeVpc: parameter },
    Conditions: { Own: { 'Fn::Equals': [{ Ref: 'MakeVpc' }, 'yes'] } },
    Resources: { Vpc: { Type: 'AWS::EC2::VPC', Condition: 'Own' }, Rule: { Type: 'AWS::Events::Rule' } },
  },
  mail: {
    Parameters: { MailAddress: parameter },
    Resources: { Identity: { Type: 'AWS::SES::EmailIdentity' } },
  },
  engine: {
    Parameters: { CodeKey: parameter, ExecutionRoleArn: parameter, AlarmEmail: parameter },
    Conditions: { Alarms: { 'Fn::Not': [{ 'Fn::Equals': [{ Ref: 'AlarmEmail' }, ''] }] } },
    Resources: {
      Queue: { Type: 'AWS::SQS::Queue' },
      Subscription: { Type: 'AWS::SNS::Subscription', Condition: 'Alarms' },
    },
  },
};
const OUTPUTS: Readonly<Partial<Record<ControlPart, Readonly<Record<string, string>>>>> = {
  base: { ExecutionRoleArn: 'arn:role', BoundaryArn: 'arn:boundary', ClusterRolePath: '/c/' },
  clusters: { VpcId: 'vpc-1', SubnetIds: 'subnet-1,subnet-2' },
  engine: { QueueUrl: 'https://queue' },
};

function wantedWith(choices: Partial<Choices> = {}, more: Partial<Wanted> = {}): Wanted {
  const chosen = choose({ sshFrom: '192.0.2.0/24' }, {}, place.region) as Choices;
  return {
    place,
    choices: { ...chosen, ...choices },
    buckets: { users: [{ name: 'users', origin: 'made' }], admin: { name: 'admin', origin: 'made' } },
    templates,
    codeKey: 'code/1.zip',
    uploads: ['code/1.zip', 'limits/default.json'],
    makesMailIdentity: choices.mail !== undefined,
    ...more,
  };
}

const READY: BucketHere = {
  kind: 'here',
  isVersioned: true,
  notifications: { EventBridgeConfiguration: {} },
  tags: { 'clusterdrop:administrator-bucket': 'admin' },
  policy: { Statement: [tlsStatement('aws', 'any')] },
  isPrivate: true,
  endsOldVersions: true,
};

/** An account in which `wanted` stands. */
function installedAs(wanted: Wanted): Installed {
  const parts: ControlPart[] = ['base', 'clusters', 'mail', 'engine'];
  const stacks = parts.flatMap((part): ControlStack[] => {
    const region = regionOf(part, wanted);
    if (region === undefined) return [];
    const parameters = stackParameters(part, templates[part], { ...wanted, base: OUTPUTS.base });
    return [
      {
        part,
        region,
        name: `control-hpc-${part}`,
        id: `arn:${part}`,
        status: 'CREATE_COMPLETE',
        parameters: Object.fromEntries(
          Object.entries(parameters).map(([name, value]) => [name, value ?? '']),
        ),
        outputs: OUTPUTS[part] ?? {},
        template: templates[part],
      },
    ];
  });
  const bare: Installed = {
    stacks,
    buckets: new Map([...wanted.buckets.users, wanted.buckets.admin].map(({ name }) => [name, READY])),
    record: undefined,
    installation: undefined,
    objects: new Set(wanted.uploads),
  };
  const recorded = { ...bare, record: wantedRecord(bare, wanted) };
  return { ...recorded, installation: installationDocument(recorded, wanted) };
}

const EMPTY: Installed = {
  stacks: [],
  buckets: new Map(),
  record: undefined,
  installation: undefined,
  objects: new Set(),
};

/** A plan in one line each. */
function short(changes: readonly DeploymentChange[]): string[] {
  return changes.map((change) => {
    if (change.kind === 'bucket') return `bucket ${change.bucket} ${change.adds.join(' ')}`;
    if (change.kind === 'upload') return `upload ${change.keys.join(' ')}`;
    if (change.kind === 'record') return `record ${change.key}`;
    return `${change.kind} ${change.part} ${change.region}`;
  });
}

describe('a plan', () => {
  it('for an empty account is everything, in its order', () => {
    expect(short(planDeployment(EMPTY, wantedWith()))).toEqual([
      'create base eu-west-2',
      'create clusters eu-west-2',
      'upload code/1.zip limits/default.json',
      'create engine eu-west-2',
      `record ${DEPLOYMENT_KEY}`,
      'record installation.json',
    ]);
  });

  it('for what stands is nothing', () => {
    const wanted = wantedWith({ mail: { region: 'eu-west-1', from: 'admin@example.org' } });
    expect(planDeployment(installedAs(wanted), wanted)).toEqual([]);
  });

  it('has the stacks in their regions', () => {
    const wanted = wantedWith({
      clustersRegion: 'us-east-1',
      mail: { region: 'eu-west-1', from: 'admin@example.org' },
    });
    expect(short(planDeployment(EMPTY, wanted))).toEqual(
      expect.arrayContaining([
        'create clusters us-east-1',
        'create mail eu-west-1',
        'create engine eu-west-2',
      ]),
    );
  });

  it('shows only what will really be made', () => {
    const create = planDeployment(EMPTY, wantedWith({ vpc: { id: 'vpc-9', subnets: ['subnet-9'] } })).find(
      (one) => one.kind === 'create' && one.part === 'clusters',
    );
    expect(create).toMatchObject({ resources: [{ id: 'Rule', change: 'added' }] });
  });

  it('says what is not known yet', () => {
    const create = planDeployment(EMPTY, wantedWith()).find(
      (one) => one.kind === 'create' && one.part === 'engine',
    );
    expect(create).toMatchObject({
      parameters: expect.arrayContaining([
        { name: 'ExecutionRoleArn' },
        { name: 'CodeKey', to: 'code/1.zip' },
      ]),
    });
    expect(deploymentWords(create ? [create] : [])).toContain(
      '      ExecutionRoleArn: (as the stack before answers)\n',
    );
  });

  it.each(['ROLLBACK_COMPLETE', 'ROLLBACK_FAILED', 'REVIEW_IN_PROGRESS', 'CREATE_FAILED'])(
    'clears away what a first attempt left: %s',
    (status) => {
      const wanted = wantedWith();
      const before = installedAs(wanted);
      const stacks = before.stacks.map((one) => (one.part === 'clusters' ? { ...one, status } : one));
      expect(short(planDeployment({ ...before, stacks }, wanted))).toEqual([
        'clear clusters eu-west-2',
        'create clusters eu-west-2',
        'record installation.json',
      ]);
    },
  );

  it('updates a stack whose last update was rolled back, if it differs', () => {
    const wanted = wantedWith();
    const before = installedAs(wanted);
    const stacks = before.stacks.map((one) => ({ ...one, status: 'UPDATE_ROLLBACK_COMPLETE' }));
    expect(planDeployment({ ...before, stacks }, wanted)).toEqual([]);
  });
});

type Case = [string, Partial<Choices>, Partial<Wanted>, string[]];
const MAIL = { region: 'eu-west-1', from: 'admin@example.org' };

test.each<Case>([
  ['a number of days', { oldVersionsDays: 7 }, {}, ['update base eu-west-2', `record ${DEPLOYMENT_KEY}`]],
  [
    'a choice that no stack has',
    { contact: 'Bob' },
    {},
    [`record ${DEPLOYMENT_KEY}`, 'record installation.json'],
  ],
  [
    'new code',
    {},
    { codeKey: 'code/2.zip', uploads: ['code/2.zip'] },
    ['upload code/2.zip', 'update engine eu-west-2'],
  ],
  [
    'mail from now on',
    { mail: MAIL },
    {},
    ['create mail eu-west-1', `record ${DEPLOYMENT_KEY}`, 'record installation.json'],
  ],
  [
    'mail from an address that SES knows',
    { mail: MAIL },
    { makesMailIdentity: false },
    [`record ${DEPLOYMENT_KEY}`, 'record installation.json'],
  ],
])('a change: %s', (_, choices, more, expected) => {
  expect(short(planDeployment(installedAs(wantedWith()), wantedWith(choices, more)))).toEqual(expected);
});

it('shows each parameter as it was and as it will be, and resources that come with it', () => {
  const plan = planDeployment(installedAs(wantedWith()), wantedWith({ alarmEmail: 'alarm@example.org' }));
  expect(deploymentWords(plan)).toBe(`~ stack control-hpc-engine in eu-west-2
    + AWS::SNS::Subscription Subscription
      AlarmEmail: (none) -> alarm@example.org
~ deployment.json in admin
`);
});

it('takes down mail that is not wanted any more, or has moved, after the engine has let go of it', () => {
  const before = installedAs(wantedWith({ mail: MAIL }));
  expect(short(planDeployment(before, wantedWith()))).toContain('remove mail eu-west-1');
  expect(short(planDeployment(before, wantedWith({ mail: { ...MAIL, region: 'us-east-1' } })))).toEqual([
    'create mail us-east-1',
    'remove mail eu-west-1',
    `record ${DEPLOYMENT_KEY}`,
    'record installation.json',
  ]);
});

it('adds to a bucket what it lacks, and remembers only what it added', () => {
  const bare: BucketHere = { ...READY, isVersioned: false, notifications: {}, tags: { owner: 'alice' } };
  const { policy: _, ...naked } = { ...bare, isPrivate: false, endsOldVersions: false };
  const wanted = wantedWith(
    {},
    {
      buckets: {
        users: [
          { name: 'users', origin: 'made' },
          { name: 'theirs', origin: 'existing' },
        ],
        admin: { name: 'admin', origin: 'made' },
      },
    },
  );
  const before = { ...installedAs(wanted), record: undefined };
  const installed = {
    ...before,
    buckets: new Map<string, BucketSight>([...before.buckets, ['theirs', naked], ['users', bare]]),
  };
  const plan = planDeployment(installed, wanted);
  expect(short(plan)).toEqual([
    'bucket users versioning event-bridge tag',
    'bucket theirs versioning event-bridge tag tls-statement',
    `record ${DEPLOYMENT_KEY}`,
  ]);
  expect(plan[1]).toMatchObject({
    advice: [expect.stringContaining('public'), expect.stringContaining('lifecycle')],
  });
  const record = wantedRecord(installed, wanted);
  expect(record.restore).toEqual({ theirs: ['event-bridge', 'tag', 'tls-statement', 'versioning'] });
  expect(record.buckets.own).toEqual(['users', 'admin']);
  // A run that is cut short after that finds some of it done, and must not forget that we did it.
  const half = {
    ...installed,
    record,
    buckets: new Map<string, BucketSight>([...before.buckets, ['theirs', READY]]),
  };
  expect(wantedRecord(half, wanted).restore).toEqual(record.restore);
});

it('does not put back a shipped file that the administrator has removed, but needs the code', () => {
  const wanted = wantedWith();
  const before = { ...installedAs(wanted), objects: new Set<string>() };
  expect(short(planDeployment(before, wanted))).toEqual(['upload code/1.zip']);
});
