import { afterEach, beforeEach, expect, test } from 'vitest';
import { archive, type EndedCluster } from '../../src/engine/ended-clusters.ts';
import { portsThrough } from './ports-through.ts';
import { Town } from './town.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

let town: Town;
beforeEach(async () => {
  town = await Town.open(['alice']);
});
afterEach(() => town.close());

async function ended(month: string): Promise<EndedCluster[]> {
  const object = await town.world().admin.get(`ledger/ended/${month}/alice.json`);
  return object ? JSON.parse(new TextDecoder().decode(object.body)).clusters : [];
}
const ledger = () => town.world().ledgers.read('alice');

test('every cluster that ended stands in its month, once, with why and at most how much', async () => {
  await town.put('alice/a.cf-create', '{"ComputeMaxNodes": 2}');
  await town.put('alice/b.cf-create', '{"Lifetime": "1d"}');
  await town.converge({ horizon: 10 * HOUR });
  const rates = Object.fromEntries(
    Object.values((await ledger()).clusters).map((one) => [
      one.cluster.name,
      one.price.usdPerHour ?? Number.NaN,
    ]),
  );
  await town.put('alice/a.cf-delete');
  await town.converge({ horizon: DAY });
  expect((await ledger()).clusters).toEqual({});

  const lines = await ended('2026-11');
  expect(lines.map((one) => [one.path, one.why])).toEqual([
    ['home/alice/a', 'asked'],
    ['home/alice/b', 'expired'],
  ]);
  for (const one of lines) {
    const hours = (Date.parse(one.ended) - Date.parse(one.began)) / HOUR;
    expect(one.usd).toBeCloseTo((rates[one.path.slice(-1)] ?? 0) * hours, 1);
    expect(one.stackId).toMatch(/^arn:/);
    expect(one.drop).toMatch(/^[0-9a-f]{64}$/);
  }
  const sum = lines.reduce((all, one) => all + (one.usd ?? Number.NaN), 0);
  expect((await ledger()).spent['2026-11']).toBeCloseTo(sum, 6);
});

test('a cluster over the end of a month is paid for in both, and ends in the second', async () => {
  town.clock.set(Date.UTC(2026, 10, 30, 22));
  await town.put('alice/c.cf-create', '{"Lifetime": "4h"}');
  await town.converge({ horizon: 5 * HOUR });
  expect(await ended('2026-11')).toEqual([]);
  const [line] = await ended('2026-12');
  const { spent } = await ledger();
  expect((spent['2026-11'] ?? 0) / (line?.usd ?? 1)).toBeCloseTo(0.5, 1);
  expect((spent['2026-11'] ?? 0) + (spent['2026-12'] ?? 0)).toBeCloseTo(line?.usd ?? Number.NaN, 6);
});

test('what never became a cluster costs nothing, what failed costs what it took', async () => {
  town.faults([{ do: 'refuse', on: 'create', reason: 'no', times: 1 }]);
  await town.put('alice/a.cf-create');
  await town.converge();
  town.faults([{ do: 'fail', on: 'create', resource: 'LoginNode' }]);
  await town.put('alice/b.cf-create');
  await town.converge();
  const lines = await ended('2026-11');
  expect(lines.map((one) => [one.path.slice(-1), one.why])).toEqual([
    ['a', 'failed'],
    ['b', 'failed'],
  ]);
  expect(lines[0]).toMatchObject({ usd: 0, stackId: null });
  expect(lines[1]?.usd).toBeGreaterThan(0);
  expect((await ledger()).spent['2026-11']).toBeCloseTo(lines[1]?.usd ?? Number.NaN, 6);
});

test('writing it down again, by anybody, adds nothing; two at once are both kept', async () => {
  await town.put('alice/a.cf-create');
  await town.put('alice/b.cf-create');
  await town.converge();
  const [one, two] = Object.values((await ledger()).clusters);
  if (!one || !two) throw new Error('two clusters expected');
  const now = town.clock.now();
  await Promise.all(
    [one, two, one, two].map((entry) => archive(town.world(), { ...entry, endedAt: now }, now)),
  );
  await archive(town.world(), { ...one, endedAt: now }, now);
  expect((await ended('2026-11')).map((line) => line.path).toSorted()).toEqual([
    'home/alice/a',
    'home/alice/b',
  ]);
});

test('an archive that cannot be read keeps the cluster in the books, until it is mended', async () => {
  await town.put('alice/c.cf-create');
  await town.converge();
  const { admin } = town.world();
  await admin.put('ledger/ended/2026-11/alice.json', '{"version":7,"clusters":[]}');
  await town.put('alice/c.cf-delete');
  await town.reconcile('alice/c');
  town.clock.advance(HOUR);
  await expect(town.reconcile('alice/c')).rejects.toThrow(/version/);
  expect(Object.keys((await ledger()).clusters)).toHaveLength(1);
  const wrong = await admin.get('ledger/ended/2026-11/alice.json');
  expect(new TextDecoder().decode(wrong?.body)).toContain('"version":7');
  await admin.remove('ledger/ended/2026-11/alice.json', wrong?.version ?? '');
  await town.converge();
  expect(await ended('2026-11')).toHaveLength(1);
});

test('a shrunken cluster keeps its past at the old price', async () => {
  await town.put('alice/c.cf-create', '{"ComputeMaxNodes": 20, "Lifetime": "3d"}');
  await town.converge({ horizon: 20 * HOUR });
  const dear = Object.values((await ledger()).clusters)[0]?.price.usdPerHour ?? Number.NaN;
  await town.put('alice/c.cf-create', '{"ComputeMaxNodes": 1}');
  await town.converge({ horizon: HOUR });
  expect((await ledger()).spent['2026-11']).toBeGreaterThan(dear * 19.5);
  await town.put('alice/c.cf-delete');
  await town.converge({ horizon: HOUR });
  const [line] = await ended('2026-11');
  expect(line?.usd).toBeGreaterThan(dear * 19.5);
  expect(line?.usd).toBeCloseTo((await ledger()).spent['2026-11'] ?? Number.NaN, 6);
});

test('a burst of writers that never ends is an error, not an endless loop', async () => {
  await town.put('alice/c.cf-create');
  await town.converge();
  const [entry] = Object.values((await ledger()).clusters);
  if (!entry) throw new Error('a cluster expected');
  const losing = portsThrough(town.world(), async (label, go) => {
    if (label.startsWith('admin.put "ledger/ended')) {
      const before = await town.world().admin.get('ledger/ended/2026-11/alice.json');
      const n = before ? Number(JSON.parse(new TextDecoder().decode(before.body)).n) + 1 : 0;
      await town
        .world()
        .admin.put('ledger/ended/2026-11/alice.json', JSON.stringify({ version: 1, n, clusters: [] }));
    }
    return go();
  });
  await expect(archive(losing, entry, town.clock.now())).rejects.toThrow(/200 times/);
});
