import { spawnSync } from 'node:child_process';
import {
  CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStacksCommand,
  type Stack,
} from '@aws-sdk/client-cloudformation';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { clientConfig, s3Config } from '../../src/aws/access.ts';
import { ADMIN_BUCKET, deployed, HOME, PARAMETERS, USERS_BUCKETS } from '../infra/deployed.ts';
import { TEMPLATES, type TemplateName, template } from '../infra/templates.ts';
import { type EmulatedTemplate, emulatorCopy, NOT_EMULATED } from './emulator-copy.ts';
import { describeOnMoto, type Moto, startMoto } from './moto.ts';

const copyOf = (name: TemplateName) => emulatorCopy(template(name) as unknown as EmulatedTemplate);

it('refuses a template in which something refers to what was left out', () => {
  const Resources = {
    Ringing: { Type: 'AWS::CloudWatch::Alarm' },
    Told: { Type: 'AWS::SNS::Topic', Properties: { TopicName: { Ref: 'Ringing' } } },
  };
  expect(() => emulatorCopy({ Resources })).toThrow('something refers to Ringing');
});

it('leaves out nothing in vain', () => {
  const used = TEMPLATES.flatMap((name) => Object.values(template(name).Resources).map(({ Type }) => Type));
  expect(Object.keys(NOT_EMULATED).filter((type) => !used.includes(type))).toEqual([]);
});

describeOnMoto("the emulator's copies of the templates", () => {
  let moto: Moto;
  beforeAll(async () => {
    moto = await startMoto();
  });
  afterAll(() => moto.stop());
  beforeEach(() => moto.reset());

  it('hold nothing that the emulator would pass over in silence, and lack nothing that it knows', () => {
    const known = emulatedTypes();
    const kept = TEMPLATES.flatMap((name) => Object.values(copyOf(name).Resources).map(({ Type }) => Type));
    expect(kept.filter((type) => !known.includes(type))).toEqual([]);
    expect(Object.keys(NOT_EMULATED).filter((type) => known.includes(type))).toEqual([]);
  });

  it('are made and taken down again, one after the other', async () => {
    const cloudformation = new CloudFormationClient(clientConfig(moto, HOME));
    for (const name of TEMPLATES) {
      if (name === 'engine') await putCode(moto);
      const stack = await make(cloudformation, name);
      expect(stack.StackStatus).toBe('CREATE_COMPLETE');
      expect(fixed(outputsOf(stack))).toEqual(fixed(deployed(name).Outputs));
    }
    for (const name of TEMPLATES.toReversed()) await takeDown(cloudformation, name);
    expect((await cloudformation.send(new DescribeStacksCommand({}))).Stacks).toEqual([]);
  });

  it('are made around buckets and a network that are there already, with clusters in another region', async () => {
    const elsewhere = 'us-west-1';
    const s3 = new S3Client(s3Config(moto, HOME));
    for (const Bucket of [...USERS_BUCKETS, ADMIN_BUCKET])
      await s3.send(
        new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: HOME } }),
      );
    const home = new CloudFormationClient(clientConfig(moto, HOME));
    const base = await make(home, 'base', {
      OwnUsersBucketName: '',
      MakeAdminBucket: 'no',
      ClustersRegion: elsewhere,
    });
    expect(base.StackStatus).toBe('CREATE_COMPLETE');
    const there = new CloudFormationClient(clientConfig(moto, elsewhere));
    expect(outputsOf(await make(there, 'clusters', { MakeVpc: 'no' }))).toEqual({});
    await takeDown(there, 'clusters');
    const subnets = outputsOf(await make(there, 'clusters'))['SubnetIds'];
    expect(subnets?.split(',')).toHaveLength(2);
  });
});

/** The emulator's own list. */
function emulatedTypes(): readonly string[] {
  const asked =
    'import json; from moto.cloudformation.parsing import get_model_map; print(json.dumps(list(get_model_map())))';
  // As for the emulator itself: the tests' own AWS settings are none that Python can read.
  const env = { PATH: process.env['PATH'], HOME: process.env['HOME'] };
  const { stdout, stderr } = spawnSync('python3', ['-c', asked], { encoding: 'utf8', env });
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as string[];
}

async function make(
  client: CloudFormationClient,
  name: TemplateName,
  given: Readonly<Record<string, string>> = {},
): Promise<Stack> {
  const StackName = `control-clusterdrop-${name}`;
  const values = { ...PARAMETERS[name], ...given };
  await client.send(
    new CreateStackCommand({
      StackName,
      TemplateBody: JSON.stringify(copyOf(name)),
      Capabilities: ['CAPABILITY_NAMED_IAM'],
      Parameters: Object.entries(values).map(([ParameterKey, ParameterValue]) => ({
        ParameterKey,
        ParameterValue,
      })),
    }),
  );
  const { Stacks: [stack] = [] } = await client.send(new DescribeStacksCommand({ StackName }));
  if (!stack) throw new Error(`no stack ${StackName}`);
  return stack;
}

async function takeDown(client: CloudFormationClient, name: TemplateName): Promise<void> {
  await client.send(new DeleteStackCommand({ StackName: `control-clusterdrop-${name}` }));
}

async function putCode(moto: Moto): Promise<void> {
  const Key = PARAMETERS.engine['CodeKey'] ?? '';
  await new S3Client(s3Config(moto, HOME)).send(
    new PutObjectCommand({ Bucket: ADMIN_BUCKET, Key, Body: 'zip' }),
  );
}

function outputsOf({ Outputs = [] }: Stack): Readonly<Record<string, string>> {
  return Object.fromEntries(Outputs.map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]));
}

/** Ids of a network are the emulator's; all other outputs follow from the parameters. */
function fixed(outputs: Readonly<Record<string, string>>) {
  return Object.entries(outputs).filter(([name]) => !['VpcId', 'SubnetIds'].includes(name));
}
