import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeOnMoto } from '../emulator/moto.ts';
import type { Person } from './account.ts';
import { ADMIN_BUCKET, good, Installed, ROLES, STORE, USERS_BUCKET } from './installed.ts';
import type { RecordedCall } from './recorded-call.ts';

const READS = /^(?:Get|List|Describe|Head|BatchGet|Receive|Simulate)/;

/** The way of an administrator and a first user, each test a step of it: they build on each other. */
describeOnMoto(
  'an account that was empty',
  () => {
    let town: Installed;
    let alice: Person;
    beforeAll(async () => {
      town = await Installed.open();
    }, 300_000);
    afterAll(() => town?.close());

    const callsDuring = async (work: () => Promise<unknown>): Promise<RecordedCall[]> => {
      const before = town.account.proxy.calls.length;
      await work();
      return town.account.proxy.calls.slice(before);
    };

    test('is installed by one command, which says what it makes', () => {
      expect(town.deployed.code).toBe(0);
      for (const part of [
        'control-clusterdrop-base',
        'control-clusterdrop-engine',
        USERS_BUCKET,
        ADMIN_BUCKET,
      ])
        expect(`${town.deployed.out}${town.deployed.err}`).toContain(part);
    });

    test('is left as it is by the same command a second time', async () => {
      const calls = await callsDuring(async () => {
        const again = good(['admin deploy'], await town.deploy());
        expect(`${again.out}${again.err}`).toMatch(/nothing to (?:do|change)/i);
      });
      expect(
        calls.filter(({ operation }) => !READS.test(operation)).map(({ operation }) => operation),
      ).toEqual([]);
    });

    test('takes in a blueprint and a user with a key', async () => {
      await town.addBlueprint();
      const key = join(town.account.folder, 'alice.pub');
      good(
        ['ssh-keygen'],
        await town.account.run(
          'ssh-keygen',
          ['-q', '-t', 'ed25519', '-N', '', '-C', 'alice', '-f', key.slice(0, -4)],
          town.administrator,
        ),
      );
      alice = await town.addUser('alice');
      await town.admin('admin', 'add-user', 'alice', '--key', key);
      const { Users } = await town.account.awsJson<{ Users: { UserName: string }[] }>(town.administrator, [
        'iam',
        'get-group',
        '--group-name',
        'clusterdrop-users',
      ]);
      expect(Users.map(({ UserName }) => UserName)).toEqual(['alice']);
      await town.startFunctions({ sweepSeconds: 10 });
    });

    test("has alice's cluster, which she makes, looks at and ends by commands", async () => {
      const made = good(
        ['create'],
        await town.account.clusterdrop(alice, [
          'create',
          'mycluster',
          '--max-nodes',
          '25',
          '--wait',
          '--store',
          STORE,
        ]),
      );
      const address = (await town.read('home/alice/mycluster.cf-created'))?.trim() ?? 'none';
      expect(made.out).toContain(address);
      // The store is remembered now.
      const ssh = good(['ssh'], await town.account.clusterdrop(alice, ['ssh', 'mycluster']));
      expect(`${ssh.out}${ssh.err}`).toMatch(new RegExp(`ssh .*alice@${address.replaceAll('.', '\\.')}`));
      const status = good(
        ['status'],
        await town.account.clusterdrop(alice, ['status', 'mycluster', '--json']),
      );
      expect(JSON.parse(status.out)).toMatchObject({ status: { state: 'running', address } });
      const list = good(['list'], await town.account.clusterdrop(alice, ['list']));
      expect(list.out).toContain('mycluster');
    });

    test('is not taken down while a cluster lives', async () => {
      const refused = await town.account.clusterdrop(town.administrator, ['admin', 'destroy', '--yes']);
      expect(refused.code).toBe(2);
      expect(`${refused.out}${refused.err}`).toMatch(/mycluster/);
      expect(await town.stacks()).toHaveLength(1);
    });

    test('is upgraded under a running cluster without touching it', async () => {
      const before = await town.stacks();
      const upgraded = good(['admin deploy'], await town.deploy('--sweep-minutes', '7'));
      expect(`${upgraded.out}${upgraded.err}`).toMatch(/SweepMinutes.*7/);
      expect(await town.stacks()).toEqual(before);
      good(['admin deploy'], await town.deploy('--sweep-minutes', '5'));
    });

    test('is served by a process beside the functions, or in place of them', async () => {
      town.killFunction('reconcile');
      const served = town.account.start(
        'node',
        [join(town.account.dist, 'clusterdrop.js'), 'serve', '--store', STORE, '--json'],
        town.administrator.environment,
      );
      await town.drop(alice, 'served.cf-create');
      await town.untilFile('alice', 'served.cf-created');
      await town.drop(alice, 'served.cf-delete', '');
      await town.untilFile('alice', 'served.cf-deleted');
      const ended = new Promise((resolve) => served.once('exit', resolve));
      served.kill('SIGTERM');
      expect(await ended).toBe(0);
      town.restartFunction('reconcile', 5);
    });

    test("moves files into the cluster's folder and back", async () => {
      writeFileSync(join(alice.environment['HOME'] ?? '', 'data.txt'), 'results');
      good(['put'], await town.account.clusterdrop(alice, ['put', 'mycluster', 'data.txt']));
      expect(await town.read('home/alice/mycluster.files/data.txt')).toBe('results');
      good(['get'], await town.account.clusterdrop(alice, ['get', 'mycluster', '--to', 'back']));
      const doctor = await town.account.clusterdrop(alice, ['doctor', '--json']);
      expect(doctor.code, doctor.out + doctor.err).toBe(0);
    });

    test('is found sound, and what is planted is found', async () => {
      const doctor = async () => {
        const { code, out } = await town.account.clusterdrop(town.administrator, [
          'admin',
          'doctor',
          '--json',
        ]);
        const { findings } = JSON.parse(out) as {
          findings: { check: string; level: string; what: string }[];
        };
        return { code, failed: findings.filter(({ level }) => level === 'fail') };
      };
      const sound = await doctor();
      // The emulator has no alarms, its zones are those of another region, and its queue must not wake the function.
      const notEmulated = /alarm|zone|takes nothing out of the queue/i;
      expect(sound.failed.filter(({ what }) => !notEmulated.test(what))).toEqual([]);
      const found = async () => (await doctor()).failed.map(({ what }) => what).join('\n');

      const notification = [
        's3api',
        'put-bucket-notification-configuration',
        '--bucket',
        USERS_BUCKET,
        '--notification-configuration',
      ];
      await town.account.awsJson(town.administrator, [...notification, '{}']);
      expect(await found()).toMatch(/EventBridge/);
      await town.account.awsJson(town.administrator, [...notification, '{"EventBridgeConfiguration": {}}']);

      const versioning = [
        's3api',
        'put-bucket-versioning',
        '--bucket',
        USERS_BUCKET,
        '--versioning-configuration',
      ];
      await town.account.awsJson(town.administrator, [...versioning, 'Status=Suspended']);
      expect(await found()).toMatch(/version/);
      await town.account.awsJson(town.administrator, [...versioning, 'Status=Enabled']);

      const dead = await town.queueUrl('clusterdrop-dead-letters');
      await town.account.awsJson(town.administrator, [
        'sqs',
        'send-message',
        '--queue-url',
        dead,
        '--message-body',
        'planted',
      ]);
      expect(await found()).toMatch(/1 message could not be followed up/);
      await town.account.awsJson(town.administrator, ['sqs', 'purge-queue', '--queue-url', dead]);
      expect((await doctor()).failed.length).toBe(sound.failed.length);
    });

    test('lives through its own test of itself', async () => {
      const { code, out, err } = await town.account.clusterdrop(
        town.administrator,
        ['admin', 'selftest', '--yes'],
        { patience: 240_000 },
      );
      expect(code, out + err).toBe(0);
      expect(await town.stacks()).toHaveLength(1);
    });

    test('is empty of clusters after the last has ended', async () => {
      good(['delete'], await town.account.clusterdrop(alice, ['delete', 'mycluster', '--wait']));
      expect(await town.stacks()).toEqual([]);
      expect(await town.instances()).toEqual([]);
    });

    test('has run on the rights that its policies give, and on no others', () => {
      const { calls } = town.account.proxy;
      for (const role of Object.values(ROLES))
        expect(calls.filter(({ caller }) => caller === role).length).toBeGreaterThan(10);
      // Her commands ask whether they may see the administrator's bucket, and go on without it.
      expect([...town.gate.refused].toSorted()).toEqual([
        `user s3:GetBucketTagging arn:aws:s3:::${USERS_BUCKET}`,
        `user s3:ListBucket arn:aws:s3:::${USERS_BUCKET}`,
      ]);
    });

    test('holds nothing but the data that it said it would keep, once it is taken down', async () => {
      town.killFunction('reconcile');
      town.killFunction('sweep');
      const gone = good(
        ['admin destroy'],
        await town.account.clusterdrop(town.administrator, ['admin', 'destroy', '--yes'], {
          patience: 240_000,
        }),
      );
      for (const bucket of [USERS_BUCKET, ADMIN_BUCKET]) expect(`${gone.out}${gone.err}`).toContain(bucket);
      const { Stacks } = await town.account.awsJson<{ Stacks: { StackName: string; StackStatus: string }[] }>(
        town.administrator,
        ['cloudformation', 'describe-stacks'],
      );
      expect(Stacks.filter(({ StackStatus }) => StackStatus !== 'DELETE_COMPLETE')).toEqual([]);
      const { Buckets } = await town.account.awsJson<{ Buckets: { Name: string }[] }>(town.administrator, [
        's3api',
        'list-buckets',
      ]);
      expect(Buckets.map(({ Name }) => Name).toSorted()).toEqual([ADMIN_BUCKET, USERS_BUCKET]);
      const { Roles } = await town.account.awsJson<{ Roles: { RoleName: string }[] }>(town.administrator, [
        'iam',
        'list-roles',
      ]);
      expect(Roles).toEqual([]);
      const { QueueUrls = [] } = await town.account.awsJson<{ QueueUrls?: string[] }>(town.administrator, [
        'sqs',
        'list-queues',
      ]);
      expect(QueueUrls).toEqual([]);
      expect(await town.read('home/alice/mycluster.cf-deleted')).toContain('mycluster');
    });

    test('takes up its data again when it is installed anew', async () => {
      good(['admin deploy'], await town.deploy());
      const users = await town.admin('admin', 'users');
      expect(users.out).toContain('alice');
    });
  },
  { timeout: 300_000 },
);
