import { describe, expect, it } from 'vitest';
import { deployed } from '../infra/deployed.ts';
import { policiesOf, type Role } from './simulate.ts';

interface Statement {
  readonly Sid: string;
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly NotAction?: unknown;
  readonly NotResource?: unknown;
}

const ROLES: readonly Role[] = [
  'user',
  'federated',
  'reconcile',
  'sweep',
  'prices',
  'execution',
  'forward',
  'node',
];

const statements = ROLES.flatMap((role) =>
  policiesOf(role)
    .flatMap((policy) => (policy as { readonly Statement: readonly Statement[] }).Statement)
    .map((statement) => ({ role, ...statement })),
);
const allowing = statements.filter(({ Effect }) => Effect === 'Allow');

describe('every policy', () => {
  it('says what it allows, never what it excepts', () => {
    for (const { NotAction, NotResource } of statements)
      expect([NotAction, NotResource]).toEqual([undefined, undefined]);
  });

  it('allows every resource only to actions that know none', () => {
    const everywhere = allowing.filter(({ Resource }) => [Resource].flat().includes('*'));
    expect(everywhere.map(({ role, Sid }) => `${role} ${Sid}`).toSorted()).toEqual([
      'execution LookAround',
      'execution LookAround',
      'federated SeeBuckets',
      'node LookAround',
      'prices ReadPriceList',
      'reconcile FindLoginAddress',
      'reconcile ReadMailAccount',
      'sweep ListStacks',
      'user SeeBuckets',
    ]);
  });

  it('names its actions, but for the readings of CloudFormation', () => {
    const whole = allowing.flatMap(({ role, Action }) =>
      [Action]
        .flat()
        .filter((action) => action.includes('*'))
        .map((action) => `${role} ${action}`),
    );
    expect(whole.toSorted()).toEqual(['execution autoscaling:Describe*', 'execution ec2:Describe*']);
  });

  it('keeps what is read of a whole region to the region of the clusters', () => {
    const readings = allowing.filter(({ Sid }) =>
      ['LookAround', 'FindLoginAddress', 'ListStacks'].includes(Sid),
    );
    for (const { Condition } of readings)
      expect(Condition?.['StringEquals']?.['aws:RequestedRegion']).toBe('eu-west-2');
  });

  it('leaves public parameters to AWS: their ARNs name no account', () => {
    expect(allowing.find(({ Sid }) => Sid === 'PublicImages')?.Resource).toBe(
      'arn:aws:ssm:eu-west-2::parameter/aws/service/*',
    );
  });
});

describe('with five buckets that have the longest names that S3 allows', () => {
  const five = Array.from({ length: 5 }, (_, index) => `${'b'.repeat(62)}${index}`).join(',');
  const long = { InstallationName: 'a'.repeat(20), UsersBucketNames: five, InstallationId: 'i'.repeat(40) };
  const { Resources } = deployed('base', long);
  const engine = deployed('engine', long).Resources;

  it.each(['Boundary', 'UsersPolicy', 'FederatedPolicy'])('%s fits into a managed policy', (id) => {
    const document = Resources[id]?.Properties['PolicyDocument'];
    const text = typeof document === 'string' ? document : JSON.stringify(document);
    expect(text).toContain(five.slice(-63));
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html: white space is not counted.
    expect(text.length).toBeLessThanOrEqual(6144);
  });

  it.each([
    ['ExecutionRole', Resources],
    ['ReconcileRole', engine],
    ['SweepRole', engine],
    ['PricesRole', engine],
  ] as const)('%s fits into the inline policies of a role', (id, resources) => {
    const policies = resources[id]?.Properties['Policies'] as readonly { readonly PolicyDocument: unknown }[];
    const size = policies.reduce((sum, { PolicyDocument }) => sum + JSON.stringify(PolicyDocument).length, 0);
    expect(size).toBeLessThanOrEqual(10_240);
  });
});
