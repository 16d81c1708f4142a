import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { CreateRoleCommand } from '@aws-sdk/client-iam';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { describeOnMoto } from '../../emulator/moto.ts';
import { type EmulatedAccount, openAccount } from './account-fixture.ts';
import { writeTemplates } from './emulated-templates.ts';

describeOnMoto(
  'an installation is refused in words, before anything is changed',
  () => {
    let account: EmulatedAccount;
    beforeAll(async () => {
      account = await openAccount();
      await account.iam.send(
        new CreateRoleCommand({ RoleName: 'used-execution', AssumeRolePolicyDocument: '{}' }),
      );
    }, 60_000);
    beforeEach(() => {
      account.proxy.calls.length = 0;
    });
    afterAll(() => account.close());

    const SSH = ['--ssh-from', '192.0.2.0/24'];

    it.each<[string, string[], number, RegExp]>([
      ['nobody can answer', SSH, 2, /asks before it changes anything, and nobody can answer/],
      ['no source of ssh', ['--yes'], 2, /from where clusters may be reached by ssh/],
      [
        'a wrong source of ssh',
        ['--yes', '--ssh-from', '192.0.2.7/24'],
        2,
        /--ssh-from must be an IPv4 range/,
      ],
      ['a name that looks like a control stack', ['--name', 'control-x'], 2, /--name must be/],
      [
        'a name that is installed elsewhere',
        ['--name', 'used', '--yes', ...SSH],
        2,
        /no installation "used" in eu-west-2.*role used-execution[\s\S]*--region/,
      ],
      [
        'a VPC without subnets',
        ['--yes', ...SSH, '--vpc', 'vpc-1'],
        2,
        /--vpc and --subnets belong together/,
      ],
      [
        'subnets that are not there',
        ['--yes', ...SSH, '--vpc', 'vpc-1', '--subnets', 'subnet-1,subnet-2'],
        2,
        /no subnet subnet-1, subnet-2 in eu-west-2/,
      ],
      ['days that CloudWatch does not know', ['--yes', ...SSH, '--log-days', '31'], 2, /--log-days must be/],
      [
        'an address that is none',
        ['--yes', ...SSH, '--admin-email', 'me'],
        2,
        /--admin-email must be a mail address/,
      ],
      [
        'a bucket that is none',
        ['--yes', ...SSH, '--bucket', 'AF-users'],
        2,
        /--bucket must be the name of a bucket/,
      ],
      [
        'several mistakes at once',
        ['--sweep-minutes', '0', '--vpc-cidr', '10.0.0.0/8'],
        2,
        /vpc-cidr[\s\S]*sweep-minutes/,
      ],
    ])('%s', async (_, options, code, words) => {
      const said = await account.cli(['admin', 'deploy', '--templates', account.templates, ...options]);
      expect(said).toMatchObject({ code, err: expect.stringMatching(words) });
      expect(account.writes()).toEqual([]);
    });

    it('a package without its templates, or without its functions', async () => {
      const folder = writeTemplates(join(account.folder, 'broken'));
      rmSync(join(folder, 'mail.template.json'));
      expect(await account.cli(['admin', 'deploy', '--templates', folder])).toMatchObject({
        code: 3,
        err: expect.stringContaining('mail.template.json is missing'),
      });
    });

    it('somebody who says no', async () => {
      const said = await account.cli(
        ['admin', 'deploy', '--templates', account.templates],
        ['198.51.100.0/24', 'n'],
      );
      expect(said).toMatchObject({ code: 1, err: expect.stringContaining('Do this? [y/N]') });
      expect(account.writes()).toEqual([]);
    });

    it('warns of the whole world', async () => {
      const said = await account.cli([
        'admin',
        'deploy',
        '--templates',
        account.templates,
        '--ssh-from',
        '0.0.0.0/0',
        '--dry-run',
      ]);
      expect(said).toMatchObject({ code: 0, out: expect.stringContaining('lets the whole world try') });
      expect(account.writes()).toEqual([]);
    });

    it('shows a plan as one JSON document', async () => {
      const { out, err } = await account.deploy('--dry-run', '--json');
      expect(err).toBe('');
      expect(JSON.parse(out)).toMatchObject({
        version: 1,
        name: 'clusterdrop',
        outcome: 'planned',
        changes: expect.arrayContaining([expect.objectContaining({ kind: 'create', part: 'base' })]),
      });
    });
  },
  { timeout: 120_000 },
);
