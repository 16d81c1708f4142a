import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { costUntil } from '../../src/core/ledger.ts';
import { attend } from '../../src/engine/attend.ts';
import { sweep } from '../../src/engine/sweep.ts';
import { portsThrough } from './ports-through.ts';
import { Town } from './town.ts';

const runs = (numRuns: number) => ({
  numRuns,
  ...(process.env['FC_SEED'] && { seed: Number(process.env['FC_SEED']) }),
});

/** Two processes follow up the same names; the scheduler chooses whose call of a port goes first, at every call. */
async function raced(s: fc.Scheduler, town: Town, paths: readonly string[], processes = 2): Promise<void> {
  const worlds = Array.from({ length: processes }, (_, n) =>
    portsThrough(town.world(), async (label, call) => {
      await s.schedule(Promise.resolve(), `${n}: ${label}`);
      return call();
    }),
  );
  await s.waitFor(Promise.all(worlds.flatMap((world) => paths.map((path) => town.reconcile(path, world)))));
}

describe('two reconcilers', () => {
  test('start one stack for one drop, and both end content', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), async (s) => {
        const town = await Town.open(['alice'], { speed: 1000 });
        try {
          await town.put('alice/c.cf-create');
          await raced(s, town, ['alice/c']);
          expect((await town.stacks()).get('alice/c')).toHaveLength(1);
          await town.converge({ horizon: 60_000 });
          expect(town.files('alice')).toEqual(['c.cf-created', 'c.cf-status']);
          expect(town.letters()).toEqual(['ready', 'starting']);
        } finally {
          town.close();
        }
      }),
      runs(15),
    );
  });

  test.each([
    ['a delete that follows at once', async (town: Town) => void (await town.put('alice/c.cf-delete'))],
    [
      'a second request that replaces the first',
      async (town: Town) => void (await town.put('alice/c.cf-create', '{"ComputeMaxNodes": 2}')),
    ],
  ])('agree on %s', { timeout: 120_000 }, async (name, then) => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.nat(20), async (s, after) => {
        const town = await Town.open(['alice'], { speed: 1000 });
        try {
          await town.put('alice/c.cf-create');
          // One has come to some call of its work when the user writes again; the other sees the new state only.
          let calls = 0;
          const early = portsThrough(town.world(), async (label, call) => {
            await s.schedule(Promise.resolve(), `early: ${label}`);
            if (++calls === after + 1) await then(town);
            return call();
          });
          await s.waitFor(Promise.all([town.reconcile('alice/c', early), town.reconcile('alice/c', early)]));
          if (calls <= after) await then(town);
          await raced(s, town, ['alice/c']);
          await town.converge({ horizon: 20 * 60_000 });
          if (name.startsWith('a delete')) {
            expect(town.files('alice')).toEqual(['c.cf-deleted', 'c.cf-status']);
            expect((await town.stacks()).size).toBe(0);
          } else {
            expect(town.files('alice')).toEqual(['c.cf-created', 'c.cf-status']);
            expect((await town.stacks()).get('alice/c')).toMatchObject([
              { parameters: { ComputeMaxNodes: '2' } },
            ]);
          }
        } finally {
          town.close();
        }
      }),
      runs(15),
    );
  });
});

