import { CreateStackCommand, DeleteStackCommand } from '@aws-sdk/client-cloudformation';
import { CreateEmailIdentityCommand, SESv2Client } from '@aws-sdk/client-sesv2';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { clientConfig } from '../../../src/aws/access.ts';
import { describeOnMoto } from '../../emulator/moto.ts';
import { ACCOUNT, ADMIN, type EmulatedAccount, openAccount, REGION } from './account-fixture.ts';

const CLUSTERS = 'us-east-1';
const MAIL = 'eu-west-1';

describeOnMoto(
  'an installation in several regions',
  () => {
    let account: EmulatedAccount;
    beforeAll(async () => {
      account = await openAccount();
    }, 60_000);
    afterAll(() => account.close());

    it('has each stack where it belongs, is found from one of them only, and goes only without clusters', async () => {
      const ses = new SESv2Client(clientConfig(account.access, MAIL));
      await ses.send(new CreateEmailIdentityCommand({ EmailIdentity: 'example.org' }));
      const where = ['--clusters-region', CLUSTERS, '--mail-from', 'hpc@example.org', '--mail-region', MAIL];
      const said = await account.deploy(...where);
      expect(said, said.err).toMatchObject({ code: 0 });
      expect(await account.stacks()).toEqual(['control-clusterdrop-base', 'control-clusterdrop-engine']);
      expect(await account.stacks(CLUSTERS)).toEqual(['control-clusterdrop-clusters']);
      // SES knows the domain already.
      expect(await account.stacks(MAIL)).toEqual([]);
      expect(said.out).not.toContain('AWS has written');
      expect(await account.json(ADMIN, 'installation.json')).toMatchObject({
        aws: { region: REGION, clustersRegion: CLUSTERS, mail: { region: MAIL, from: 'hpc@example.org' } },
      });
      expect(await account.deploy()).toMatchObject({ out: 'Nothing to change.\n' });

      account.proxy.calls.length = 0;
      expect(await account.deploy('--region', MAIL)).toMatchObject({
        code: 2,
        err: expect.stringMatching(/no installation "clusterdrop" in eu-west-1[\s\S]*--region/),
      });
      expect(await account.deploy('--clusters-region', REGION)).toMatchObject({
        code: 2,
        err: expect.stringContaining("the clusters' region cannot be changed from us-east-1 to eu-west-2"),
      });

      const stack = account.cloudFormation(CLUSTERS);
      const tags = {
        'clusterdrop:installation': `clusterdrop-${ACCOUNT}-${REGION}`,
        'clusterdrop:cluster': 'x',
        'clusterdrop:path-0': 'home/alice/mycluster',
      };
      await stack.send(
        new CreateStackCommand({
          StackName: 'clusterdrop-alice-mycluster-0123456789abcdef',
          TemplateBody: '{"Resources":{"Topic":{"Type":"AWS::SNS::Topic"}}}',
          Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
        }),
      );
      account.proxy.calls.length = 0;
      for (const refused of [
        await account.cli(['admin', 'destroy', '--yes']),
        await account.deploy('--vpc-cidr', '10.9.0.0/16'),
      ])
        expect(refused).toMatchObject({
          code: 2,
          err: expect.stringMatching(/alice\/mycluster[\s\S]*admin stop --all/),
        });
      expect(account.writes()).toEqual([]);
      // An upgrade of anything else goes on beside it.
      expect(await account.deploy('--sweep-minutes', '7')).toMatchObject({ code: 0 });
      await stack.send(new DeleteStackCommand({ StackName: 'clusterdrop-alice-mycluster-0123456789abcdef' }));
      const down = await account.cli(['admin', 'destroy', '--yes']);
      expect(down, down.err).toMatchObject({ code: 0 });
      for (const region of [REGION, CLUSTERS, MAIL]) expect(await account.stacks(region)).toEqual([]);
    });
  },
  { timeout: 180_000 },
);
