import { EC2Client, RunInstancesCommand, TerminateInstancesCommand } from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { clientConfig } from '../../../src/aws/access.ts';
import type { AwsInstallation } from '../../../src/aws/aws-installation.ts';
import { leftMachines } from '../../../src/aws/examining/left-machines.ts';
import { clusterAt, identityOf, stackNameOf } from '../../../src/core/identity.ts';
import { describeOnMoto, type Moto, startMoto } from '../../emulator/moto.ts';

const REGION = 'eu-west-2';

describeOnMoto('machines that a cluster has left', () => {
  let moto: Moto;
  beforeAll(async () => {
    moto = await startMoto();
  });
  afterAll(() => moto?.stop());

  test("are found by their stack's tags, while they are not on their way out", async () => {
    const access = { endpoint: moto.endpoint };
    const installation = {
      id: 'clusterdrop-1',
      prefix: 'clusterdrop',
      aws: { clustersRegion: REGION },
    } as AwsInstallation;
    const ec2 = new EC2Client(clientConfig(access, REGION));
    const [mine, other] = ['mine', 'other'].map((name) => clusterAt('b', `home/alice/${name}`));
    if (!mine || !other) throw new Error('two clusters');
    const identity = identityOf(installation.id, mine);
    const start = async (Key: string, Value: string) => {
      const { Instances = [] } = await ec2.send(
        new RunInstancesCommand({
          ImageId: 'ami-12c6146b',
          MinCount: 1,
          MaxCount: 1,
          TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key, Value }] }],
        }),
      );
      return Instances[0]?.InstanceId ?? '';
    };
    const login = await start('aws:cloudformation:stack-name', stackNameOf('clusterdrop', identity, mine));
    const node = await start('clusterdrop:cluster', identity);
    expect((await leftMachines(access, installation, mine)).toSorted()).toEqual([login, node].toSorted());
    expect(await leftMachines(access, installation, other)).toEqual([]);
    await ec2.send(new TerminateInstancesCommand({ InstanceIds: [login] }));
    expect(await leftMachines(access, installation, mine)).toEqual([node]);
  });
});
