import {
  CloudFormationClient,
  CreateStackCommand,
  GetStackPolicyCommand,
} from '@aws-sdk/client-cloudformation';
import { EC2Client, TerminateInstancesCommand } from '@aws-sdk/client-ec2';
import { CreateBucketCommand, PutBucketVersioningCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { clientConfig, s3Config } from '../../src/aws/access.ts';
import { CloudFormationStacks, openCloudFormationStacks } from '../../src/aws/cloudformation-stacks.ts';
import { openInstanceAddresses } from '../../src/aws/instance-address.ts';
import { openS3Store } from '../../src/aws/s3-store.ts';
import type { Blueprint } from '../../src/core/blueprint.ts';
import { installBlueprint } from '../../src/engine/install-blueprint.ts';
import type { StackOrder } from '../../src/engine/ports.ts';
import { stacksContract } from '../contract/stacks.contract.ts';
import { describeOnMoto, type Moto, startMoto } from '../emulator/moto.ts';
import { SILENT_TEMPLATE, SMALL_BLUEPRINT, SMALL_TEMPLATE } from './cloudformation-small-template.ts';

const REGION = 'eu-west-2';
const INSTALLATION = 'clusterdrop-123456789012-eu-west-2';
const ROLE = 'arn:aws:iam::123456789012:role/clusterdrop-execution';

let serial = 0;
function smallOrder(overrides: Partial<StackOrder> = {}): StackOrder {
  serial += 1;
  return {
    name: `clusterdrop-alice-${serial}`,
    blueprint: { name: 'small', hash: 'h' },
    parameters: { InstanceType: 't3.small', NodeType: 't3.micro' },
    capabilities: [],
    token: `create-${serial}`,
    ...overrides,
    tags: { ...overrides.tags, 'clusterdrop:installation': INSTALLATION },
  };
}

describeOnMoto('CloudFormation of moto', () => {
  let moto: Moto;
  let client: CloudFormationClient;
  beforeAll(async () => {
    moto = await startMoto();
    client = new CloudFormationClient(clientConfig({ endpoint: moto.endpoint }, REGION));
  });
  beforeEach(() => moto.reset());
  afterAll(async () => {
    client.destroy();
    await moto.stop();
  });

  function stacksOf(template: object, blueprint: Blueprint, now = () => 0): CloudFormationStacks {
    return new CloudFormationStacks({
      client,
      installationId: INSTALLATION,
      executionRole: ROLE,
      templateOf: async () => ({ body: JSON.stringify(template) }),
      blueprintOf: async () => blueprint,
      instanceAddresses: openInstanceAddresses({ endpoint: moto.endpoint }, REGION),
      now,
    });
  }

  stacksContract(
    'the adapter',
    async () => ({
      stacks: stacksOf(SMALL_TEMPLATE, SMALL_BLUEPRINT),
      advance: () => undefined,
      order: smallOrder,
      changed: (parameters) => ({ ...parameters, NodeType: 't3.large' }),
      addressOutput: 'LoginAddress',
    }),
    {
      'answers a repeat with the same token with the same stack, at any time, and makes no second one':
        'client tokens are not kept, so a repeat looks like a clash of names; no second stack is made',
      'refuses parameters that the template does not know, names them, and leaves nothing behind':
        'unknown parameters are accepted',
      'takes a change of tags alone for a change': 'tags are not compared',
      'never performs one request twice, not even after another one': 'client tokens are not kept',
      'refuses unknown parameters and leaves the stack as it is': 'unknown parameters are accepted',
      'asks to look again when the stack has gone: the caller is late, not wrong':
        'a deleted stack can be updated',
      'gives events newest first, each with an id of its own and the token of the call behind it':
        'events carry no tokens',
      'shows the token of an update in the events, so that a repeat can be recognised':
        'events carry no tokens',
    },
  );

  async function made(stacks: CloudFormationStacks, order = smallOrder()): Promise<string> {
    const outcome = await stacks.create(order);
    if (outcome.kind !== 'begun') throw new Error(JSON.stringify(outcome));
    return outcome.id;
  }

  describe('list', () => {
    it('finds exactly our stacks among many others, over pages', async () => {
      const stacks = stacksOf(SMALL_TEMPLATE, SMALL_BLUEPRINT);
      const nothing = JSON.stringify({ Resources: { H: { Type: 'AWS::SNS::Topic' } } });
      const others = Array.from({ length: 150 }, (_, n) => n);
      const ours: string[] = [];
      for (const n of others) {
        if (n % 60 === 10) ours.push(await made(stacks));
        const Tags = n % 2 ? [{ Key: 'clusterdrop:installation', Value: `${INSTALLATION}-2` }] : [];
        await client.send(new CreateStackCommand({ StackName: `foreign-${n}`, TemplateBody: nothing, Tags }));
      }
      const gone = await made(stacks);
      await stacks.remove(gone, 'delete-gone');
      const found: string[] = [];
      for await (const page of stacks.list()) found.push(...page.map(({ id }) => id));
      expect(found.toSorted()).toEqual(ours.toSorted());
    });
  });

  describe('the login address that no output gives', () => {
    const { addressOutput: _, ...SILENT } = SMALL_BLUEPRINT;
    const ours = {
      'clusterdrop:cluster': 'c',
      'clusterdrop:blueprint': 'small@h',
    };

    it.each([
      ['the blueprint names none', SILENT, 'LoginAddress'],
      ['the one named is not there', { ...SILENT, addressOutput: 'Ip' }, 'Ip'],
    ])('is that of the login node, where %s', async (_title, blueprint, output) => {
      const stacks = stacksOf(SILENT_TEMPLATE, blueprint);
      const id = await made(stacks, smallOrder({ tags: ours }));
      const outputs = (await stacks.describe({ name: '', id }))?.outputs;
      expect(outputs?.[output]).toMatch(/^\d+\.\d+\.\d+\.\d+$/);
      // Another instance has an address too, and its logical id comes first.
      expect(outputs?.[output]).toBe(outputs?.['ProofOfLogin']);
      expect(outputs?.[output]).not.toBe(outputs?.['ProofOfArchive']);
    });

    it('is remembered for five minutes; then another machine’s is seen, where the login node has none', async () => {
      let now = 0;
      const stacks = stacksOf(SILENT_TEMPLATE, SILENT, () => now);
      const id = await made(stacks, smallOrder({ tags: ours }));
      const outputs = async () => (await stacks.describe({ name: '', id }))?.outputs;
      const { LoginAddress: address, ProofOfArchive: other, Instance = '' } = (await outputs()) ?? {};
      const ec2 = new EC2Client(clientConfig({ endpoint: moto.endpoint }, REGION));
      await ec2.send(new TerminateInstancesCommand({ InstanceIds: [Instance] }));
      ec2.destroy();
      now = 5 * 60_000 - 1;
      expect(await outputs()).toMatchObject({ LoginAddress: address });
      now += 1;
      expect(await outputs()).toMatchObject({ LoginAddress: other });
    });

    it('is not looked for in a stack that is not ours: its blueprint lies elsewhere', async () => {
      const stacks = new CloudFormationStacks({
        client,
        installationId: 'another',
        executionRole: ROLE,
        templateOf: async () => ({ body: JSON.stringify(SILENT_TEMPLATE) }),
        blueprintOf: () => Promise.reject(new Error('no such blueprint')),
        instanceAddresses: () => Promise.reject(new Error('not ours to ask for')),
      });
      const order = smallOrder({ tags: ours });
      await made(stacksOf(SILENT_TEMPLATE, SILENT), order);
      expect((await stacks.describe(order))?.outputs).not.toHaveProperty('LoginAddress');
    });
  });

  describe('a stored blueprint', () => {
    const access = () => ({ endpoint: moto.endpoint });
    const BUCKET = 'clusterdrop-admin';
    async function installed(template: string | undefined, bucket = BUCKET) {
      const s3 = new S3Client(s3Config(access(), REGION));
      const Bucket = bucket;
      await s3.send(
        new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: REGION } }),
      );
      await s3.send(
        new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }),
      );
      s3.destroy();
      const admin = openS3Store(access(), REGION, bucket);
      const hash = await installBlueprint(admin, SMALL_BLUEPRINT, template);
      const aws = {
        account: '123456789012',
        region: REGION,
        clustersRegion: 'eu-central-1',
        buckets: ['clusterdrop-users'],
        executionRole: ROLE,
      };
      const stacks = openCloudFormationStacks(access(), { ...PLAIN, aws }, admin);
      return { stacks, order: smallOrder({ blueprint: { name: 'small', hash } }) };
    }
    const PLAIN = {
      version: 1,
      id: INSTALLATION,
      name: 'clusterdrop',
      bucket: 'clusterdrop-users',
      simulated: false,
      prefix: 'clusterdrop',
      contact: 'the administrator',
    } as const;
    const text = JSON.stringify(SMALL_TEMPLATE);

    it.each([
      ['goes with the request', text, BUCKET],
      ['too long for that is fetched from S3', `${text}${' '.repeat(51_201 - text.length)}`, BUCKET],
      ['in a bucket with dots as well', `${text}${' '.repeat(51_201 - text.length)}`, 'admin.example.org'],
    ])('whose template %s', async (_title, template, bucket) => {
      const { stacks, order } = await installed(template, bucket);
      expect(await stacks.create(order)).toMatchObject({ kind: 'begun' });
      const report = await stacks.describe(order);
      expect(report).toMatchObject({
        status: 'CREATE_COMPLETE',
        parameters: order.parameters,
        id: expect.stringContaining(':eu-central-1:') as string,
      });
    });

    it('without a template is answered: nobody waits for a stack that can never be', async () => {
      const { stacks, order } = await installed(undefined);
      expect(await stacks.create(order)).toEqual({
        kind: 'refused',
        reason: expect.stringContaining('without a CloudFormation template') as string,
      });
      expect(await stacks.describe(order)).toBeUndefined();
    });
  });

  it('keeps the policy that protects the login node', async () => {
    const StackName = await made(stacksOf(SMALL_TEMPLATE, SMALL_BLUEPRINT));
    const { StackPolicyBody } = await client.send(new GetStackPolicyCommand({ StackName }));
    expect(StackPolicyBody).toContain('"LogicalResourceId/LoginNode"');
  });
});
