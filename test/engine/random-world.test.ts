import fc from 'fast-check';
import { expect, test } from 'vitest';
import { attend } from '../../src/engine/attend.ts';
import { sweep } from '../../src/engine/sweep.ts';
import { portsThrough } from './ports-through.ts';
import { Town } from './town.ts';

const MINUTE = 60_000;
const PATHS = ['alice/a', 'alice/b', 'alice/sub/a', 'bob/a'] as const;

/** What may happen, in any order: to any cluster, or to the world. */
type Happening =
  | {
      readonly kind: 'create' | 'bad' | 'delete' | 'look' | 'unlink' | 'forge' | 'lose-reply';
      readonly path: string;
      readonly n: number;
    }
  | {
      readonly kind: 'pass' | 'sweep' | 'fault' | 'flaky' | 'lose-ledger';
      readonly path: string;
      readonly n: number;
    };

const happening = fc.record({
  kind: fc.oneof(
    { weight: 5, arbitrary: fc.constant('create' as const) },
    { weight: 2, arbitrary: fc.constant('bad' as const) },
    { weight: 3, arbitrary: fc.constant('delete' as const) },
    { weight: 6, arbitrary: fc.constant('look' as const) },
    { weight: 6, arbitrary: fc.constant('pass' as const) },
    { weight: 2, arbitrary: fc.constantFrom('unlink' as const, 'forge' as const, 'lose-reply' as const) },
    { weight: 2, arbitrary: fc.constantFrom('sweep' as const, 'fault' as const, 'flaky' as const) },
  ),
  path: fc.constantFrom(...PATHS),
  n: fc.nat(1000),
}) satisfies fc.Arbitrary<Happening>;

const FAULTS = [
  [],
  [{ do: 'fail', on: 'create', resource: 'LoginNode', times: 1 }],
  [{ do: 'fail', on: 'update', resource: 'ComputeGroup', times: 1 }],
  [{ do: 'stick', attempts: 1 }],
  [{ do: 'throttle', every: 4, on: ['describe', 'create', 'update', 'delete', 'events'] }],
  [{ do: 'refuse', on: 'create', reason: 'no', times: 1 }],
];

class Broken extends Error {}

/** Plays one random history. What people wrote is marked, so that it can be found again. */
async function play(
  town: Town,
  history: readonly Happening[],
): Promise<{ marks: string[]; last: Map<string, string> }> {
  const marks: string[] = [];
  let written = 0;
  const last = new Map<string, string>();
  const write = async (path: string, suffix: string, text: (mark: string) => string) => {
    const mark = `mark-${++written}-of-${path}`;
    await town.put(`${path}${suffix}`, text(mark));
    marks.push(mark);
  };
  for (const { kind, path, n } of history) {
    let world = town.world();
    if (kind === 'flaky') {
      let calls = 0;
      world = portsThrough(world, async (_label, call) => {
        if (++calls % (2 + (n % 7)) === 0) throw new Broken();
        return call();
      });
    }
    if (kind === 'create')
      await write(path, '.cf-create', (mark) => JSON.stringify({ ComputeMaxNodes: 1 + (n % 5), '//': mark }));
    if (kind === 'bad') await write(path, '.cf-create', (mark) => `{"ComputMaxNodes": 3, "//": "${mark}"`);
    if (kind === 'delete') await town.put(`${path}.cf-delete`, 'x');
    if (kind === 'create' || kind === 'bad' || kind === 'delete') last.set(path, kind);
    if (kind === 'unlink') {
      // What its own author takes away unseen is nobody's to keep.
      const text = town.read(`${path}.cf-create`) ?? '';
      for (const mark of marks.filter((one) => text.includes(`"${one}"`)))
        marks.splice(marks.indexOf(mark), 1);
      town.removeByHand(`${path}.cf-create`);
      last.delete(path);
    }
    if (kind === 'forge') await town.put(`${path}.cf-created`, '127.0.0.1\n');
    if (kind === 'lose-reply') town.removeByHand(`${path}.cf-${n % 2 === 0 ? 'created' : 'status'}`);
    if (kind === 'pass') town.clock.advance((n % 300) * 1000);
    if (kind === 'fault') town.faults(FAULTS[n % FAULTS.length] ?? []);
    try {
      if (kind === 'look') await town.reconcile(path, world);
      if (kind === 'sweep' || kind === 'flaky')
        for await (const nudge of sweep(world)) await attend(world, nudge);
    } catch (error) {
      if (!(error instanceof Broken)) throw error;
    }
    for (const [cluster, stacks] of await town.stacks()) expect(stacks, cluster).toHaveLength(1);
  }
  return { marks, last };
}

