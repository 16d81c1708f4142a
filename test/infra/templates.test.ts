import { describe, expect, it } from 'vitest';
import { TLS_SID } from '../../src/aws/installing/bucket-documents.ts';
import { deployed } from './deployed.ts';
import { TEMPLATES, template, templateFile } from './templates.ts';

describe.each(TEMPLATES)('%s', (name) => {
  it('can be sent in a request: CloudFormation takes 51,200 bytes', () => {
    expect(Buffer.byteLength(templateFile(name))).toBeLessThan(51_200);
  });

  it('is nothing but CloudFormation: no bootstrap, no assets, no custom resources, no macros', () => {
    const sections = ['Description', 'Parameters', 'Conditions', 'Resources', 'Outputs'];
    expect(sections).toEqual(expect.arrayContaining(Object.keys(template(name))));
    const foreign = /Custom::|CustomResource|cdk|BootstrapVersion|Fn::Transform|"Metadata"/i;
    expect(foreign.exec(templateFile(name))?.[0]).toBeUndefined();
  });

  it('makes no bucket, queue, role or function whose name AWS would choose', () => {
    const unnamed = Object.entries(template(name).Resources).filter(
      ([, { Type, Properties }]) =>
        /::(?:Bucket|Queue|Role|Function|LogGroup|Rule|Topic|Alarm|Group|ManagedPolicy)$/.test(Type) &&
        !Object.keys(Properties).some((key) => key.endsWith('Name') && key !== 'MetricName'),
    );
    expect(unnamed).toEqual([]);
  });
});

it('the templates take and tell what a deployment gives and asks for', () => {
  const told = Object.fromEntries(
    TEMPLATES.map((name) => [
      name,
      [Object.keys(template(name).Parameters), Object.keys(template(name).Outputs ?? {})],
    ]),
  );
  expect(told).toEqual({
    base: [
      [
        'InstallationName',
        'InstallationId',
        'UsersBucketNames',
        'OwnUsersBucketName',
        'AdminBucketName',
        'MakeAdminBucket',
        'ClustersRegion',
        'OldVersionsDays',
        'FederatedTag',
      ],
      [
        'ExecutionRoleArn',
        'BoundaryArn',
        'ClusterRolePath',
        'UsersPolicyArn',
        'FederatedPolicyArn',
        'GroupName',
      ],
    ],
    clusters: [
      ['InstallationName', 'InstallationId', 'MakeVpc', 'VpcCidr', 'HomeRegion', 'HomeEventBusArn'],
      ['VpcId', 'SubnetIds'],
    ],
    mail: [['MailAddress'], []],
    engine: [
      [
        'InstallationName',
        'InstallationId',
        'AdminBucketName',
        'CodeKey',
        'UsersBucketNames',
        'ClustersRegion',
        'MailRegion',
        'MailFrom',
        'ExecutionRoleArn',
        'AlarmEmail',
        'LogRetentionDays',
        'SweepMinutes',
      ],
      [
        'QueueUrl',
        'QueueArn',
        'DeadLetterQueueUrl',
        'AlarmTopicArn',
        'ReconcileFunction',
        'SweepFunction',
        'PricesFunction',
      ],
    ],
  });
});

it('templates and deployments mean the same statement against plain HTTP', () => {
  const policy = deployed('base').Resources['UsersBucketPolicy']?.Properties['PolicyDocument'];
  expect(policy).toMatchObject({ Statement: [{ Sid: TLS_SID }] });
});

it('every role and policy lies below the path that clusters cannot reach', () => {
  const ours = (['base', 'clusters', 'engine'] as const)
    .flatMap((name) => Object.values(deployed(name, {}, { region: 'us-east-1' }).Resources))
    .filter(({ Type }) => Type.startsWith('AWS::IAM::'));
  expect(ours).toHaveLength(9);
  for (const { Properties } of ours) expect(Properties['Path']).toBe('/clusterdrop/clusterdrop/control/');
});

describe('the name of an installation', () => {
  const pattern = new RegExp(
    `^(?:${String(template('base').Parameters['InstallationName']?.['AllowedPattern'])})$`,
  );

  it.each(['clusterdrop', 'a', 'a1-b2', 'a'.repeat(20)])('may be %s', (name) => {
    expect(name).toMatch(pattern);
  });

  it.each(['control', 'control-x', 'controller', 'A', '1a', 'a-', '', 'a'.repeat(21), 'a_b'])(
    'may not be %s',
    (name) => {
      expect(name).not.toMatch(pattern);
    },
  );
});
