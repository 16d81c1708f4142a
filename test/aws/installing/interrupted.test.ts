import { afterEach, beforeEach, expect, it } from 'vitest';
import { describeOnMoto } from '../../emulator/moto.ts';
import { ADMIN, type EmulatedAccount, openAccount, USERS, writesIn } from './account-fixture.ts';

const ALL = ['control-clusterdrop-base', 'control-clusterdrop-clusters', 'control-clusterdrop-engine'];

describeOnMoto(
  'an installation that is cut short',
  () => {
    let account: EmulatedAccount;
    beforeEach(async () => {
      account = await openAccount();
    }, 60_000);
    afterEach(() => account.close());

    /** From the n-th write on nothing gets through any more, as when a cable is pulled. */
    function cutAfter(writes: number): void {
      account.proxy.calls.length = 0;
      account.proxy.setFate(() => (writesIn(account.proxy).length < writes ? 'pass' : 'error'));
    }

    it('is finished by the next run, wherever it was', async () => {
      let [run, cuts] = [0, 0];
      // Each run gets a little further than the one before, until one gets to the end.
      for (let code = -1; code !== 0; run++) {
        expect(run).toBeLessThan(20);
        cutAfter(3);
        ({ code } = await account.deploy());
        if (code !== 0) cuts++;
      }
      account.proxy.setFate(() => 'pass');
      expect(cuts).toBeGreaterThan(2);
      expect(await account.stacks()).toEqual(ALL);
      expect(await account.buckets()).toEqual([ADMIN, USERS]);
      expect(await account.deploy()).toMatchObject({ out: 'Nothing to change.\n' });
    });

    it('is taken down by the next run, wherever it was', async () => {
      expect(await account.deploy()).toMatchObject({ code: 0 });
      let [run, cuts] = [0, 0];
      for (let code = -1; code !== 0; run++) {
        expect(run).toBeLessThan(20);
        cutAfter(1);
        ({ code } = await account.cli(['admin', 'destroy', '--yes']));
        if (code !== 0) cuts++;
      }
      account.proxy.setFate(() => 'pass');
      expect(cuts).toBeGreaterThan(2);
      expect(await account.stacks()).toEqual([]);
      expect(await account.buckets()).toEqual([ADMIN, USERS]);
      expect(await account.keys(ADMIN)).not.toContain('installation.json');
    });
  },
  { timeout: 300_000 },
);
