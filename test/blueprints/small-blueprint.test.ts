import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation';
import {
  CreateSubnetCommand,
  CreateVpcCommand,
  DescribeInstancesCommand,
  DescribeLaunchTemplatesCommand,
  DescribeSecurityGroupsCommand,
  DescribeVolumesCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import {
  CreatePolicyCommand,
  IAMClient,
  ListInstanceProfilesCommand,
  ListRolesCommand,
} from '@aws-sdk/client-iam';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { clientConfig, s3Config } from '../../src/aws/access.ts';
import { clusterAt } from '../../src/core/identity.ts';
import type { Installation } from '../../src/core/installation.ts';
import { systemValues } from '../../src/engine/system-values.ts';
import { describeOnMoto, type Moto, startMoto } from '../emulator/moto.ts';
import { largeBlueprint, silentBlueprint, smallBlueprint } from '../emulator/small-blueprint.ts';
import { root, shippedPlan } from '../shipped.ts';

const REGION = 'eu-west-2';
const ROLE_PATH = '/clusterdrop/clusterdrop/clusters/';

describeOnMoto('the small blueprint', () => {
  let moto: Moto;
  let clouds: CloudFormationClient;
  let ec2: EC2Client;
  let iam: IAMClient;
  let s3: S3Client;
  beforeAll(async () => {
    moto = await startMoto();
    const access = { endpoint: moto.endpoint };
    clouds = new CloudFormationClient(clientConfig(access, REGION));
    ec2 = new EC2Client(clientConfig(access, REGION));
    iam = new IAMClient(clientConfig(access, 'us-east-1'));
    s3 = new S3Client(s3Config(access, REGION));
  });
  beforeEach(() => moto.reset());
  afterAll(async () => {
    for (const client of [clouds, ec2, iam, s3]) client.destroy();
    await moto.stop();
  });

  /** What `admin deploy` would have made. */
  async function network(): Promise<NonNullable<Installation['network']>> {
    const { Vpc: vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: '10.86.0.0/16' }));
    const subnets = await Promise.all(
      ['a', 'b'].map((zone, third) =>
        ec2.send(
          new CreateSubnetCommand({
            VpcId: vpc?.VpcId,
            CidrBlock: `10.86.${third}.0/24`,
            AvailabilityZone: `${REGION}${zone}`,
          }),
        ),
      ),
    );
    const { Policy: boundary } = await iam.send(
      new CreatePolicyCommand({
        PolicyName: 'clusterdrop-boundary',
        PolicyDocument: JSON.stringify({
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }],
        }),
      }),
    );
    return {
      vpc: vpc?.VpcId ?? '',
      subnets: subnets.map(({ Subnet: subnet }) => subnet?.SubnetId ?? ''),
      sshFrom: '192.0.2.0/24',
      boundary: boundary?.Arn ?? '',
      rolePath: ROLE_PATH,
    };
  }

  /** Everything in the account that a cluster could have left behind. */
  async function made() {
    const { Reservations: reservations } = await ec2.send(
      new DescribeInstancesCommand({
        Filters: [{ Name: 'instance-state-name', Values: ['pending', 'running', 'stopped'] }],
      }),
    );
    const { SecurityGroups: groups } = await ec2.send(new DescribeSecurityGroupsCommand({}));
    const { LaunchTemplates: templates } = await ec2.send(new DescribeLaunchTemplatesCommand({}));
    const { Volumes: volumes } = await ec2.send(new DescribeVolumesCommand({}));
    const { Roles: roles } = await iam.send(new ListRolesCommand({}));
    const { InstanceProfiles: profiles } = await iam.send(new ListInstanceProfilesCommand({}));
    return {
      instances: reservations?.flatMap(({ Instances: all = [] }) => all) ?? [],
      groups: groups?.filter(({ GroupName: name }) => name !== 'default') ?? [],
      templates: templates ?? [],
      volumes: volumes ?? [],
      roles: roles ?? [],
      profiles: profiles ?? [],
    };
  }

  const counts = (all: Awaited<ReturnType<typeof made>>) =>
    Object.fromEntries(Object.entries(all).map(([what, { length }]) => [what, length]));
  const NOTHING = { instances: 0, groups: 0, templates: 0, volumes: 0, roles: 0, profiles: 0 };

  /** The parameters of the guide's example, as the engine would give them. */
  function parametersOf(intake: ReturnType<typeof smallBlueprint>, installation: Installation) {
    const { blueprint } = intake;
    const plan = shippedPlan(readFileSync(join(root, 'examples/guide.cf-create')), {
      blueprintOf: () => ({
        blueprint,
        ref: { name: blueprint.name, hash: 'h' },
        defaults: blueprint.defaults,
      }),
      defaultBlueprint: 'slurm',
      system: systemValues(clusterAt('users', 'home/alice/mycluster'), installation),
    });
    expect(plan.problems).toEqual([]);
    return Object.entries(plan.parameters ?? {}).map(([ParameterKey, ParameterValue]) => ({
      ParameterKey,
      ParameterValue,
    }));
  }

  it.each([
    ['small', smallBlueprint],
    ['silent: without outputs', silentBlueprint],
    ['large: by address', largeBlueprint],
  ] as const)(
    'makes a cluster of the example of the guide and leaves nothing: %s',
    async (_, blueprintOf) => {
      const intake = blueprintOf();
      const installation = { network: await network() } as Installation;
      const size = Buffer.byteLength(intake.template);
      const isLarge = intake.blueprint.name === 'large';
      expect(size > 51_200).toBe(isLarge);
      if (isLarge) {
        const place = { Bucket: 'administrator', Key: 'blueprints/large/template.json' };
        await s3.send(
          new CreateBucketCommand({
            Bucket: place.Bucket,
            CreateBucketConfiguration: { LocationConstraint: REGION },
          }),
        );
        await s3.send(new PutObjectCommand({ ...place, Body: intake.template }));
      }
      await clouds.send(
        new CreateStackCommand({
          StackName: 'clusterdrop-alice-mycluster',
          ...(isLarge
            ? { TemplateURL: 'https://s3.amazonaws.com/administrator/blueprints/large/template.json' }
            : { TemplateBody: intake.template }),
          Parameters: parametersOf(intake, installation),
          Capabilities: ['CAPABILITY_IAM'],
        }),
      );
      const { Stacks: stacks } = await clouds.send(new DescribeStacksCommand({}));
      expect(stacks?.[0]?.StackStatus).toBe('CREATE_COMPLETE');
      const all = await made();
      expect(counts(all)).toEqual({
        instances: 1,
        groups: 1,
        templates: 1,
        volumes: 1,
        roles: 1,
        profiles: 1,
      });
      const login = all.instances[0];
      expect(login?.InstanceType).toBe('r4.large');
      // moto takes no notice of the subnet of an instance's network interface; the group is where it should be.
      expect(all.groups[0]?.VpcId).toBe(installation.network?.vpc);
      expect(login?.PublicIpAddress).toMatch(/^\d+\.\d+\.\d+\.\d+$/);
      const outputs = stacks?.[0]?.Outputs ?? [];
      expect(outputs.map(({ OutputValue: value }) => value)).toEqual(
        intake.blueprint.addressOutput === undefined ? [] : [login?.PublicIpAddress],
      );
      expect(all.roles[0]).toMatchObject({ Path: ROLE_PATH });
      expect(all.profiles[0]).toMatchObject({ Path: ROLE_PATH });

      await clouds.send(new DeleteStackCommand({ StackName: 'clusterdrop-alice-mycluster' }));
      expect(counts(await made())).toEqual(NOTHING);
    },
  );
});