test('from any history the world comes to rest, as the last files asked', { timeout: 300_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(happening, { minLength: 5, maxLength: 40 }), async (history) => {
      const town = await Town.open(['alice', 'bob'], { speed: 20 });
      try {
        const { marks, last } = await play(town, history);
        town.faults([]);
        await town.converge({ horizon: 90 * MINUTE });

        const stacks = await town.stacks();
        const files = new Set([
          ...town.files('alice').map((file) => `alice/${file}`),
          ...town.files('alice/sub').map((file) => `alice/sub/${file}`),
          ...town.files('bob').map((file) => `bob/${file}`),
        ]);
        const entries = new Set<string>();
        for (const user of ['alice', 'bob']) {
          const ledger = await town.world().ledgers.read(user);
          for (const entry of Object.values(ledger.clusters))
            entries.add(entry.cluster.path.slice('home/'.length));
          expect(ledger.mail).toEqual([]);
        }
        for (const path of PATHS) {
          // Every drop is answered, and the answers tell the truth.
          expect(files.has(`${path}.cf-create`), `${path} create left`).toBe(false);
          expect(files.has(`${path}.cf-delete`), `${path} delete left`).toBe(false);
          expect(entries.has(path), `${path} in the ledger`).toBe(stacks.has(path));
          if (stacks.has(path)) {
            expect(stacks.get(path)?.[0]?.status).toMatch(/^(?:CREATE|UPDATE|UPDATE_ROLLBACK)_COMPLETE$/);
            expect(`${stacks.get(path)?.[0]?.outputs['LoginAddress']}\n`).toBe(
              town.read(`${path}.cf-created`),
            );
          }
          if (last.get(path) === 'delete') expect(stacks.has(path), `${path} was deleted last`).toBe(false);
        }
        // Nothing that a person wrote is lost: not the files taken, not those overwritten.
        for (const mark of marks) expect(town.holds(mark), mark).toBe(true);
        // Fixed point.
        const before = town.snapshot();
        for (const path of PATHS) await town.reconcile(path);
        expect(town.snapshot()).toBe(before);
      } finally {
        town.close();
      }
    }),
    {
      numRuns: Number(process.env['FC_RUNS'] ?? 25),
      ...(process.env['FC_SEED'] && { seed: Number(process.env['FC_SEED']) }),
    },
  );
});

test('a failed read is never "absent": no call that fails makes anything be deleted', {
  timeout: 120_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 40 }), fc.boolean(), async (failing, update) => {
      const town = await Town.open(['alice'], { speed: 1000 });
      try {
        await town.put('alice/a.cf-create');
        await town.converge({ horizon: 5 * MINUTE });
        if (update) await town.put('alice/a.cf-create', '{"ComputeMaxNodes": 2}');
        const before = await town.stacks();
        let reads = 0;
        const world = portsThrough(town.world(), async (label, call) => {
          if (/\.(?:get|list|describe|events) /.test(label) && ++reads === failing) throw new Broken();
          return call();
        });
        try {
          for await (const nudge of sweep(world)) await attend(world, nudge);
          await town.reconcile('alice/a', world);
        } catch (error) {
          if (!(error instanceof Broken)) throw error;
        }
        expect((await town.stacks()).get('alice/a')?.[0]?.id).toBe(before.get('alice/a')?.[0]?.id);
        expect((await town.stacks()).get('alice/a')?.[0]?.status).not.toMatch(/DELETE/);
        expect(town.files('alice')).toContain('a.cf-created');
      } finally {
        town.close();
      }
    }),
    { numRuns: 40 },
  );
});
