import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeOnMoto } from '../emulator/moto.ts';
import { root } from '../shipped.ts';
import type { Person } from './account.ts';
import { largeBlueprint } from './emulator-parts.ts';
import { good, Installed, STORE } from './installed.ts';

/** The emulator looks through every version in the bucket at each listing: what takes AWS seconds takes it minutes. */
/** To look at hundreds of files is work for the emulator, too. */
const BURST = { longest: 1_200_000, every: 3000 };
const ADDRESS = /^\d{1,3}(?:\.\d{1,3}){3}\n$/;

describeOnMoto(
  'drops by the AWS CLI, attended to by the functions as they are uploaded',
  () => {
    let town: Installed;
    let alice: Person;
    let bob: Person;
    beforeAll(async () => {
      town = await Installed.open();
      await town.addBlueprint();
      alice = await town.addUser('alice');
      bob = await town.addUser('bob');
      await town.startFunctions({ visibilitySeconds: 60, sweepSeconds: 20 });
    }, 500_000);
    afterAll(() => town?.close());

    async function tagsOf(path: string): Promise<Record<string, string>[]> {
      return (await town.stacks())
        .map(({ Tags = [] }) => Object.fromEntries(Tags.map(({ Key = '', Value = '' }) => [Key, Value])))
        .filter((tags) => tags['clusterdrop:path-0'] === `home/${path}`);
    }

    async function end(who: Person, name: string): Promise<string> {
      await town.drop(who, `${name}.cf-delete`, '');
      const said = await town.untilFile(who.name, `${name}.cf-deleted`);
      // What asked for it is taken away last of all.
      await town.until(
        `${name}.cf-delete is taken`,
        async () => !(await town.files(who.name)).includes(`${name}.cf-delete`),
      );
      return said;
    }

    test("the guide's example, verbatim, becomes a cluster with the address of its instance, and goes again", async () => {
      const before = await town.instances();
      const guide = join(root, 'examples', 'guide.cf-create');
      good(
        ['s3 cp'],
        await town.account.aws(alice, ['s3', 'cp', guide, `${STORE}/home/alice/mycluster.cf-create`]),
      );
      const created = await town.untilFile('alice', 'mycluster.cf-created');
      expect(created).toMatch(ADDRESS);
      expect((await town.instances()).filter((one) => !before.includes(one))).toContain(created.trim());
      // The drop goes when its answer is there.
      await town.until(
        'mycluster.cf-create is taken',
        async () => !(await town.files('alice')).includes('mycluster.cf-create'),
      );
      const [tags] = await tagsOf('alice/mycluster');
      expect(tags).toMatchObject({ USER: 'alice', project: 'alice' });
      const status = JSON.parse((await town.read('home/alice/mycluster.cf-status')) ?? '{}');
      expect(status).toMatchObject({ state: 'running', address: created.trim(), simulated: false });
      expect(status.settings ?? status.request).toMatchObject({
        ComputeMaxNodes: expect.anything() as number,
      });

      expect(await end(alice, 'mycluster')).toMatch(/mycluster/);
      expect(await tagsOf('alice/mycluster')).toEqual([]);
      expect((await town.instances()).toSorted()).toEqual(before.toSorted());
      expect(
        (await town.files('alice')).filter((name) => /^mycluster\.cf-(?:create|created|delete)$/.test(name)),
      ).toEqual([]);
    });

    test('every mistake of a file is answered at once, and nothing starts', async () => {
      await town.drop(
        alice,
        'wrong.cf-create',
        '{"ComputeMaxNode": 4, "ComputeSpotPrice": "-1", "MasterInstanceType": "r4.huge"}',
      );
      const answer = await town.untilFile('alice', 'wrong.cf-failed');
      for (const word of ['ComputeMaxNode', 'ComputeSpotPrice', 'r4.huge']) expect(answer).toContain(word);
      expect(await tagsOf('alice/wrong')).toEqual([]);
      await town.drop(alice, 'near.cf-create.txt');
      expect(await town.untilFile('alice', 'near.cf-failed')).toContain('near.cf-create');
    });

    test('a template that is too large for a call is given by its address', async () => {
      const folder = join(town.account.folder, 'large');
      largeBlueprint(folder);
      await town.admin('admin', 'add-blueprint', folder, '--yes');
      await town.admin('admin', 'limits', 'set', 'blueprints=small,large');
      await town.drop(alice, 'large.cf-create', '{"Blueprint": "large"}');
      expect(await town.untilFile('alice', 'large.cf-created')).toMatch(ADDRESS);
      const made = town.account.proxy.calls.filter(({ operation }) => operation === 'CreateStack').at(-1);
      expect(made?.parameters['TemplateURL']).toMatch(/^https:\/\/clusterdrop-admin-/);
      await end(alice, 'large');
    });

    test('two users with one name have two clusters, and neither can end or pretend to be the other', async () => {
      await town.drop(alice, 'same.cf-create');
      await town.drop(bob, 'same.cf-create');
      const [hers, his] = [
        await town.untilFile('alice', 'same.cf-created'),
        await town.untilFile('bob', 'same.cf-created'),
      ];
      expect(hers).not.toBe(his);
      const [bobs] = await tagsOf('bob/same');
      // All that alice can write: replies that speak of bob's cluster, and drops in her own folder.
      const bobsStatus = (await town.read('home/bob/same.cf-status')) ?? '';
      await town.drop(alice, 'same.cf-status', bobsStatus);
      await town.drop(alice, 'same.cf-created', his);
      await town.drop(alice, 'bob/same.cf-delete', '');
      await town.drop(alice, 'home/bob/same.cf-delete', '');
      await end(alice, 'same');
      expect(await tagsOf('alice/same')).toEqual([]);
      expect(await tagsOf('bob/same')).toEqual([bobs]);
      expect(await town.read('home/bob/same.cf-created')).toBe(his);
      await end(bob, 'same');
    });

    test('forged replies start nothing, end nothing, and are put right', async () => {
      await town.drop(alice, 'forged.cf-created', '192.0.2.66\n');
      await town.drop(alice, 'forged.cf-deleted', 'gone');
      await town.drop(alice, 'forged.cf-create');
      const address = await town.until('the real address', async () => {
        const text = await town.read('home/alice/forged.cf-created');
        return text !== '192.0.2.66\n' && text;
      });
      expect(address).toMatch(ADDRESS);
      // Taken away it comes back; and what it says is never believed.
      const key = `${STORE}/home/alice/forged.cf-created`;
      good(['s3 rm'], await town.account.aws(alice, ['s3', 'rm', key]));
      expect(await town.untilFile('alice', 'forged.cf-created')).toBe(address);
      await town.drop(alice, 'forged.cf-created', '192.0.2.66\n');
      await town.drop(alice, 'forged.cf-status', '{"state": "gone"}');
      await end(alice, 'forged');
    });

    test('the same content dropped twice is two drops, and one cluster', async () => {
      await town.drop(alice, 'twice.cf-create', '{"ComputeMaxNodes": 2}');
      await town.untilFile('alice', 'twice.cf-created');
      const [first] = await tagsOf('alice/twice');
      await town.drop(alice, 'twice.cf-create', '{"ComputeMaxNodes": 2}');
      await town.until(
        'the second is taken',
        async () => !(await town.files('alice')).includes('twice.cf-create'),
      );
      expect((await tagsOf('alice/twice')).length).toBe(1);
      expect(JSON.parse((await town.read('home/alice/twice.cf-status')) ?? '{}').state).toBe('running');
      // Gone and made again with the very same text: a new cluster.
      await end(alice, 'twice');
      await town.drop(alice, 'twice.cf-create', '{"ComputeMaxNodes": 2}');
      await town.untilFile('alice', 'twice.cf-created');
      expect((await tagsOf('alice/twice'))[0]?.['clusterdrop:drop']).not.toBe(first?.['clusterdrop:drop']);
      await end(alice, 'twice');
    });

    test(
      'two hundred drops at once are two hundred clusters, and two hundred ends leave nothing',
      async () => {
        await town.admin('admin', 'limits', 'set', 'clusters=500', 'usdPerMonth=none');
        const burst = join(town.account.folder, 'burst');
        mkdirSync(burst, { recursive: true });
        const names = Array.from({ length: 200 }, (_, n) => `n${n}`);
        for (const name of names) writeFileSync(join(burst, `${name}.cf-create`), '{}');
        good(
          ['s3 cp'],
          await town.account.aws(alice, [
            's3',
            'cp',
            '--recursive',
            '--quiet',
            burst,
            `${STORE}/home/alice/burst/`,
          ]),
        );
        const answered = (suffix: string) => async () =>
          (await town.files('alice')).filter((name) => name.startsWith('burst/') && name.endsWith(suffix))
            .length === 200;
        await town.until('200 addresses', answered('.cf-created'), BURST);
        const stacks = (await town.stacks()).filter(({ StackName }) => StackName?.includes('alice'));
        expect(new Set(stacks.map(({ StackName }) => StackName)).size).toBe(200);
        const ends = join(town.account.folder, 'ends');
        mkdirSync(ends, { recursive: true });
        for (const name of names) writeFileSync(join(ends, `${name}.cf-delete`), '');
        good(
          ['s3 cp'],
          await town.account.aws(alice, [
            's3',
            'cp',
            '--recursive',
            '--quiet',
            ends,
            `${STORE}/home/alice/burst/`,
          ]),
        );
        await town.until('200 ends', answered('.cf-deleted'), BURST);
        expect(await town.stacks()).toEqual([]);
        expect(await town.instances()).toEqual([]);
      },
      2 * BURST.longest + 60_000,
    );

    test('nobody was refused anything by the deployed policies', () => {
      expect([...town.gate.refused]).toEqual([]);
    });
  },
  { timeout: 300_000 },
);
