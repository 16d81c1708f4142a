import { DescribeInstancesCommand, EC2Client } from '@aws-sdk/client-ec2';
import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { clientConfig } from '../../../src/aws/access.ts';
import { awsWorld } from '../../../src/aws/world.ts';
import { SECOND } from '../../../src/core/instant.ts';
import { attend } from '../../../src/engine/attend.ts';
import { sweep } from '../../../src/engine/sweep.ts';
import { describeOnMoto } from '../../emulator/moto.ts';
import {
  ADMIN,
  openSoundInstallation,
  REGION,
  type SoundInstallation,
  STORE,
  USERS,
} from './sound-installation.ts';

describeOnMoto('admin selftest', () => {
  let installed: SoundInstallation;
  beforeAll(async () => {
    installed = await openSoundInstallation();
  }, 120_000);
  afterAll(() => installed?.close());

  /** The system, as it would find everything by itself: while a command waits, time passes and a sweep follows everything up. */
  async function attended(): Promise<void> {
    let offset = 0;
    const world = await awsWorld({
      adminBucket: ADMIN,
      region: REGION,
      environment: installed.env,
      clock: { now: () => Date.now() + offset },
      log: () => ({ turn: () => undefined, answered: () => undefined, trouble: () => undefined }),
    });
    installed.inPauses(async () => {
      offset += 30 * SECOND;
      installed.at(offset);
      for await (const nudge of sweep(world)) await attend(world, nudge);
    });
  }

  async function files(): Promise<(string | undefined)[]> {
    const { Contents = [] } = await installed.s3.send(new ListObjectsV2Command({ Bucket: USERS }));
    return Contents.map(({ Key }) => Key);
  }

  async function machines(): Promise<number> {
    const ec2 = new EC2Client(clientConfig({ endpoint: installed.env.AWS_ENDPOINT_URL }, REGION));
    const alive = { Name: 'instance-state-name', Values: ['pending', 'running'] };
    const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand({ Filters: [alive] }));
    return Reservations.flatMap(({ Instances = [] }) => Instances).length;
  }

  test('asks first, where it costs money', async () => {
    const { code, err } = await installed.cli('admin', 'selftest', '--store', STORE);
    expect(code).toBe(2);
    expect(err).toMatch(
      /It costs at most about \d+\.\d\d USD per hour .*: \d+\.\d\d USD if it lived for its hour/,
    );
    expect(err).toContain('--yes');
    expect(await machines()).toBe(0);
  });

  test('lives through the whole story in an account, and leaves no file, no user and no machine', async () => {
    await attended();
    const before = await files();
    const { code, out } = await installed.cli('admin', 'selftest', '--yes', '--json', '--store', STORE);
    const { outcome, steps } = JSON.parse(out) as { outcome: string; steps: object[] };
    expect(steps.filter((step) => !(step as { ok: boolean }).ok)).toEqual([]);
    expect(steps).toHaveLength(7);
    expect(outcome).toBe('sound');
    expect(code).toBe(0);
    expect(await files()).toEqual(before);
    expect(await machines()).toBe(0);
  });
});
