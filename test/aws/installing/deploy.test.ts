import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CreateGroupCommand, CreateUserCommand, GetRoleCommand } from '@aws-sdk/client-iam';
import {
  DeleteObjectCommand,
  GetBucketNotificationConfigurationCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { describeOnMoto } from '../../emulator/moto.ts';
import { ACCOUNT, ADMIN, type EmulatedAccount, openAccount, REGION, USERS } from './account-fixture.ts';
import { emulatedTemplate, writeTemplates } from './emulated-templates.ts';

const ALL = ['control-clusterdrop-base', 'control-clusterdrop-clusters', 'control-clusterdrop-engine'];

describeOnMoto(
  'an installation from its beginning to its end',
  () => {
    let account: EmulatedAccount;
    beforeEach(async () => {
      account = await openAccount();
    }, 60_000);
    afterEach(() => account.close());

    it('is made in an empty account, left alone when nothing changes, changed, taken down, and taken up again', async () => {
      // The emulator's CloudFormation knows no groups.
      await account.iam.send(new CreateGroupCommand({ GroupName: 'clusterdrop-users' }));

      const first = await account.deploy(
        '--contact',
        'Alice in room 7',
        '--admin-email',
        'admin@example.org',
      );
      expect(first, first.err).toMatchObject({ code: 0 });
      expect(first.out).toContain('Let somebody in: clusterdrop admin add-user');
      expect(first.out).toContain('No kind of cluster is offered yet');
      expect(await account.stacks()).toEqual(ALL);
      expect(await account.json(ADMIN, 'installation.json')).toMatchObject({
        version: 1,
        id: `clusterdrop-${ACCOUNT}-${REGION}`,
        prefix: 'clusterdrop',
        bucket: USERS,
        contact: 'Alice in room 7',
        adminEmail: 'admin@example.org',
        simulated: false,
        network: {
          vpc: expect.stringMatching(/^vpc-/),
          subnets: expect.arrayContaining([expect.stringMatching(/^subnet-/)]),
          sshFrom: '192.0.2.0/24',
          boundary: expect.stringContaining(':policy/clusterdrop/clusterdrop/control/'),
          rolePath: '/clusterdrop/clusterdrop/clusters/',
        },
        aws: {
          account: ACCOUNT,
          region: REGION,
          clustersRegion: REGION,
          buckets: [USERS],
          group: 'clusterdrop-users',
          executionRole: expect.stringContaining(
            ':role/clusterdrop/clusterdrop/control/clusterdrop-execution',
          ),
          queueUrl: expect.stringMatching(/\/clusterdrop-nudges$/),
          deadLetterQueueUrl: expect.stringMatching(/\/clusterdrop-dead-letters$/),
        },
      });
      // What the emulator's CloudFormation ignores is found missing and set.
      const { s3 } = account;
      for (const Bucket of [USERS, ADMIN])
        expect(await s3.send(new GetBucketVersioningCommand({ Bucket }))).toMatchObject({
          Status: 'Enabled',
        });
      const notifications = new GetBucketNotificationConfigurationCommand({ Bucket: USERS });
      expect((await s3.send(notifications)).EventBridgeConfiguration).toBeDefined();
      const { TagSet } = await s3.send(new GetBucketTaggingCommand({ Bucket: USERS }));
      expect(TagSet).toContainEqual({ Key: 'clusterdrop:administrator-bucket', Value: ADMIN });
      expect(await account.keys(ADMIN)).toEqual([
        expect.stringMatching(/^code\/[0-9a-f]{16}\.zip$/),
        'customizer/default/configure.d/hyperthreading.sh',
        'customizer/default/configure.d/packages.sh',
        'customizer/default/configure.d/user.sh',
        'customizer/default/manifest.txt',
        'deployment.json',
        'installation.json',
        'limits/default.json',
      ]);
      // The next command needs no --store.
      expect(
        JSON.parse(readFileSync(join(account.folder, '.config/clusterdrop/config.json'), 'utf8')),
      ).toMatchObject({ store: `s3://${USERS}` });

      // Nothing is said again, and nothing is written.
      const again = ['admin', 'deploy', '--yes', '--templates', account.templates];
      account.proxy.calls.length = 0;
      expect(await account.cli(again)).toMatchObject({ code: 0, out: 'Nothing to change.\n' });
      expect(account.proxy.calls.length).toBeGreaterThan(10);
      expect(account.writes()).toEqual([]);

      // An administrator's own hand: what was edited, added and removed stays so.
      const own = await account.json(ADMIN, 'installation.json');
      await put('installation.json', { ...own, contact: 'Bob', defaultBlueprint: 'mine', notes: 'by hand' });
      await put('limits/default.json', { version: 1, clusters: 7 });

      // One parameter.
      account.proxy.calls.length = 0;
      const dry = await account.cli([...again, '--sweep-minutes', '10', '--dry-run']);
      expect(dry.out).toContain('~ stack control-clusterdrop-engine');
      expect(dry.out).toContain('SweepMinutes: 5 -> 10');
      expect(dry.out).not.toContain('base');
      expect(account.writes()).toEqual([]);
      expect(await account.cli([...again, '--sweep-minutes', '10'])).toMatchObject({ code: 0 });
      expect(account.writes().toSorted()).toEqual(['PutObject', 'UpdateStack']);
      expect(await account.cli(again)).toMatchObject({ out: 'Nothing to change.\n' });
      expect(await account.json(ADMIN, 'installation.json')).toMatchObject({
        contact: 'Bob',
        defaultBlueprint: 'mine',
        notes: 'by hand',
      });
      expect(await account.json(ADMIN, 'limits/default.json')).toMatchObject({ clusters: 7 });

      // New code, and a resource more.
      const engine = emulatedTemplate('engine');
      writeTemplates(account.templates, {
        code: 'export const handler = () => 2;',
        changed: {
          engine: { ...engine, Resources: { ...engine.Resources, More: { Type: 'AWS::SNS::Topic' } } },
        },
      });
      const upgrade = await account.cli([...again, '--dry-run']);
      expect(upgrade.out).toContain('    + AWS::SNS::Topic More\n');
      expect(upgrade.out).toMatch(/CodeKey: code\/\w+\.zip -> code\/\w+\.zip/);
      expect(await account.cli(again)).toMatchObject({ code: 0 });
      expect(await account.cli(again)).toMatchObject({ out: 'Nothing to change.\n' });

      // Down: refused as long as somebody waits for an answer, then everything goes but the data.
      await account.s3.send(
        new PutObjectCommand({ Bucket: USERS, Key: 'home/alice/one.cf-create', Body: '{}' }),
      );
      expect(await account.cli(['admin', 'destroy', '--yes'])).toMatchObject({
        code: 2,
        err: expect.stringMatching(/alice\/one[\s\S]*admin stop --all/),
      });
      await account.s3.send(
        new PutObjectCommand({ Bucket: USERS, Key: 'home/alice/one.cf-failed', Body: 'x' }),
      );
      await account.s3.send(new DeleteObjectCommand({ Bucket: USERS, Key: 'home/alice/one.cf-create' }));
      await account.iam.send(new CreateUserCommand({ UserName: 'alice', Path: '/people/' }));
      expect(await account.cli(['admin', 'add-user', 'alice'])).toMatchObject({ code: 0 });
      expect(await account.cli(['admin', 'destroy'])).toMatchObject({
        code: 2,
        err: expect.stringContaining('nobody can answer here'),
      });
      expect(await account.cli(['admin', 'destroy'], ['n'])).toMatchObject({ code: 1 });
      expect(await account.stacks()).toEqual(ALL);
      const down = await account.cli(['admin', 'destroy'], ['y']);
      expect(down, down.err).toMatchObject({ code: 0 });
      expect(down.err).toContain("alice's place in the users' group");
      expect(await account.stacks()).toEqual([]);
      expect(await isRole('clusterdrop-execution')).toBe(false);
      expect(await account.buckets()).toEqual([ADMIN, USERS]);
      expect(await account.keys(USERS)).toContain('home/alice/one.cf-failed');
      expect(await account.keys(ADMIN)).not.toContain('installation.json');
      expect(await account.cli(['admin', 'destroy', '--yes'])).toMatchObject({
        code: 0,
        out: expect.stringContaining('nothing to take down'),
      });

      // Up again on the same data, with what was chosen then.
      const up = await account.cli(again);
      expect(up, up.err).toMatchObject({ code: 0 });
      expect(up.out).toContain("the users' group again (1)");
      expect(await account.json(ADMIN, 'installation.json')).toMatchObject({
        contact: 'Bob',
        notes: 'by hand',
        network: { sshFrom: '192.0.2.0/24' },
      });
      expect(await account.cli(['admin', 'users', '--store', `s3://${USERS}`])).toMatchObject({
        out: expect.stringContaining('alice'),
      });
      expect(await account.cli(again)).toMatchObject({ out: 'Nothing to change.\n' });

      // And down with everything.
      expect(await account.cli(['admin', 'destroy', '--delete-data', '--yes'])).toMatchObject({
        code: 2,
        err: expect.stringContaining('has been typed'),
      });
      expect(
        await account.cli(['admin', 'destroy', '--delete-data'], [ADMIN, 'something else']),
      ).toMatchObject({
        code: 2,
      });
      expect(await account.stacks()).toEqual(ALL);
      const names = [USERS, ADMIN];
      const end = await account.cli(['admin', 'destroy', '--delete-data'], names);
      expect(end, end.err).toMatchObject({ code: 0 });
      expect(await account.buckets()).toEqual([]);
      expect(await account.stacks()).toEqual([]);
      expect(await account.cli(['admin', 'destroy', '--yes'])).toMatchObject({
        code: 2,
        err: expect.stringContaining('there is no installation'),
      });
    });

    async function put(Key: string, value: object): Promise<void> {
      await account.s3.send(new PutObjectCommand({ Bucket: ADMIN, Key, Body: JSON.stringify(value) }));
    }

    async function isRole(RoleName: string): Promise<boolean> {
      return account.iam.send(new GetRoleCommand({ RoleName })).then(
        () => true,
        () => false,
      );
    }
  },
  { timeout: 300_000 },
);
