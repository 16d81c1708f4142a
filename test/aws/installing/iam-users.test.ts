import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  CreateGroupCommand,
  CreateUserCommand,
  GetGroupCommand,
  GetUserCommand,
  ListAccessKeysCommand,
} from '@aws-sdk/client-iam';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeOnMoto } from '../../emulator/moto.ts';
import { ADMIN, type EmulatedAccount, openAccount, USERS } from './account-fixture.ts';

describeOnMoto(
  'users of an installation on AWS',
  () => {
    let account: EmulatedAccount;
    beforeAll(async () => {
      account = await openAccount();
      for (const GroupName of ['clusterdrop-users', 'students'])
        await account.iam.send(new CreateGroupCommand({ GroupName }));
      expect(await account.deploy()).toMatchObject({ code: 0 });
    }, 120_000);
    afterAll(() => account.close());

    it('must be IAM users, of any path and exactly this name; nothing is done for others', async () => {
      await account.iam.send(new CreateUserCommand({ UserName: 'alice', Path: '/people/lab/' }));
      expect(await account.cli(['admin', 'add-user', 'bob'])).toMatchObject({
        code: 2,
        err: expect.stringMatching(/no IAM user bob[\s\S]*--create[\s\S]*--federated/),
      });
      expect(await account.keys(ADMIN)).not.toContain('customizer/bob/authorized_keys');
      const said = await account.cli(['admin', 'add-user', 'alice']);
      expect(said).toMatchObject({
        code: 0,
        out: expect.stringContaining('is in the group clusterdrop-users'),
      });
      expect(said.out).toMatch(/clusterdrop create NAME --store s3:\/\/\S+ --wait/);
      expect(await members('clusterdrop-users')).toContain('alice');
      expect(await account.keys(USERS)).toContain('home/alice/README.txt');
      const again = await account.cli(['admin', 'add-user', 'alice', '--json']);
      expect(JSON.parse(again.out)).toMatchObject({
        outcome: 'unchanged',
        iam: { user: 'there', group: 'clusterdrop-users', joined: false, accessKey: null },
      });
    });

    it('are made on request, with an access key that nobody else sees', async () => {
      const command = [
        'admin',
        'add-user',
        'carol',
        '--create',
        '--group',
        'students',
        '--access-key',
        'carol.key',
      ];
      const said = await account.cli(command);
      expect(said, said.err).toMatchObject({ code: 0 });
      const file = join(account.folder, 'carol.key');
      expect(statSync(file).mode & 0o777).toBe(0o600);
      const [, id = '', secret = ''] =
        /^\[default\]\naws_access_key_id = (\S+)\naws_secret_access_key = (\S+)\n$/.exec(
          readFileSync(file, 'utf8'),
        ) ?? [];
      expect(await accessKeys('carol')).toEqual([id]);
      expect(secret).not.toBe('');
      expect(said.out + said.err).not.toContain(secret);
      expect(await members('students')).toEqual(['carol']);
      // A repeat makes no second key.
      expect(await account.cli(command)).toMatchObject({
        code: 0,
        out: expect.stringContaining('holds a key of theirs already'),
      });
      expect(await accessKeys('carol')).toEqual([id]);
    });

    it('never writes over a file, and makes no key that it cannot hand over', async () => {
      writeFileSync(join(account.folder, 'notes.txt'), 'mine\n');
      for (const file of ['notes.txt', 'no-such-folder/key'])
        expect(
          await account.cli([
            'admin',
            'add-user',
            'dave',
            '--create',
            '--group',
            'none',
            '--access-key',
            file,
          ]),
        ).toMatchObject({ code: 2, err: expect.stringContaining('access key cannot be written') });
      expect(readFileSync(join(account.folder, 'notes.txt'), 'utf8')).toBe('mine\n');
      expect(await accessKeys('dave')).toEqual([]);
      expect(await members('clusterdrop-users')).not.toContain('dave');
    });

    it('says that IAM allows two keys', async () => {
      const key = (name: string) =>
        account.cli(['admin', 'add-user', 'heidi', '--create', '--access-key', name]);
      for (const one of ['first.key', 'second.key']) expect(await key(one)).toMatchObject({ code: 0 });
      expect(await key('third.key')).toMatchObject({
        code: 2,
        err: expect.stringContaining('two access keys'),
      });
      expect(() => statSync(join(account.folder, 'third.key'))).toThrow();
    });

    it('may come from a directory of their own', async () => {
      const said = await account.cli(['admin', 'add-user', 'erin', '--federated']);
      expect(said).toMatchObject({
        code: 0,
        out: expect.stringMatching(
          /principal tag clusterdrop-user = erin.*policy clusterdrop-federated-users/,
        ),
      });
      await expect(account.iam.send(new GetUserCommand({ UserName: 'erin' }))).rejects.toThrow();
      expect(await account.cli(['admin', 'add-user', 'erin', '--federated', '--create'])).toMatchObject({
        code: 2,
        err: expect.stringContaining('cannot be used together'),
      });
    });

    it('come by lists: all who are missing are told first', async () => {
      await account.iam.send(new CreateUserCommand({ UserName: 'ivan' }));
      writeFileSync(
        join(account.folder, 'people.csv'),
        'name,email\nfrank,frank@example.org\ngrace,\nivan,\n',
      );
      const bare = await account.cli(['admin', 'add-users', 'people.csv']);
      expect(bare).toMatchObject({ code: 2, err: expect.stringMatching(/frank[\s\S]*grace/) });
      expect(await account.keys(USERS)).not.toContain('home/frank/README.txt');
      const said = await account.cli([
        'admin',
        'add-users',
        'people.csv',
        '--create',
        '--access-keys',
        'keys',
      ]);
      expect(said, said.err).toMatchObject({
        code: 0,
        out: expect.stringContaining('keys/grace.credentials'),
      });
      expect(await members('clusterdrop-users')).toEqual(expect.arrayContaining(['frank', 'grace', 'ivan']));
      expect(readFileSync(join(account.folder, 'keys/frank.credentials'), 'utf8')).toContain(
        (await accessKeys('frank'))[0] ?? 'a key',
      );
      expect(await account.cli(['admin', 'add-users', 'people.csv', '--group', 'nobody'])).toMatchObject({
        code: 3,
        err: expect.stringContaining('no IAM group nobody'),
      });
    });

    it('leave the group when they are removed, and stay IAM users', async () => {
      expect(await account.cli(['admin', 'add-user', 'judy', '--create'])).toMatchObject({ code: 0 });
      expect(await account.cli(['admin', 'remove-user', 'judy'])).toMatchObject({
        code: 0,
        out: expect.stringContaining('out of the group clusterdrop-users; the IAM user itself stays'),
      });
      expect(await members('clusterdrop-users')).not.toContain('judy');
      expect(await account.iam.send(new GetUserCommand({ UserName: 'judy' }))).toMatchObject({
        User: { UserName: 'judy' },
      });
      expect(await account.cli(['admin', 'remove-user', 'judy'])).toMatchObject({ code: 2 });
    });

    async function members(GroupName: string): Promise<string[]> {
      const { Users = [] } = await account.iam.send(new GetGroupCommand({ GroupName }));
      return Users.map(({ UserName = '' }) => UserName).toSorted();
    }

    async function accessKeys(UserName: string): Promise<string[]> {
      const { AccessKeyMetadata = [] } = await account.iam.send(new ListAccessKeysCommand({ UserName }));
      return AccessKeyMetadata.map(({ AccessKeyId = '' }) => AccessKeyId);
    }
  },
  { timeout: 120_000 },
);