describe('limits hold', () => {
  const drops = Array.from({ length: 12 }, (_, n) => `alice/c${n}`);

  test('"clusters at once", for fifty drops in the same instant and three processes', {
    timeout: 120_000,
  }, async () => {
    const town = await Town.open(['alice'], { limits: { clusters: 4 }, speed: 1000 });
    try {
      const fifty = Array.from({ length: 50 }, (_, n) => `alice/c${n}`);
      for (const path of fifty) await town.put(`${path}.cf-create`);
      const worlds = [town.world(), town.world(), town.world()];
      await Promise.all(worlds.flatMap((world) => fifty.map((path) => town.reconcile(path, world))));
      expect((await town.stacks()).size).toBe(4);
      await town.converge({ horizon: 60_000 });
      expect(town.files('alice').filter((file) => file.endsWith('.cf-created'))).toHaveLength(4);
      const refused = town.files('alice').filter((file) => file.endsWith('.cf-failed'));
      expect(refused).toHaveLength(46);
      expect(town.read(`alice/${refused[0]}`)).toMatch(/4/);
    } finally {
      town.close();
    }
  });

  test('at every interleaving of two processes', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), async (s) => {
        const town = await Town.open(['alice'], { limits: { clusters: 2 }, speed: 1000 });
        try {
          for (const path of drops.slice(0, 4)) await town.put(`${path}.cf-create`);
          await raced(s, town, drops.slice(0, 4));
          expect((await town.stacks()).size).toBe(2);
        } finally {
          town.close();
        }
      }),
      runs(8),
    );
  });

  test('the monthly ceiling, whatever comes and goes', { timeout: 120_000 }, async () => {
    const ceiling = 30;
    const size = fc.record({
      nodes: fc.integer({ min: 1, max: 20 }),
      hours: fc.integer({ min: 1, max: 60 }),
      end: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(size, { minLength: 3, maxLength: 8 }), async (wishes) => {
        const town = await Town.open(['alice'], { limits: { usdPerMonth: ceiling }, speed: 1000 });
        try {
          for (const [n, { nodes, hours, end }] of wishes.entries()) {
            await town.put(
              `alice/c${n}.cf-create`,
              JSON.stringify({ ComputeMaxNodes: nodes, Lifetime: `${hours}h` }),
            );
            await town.converge({ horizon: 40 * 60_000 });
            if (end) await town.put(`alice/c${n}.cf-delete`);
            await town.converge({ horizon: 40 * 60_000 });
            const ledger = await town.world().ledgers.read('alice');
            const spent = Object.values(ledger.spent).reduce<number>(
              (sum, usd) => sum + (usd ?? Infinity),
              0,
            );
            const promised = Object.values(ledger.clusters).reduce(
              (sum, entry) => sum + (costUntil(entry, entry.endsAt) ?? Infinity),
              0,
            );
            expect(spent + promised).toBeLessThanOrEqual(ceiling + 1e-6);
          }
          // The test must have come to the ceiling, or it says nothing.
          const asked = wishes.reduce((sum, { nodes, hours }) => sum + nodes * hours, 0);
          fc.pre(asked > 0);
        } finally {
          town.close();
        }
      }),
      runs(5),
    );
  });
});

describe('events', () => {
  test('duplicated, lost and reordered nudges lead to the same end', { timeout: 120_000 }, async () => {
    const paths = ['alice/a', 'alice/b', 'bob/a'] as const;
    const nudges = fc.array(
      fc.record({ path: fc.constantFrom(...paths, 'alice/none'), later: fc.nat(90_000) }),
      { maxLength: 25 },
    );
    await fc.assert(
      fc.asyncProperty(nudges, async (some) => {
        const town = await Town.open(['alice', 'bob']);
        try {
          await town.put('alice/a.cf-create');
          await town.put('alice/b.cf-create', '{"ComputMaxNodes": 2}');
          await town.put('bob/a.cf-create', '{"ComputeMaxNodes": 3}');
          const world = town.world();
          for (const { path, later } of some) {
            await town.reconcile(path, world);
            town.clock.advance(later);
          }
          await town.converge();
          expect(town.files('alice')).toEqual(['a.cf-created', 'a.cf-status', 'b.cf-failed', 'b.cf-status']);
          expect(town.files('bob')).toEqual(['a.cf-created', 'a.cf-status']);
          expect(town.letters()).toEqual(['ready', 'ready', 'starting', 'starting']);
          // Fixed point: looking once more, at everything, changes nothing.
          const before = town.snapshot();
          for (const path of paths) await town.reconcile(path);
          for await (const nudge of sweep(world)) await attend(world, nudge);
          expect(town.snapshot()).toBe(before);
        } finally {
          town.close();
        }
      }),
      runs(10),
    );
  });
});
