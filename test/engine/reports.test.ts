import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isoOf } from '../../src/core/instant.ts';
import { portsThrough } from './ports-through.ts';
import { Town } from './town.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

let town: Town;
beforeEach(async () => {
  town = await Town.open();
});
afterEach(() => town.close());

/** The same world, with clusters that are no simulation. */
function real() {
  const world = town.world();
  return { ...world, installation: { ...world.installation, simulated: false } };
}

const status = () => JSON.parse(town.read('alice/c.cf-status') ?? '{}');
const REPORT = {
  nodes: { most: 4, up: 2, coming: 1, working: 1, leaving: 0, down: 0 },
  jobs: { running: 1, waiting: 3 },
  sessions: 1,
  disk: { usedGb: 1.2, totalGb: 16 },
  notices: ['node-3 does not come'],
};

async function start(text = '{}'): Promise<void> {
  await town.put('alice/c.cf-create', text);
  await town.converge({ horizon: HOUR, world: real() });
}

/** The cluster reports: as now, but for what is given. */
async function report(more: object = {}): Promise<void> {
  const [stack] = (await town.stacks()).get('alice/c') ?? [];
  const now = isoOf(town.clock.now());
  await town
    .world()
    .admin.put(
      `reports/${stack?.tags['clusterdrop:cluster']}.json`,
      JSON.stringify({ version: 1, at: now, lastUse: now, ...REPORT, ...more }),
    );
}

const look = () => town.reconcile('alice/c', real());

describe('what a cluster says of itself', () => {
  test('stands in its status, though no IdleTimeout was asked for', async () => {
    await start();
    expect(status()).not.toHaveProperty('report');
    const savedAt = isoOf(town.clock.now() - MINUTE);
    const files = { savedAt, count: 12, bytes: 3456 };
    await report({ files });
    await look();
    expect(status().report).toEqual({ ...REPORT, files });
  });

  test('is not written anew while only time passes', async () => {
    await start();
    await report();
    await look();
    const file = async () => (await town.world().store.get('home/alice/c.cf-status'))?.version;
    const before = await file();
    for (let n = 0; n < 5; n++) {
      town.clock.advance(3 * MINUTE);
      await report();
      await look();
    }
    expect(await file()).toBe(before);
    // Nor while nobody uses it: since when is said once.
    const lastUse = isoOf(town.clock.now());
    town.clock.advance(3 * MINUTE);
    await report({ lastUse, sessions: 0 });
    await look();
    const idle = await file();
    expect(idle).not.toBe(before);
    expect(status().report).toMatchObject({ sessions: 0, idleSince: lastUse });
    town.clock.advance(3 * MINUTE);
    await report({ lastUse, sessions: 0 });
    await look();
    expect(await file()).toBe(idle);
    await report();
    await look();
    expect(status().report).not.toHaveProperty('idleSince');
  });

  test('is not told as the present when it is old', async () => {
    await start();
    const files = { savedAt: isoOf(town.clock.now()), count: 1, bytes: 1 };
    const at = isoOf(town.clock.now());
    await report({ files });
    town.clock.advance(16 * MINUTE);
    await look();
    expect(status().report).toEqual({ silentSince: at, notices: [], files });
    // Why it is silent may be known where its hosts run.
    const standing = ['no command can be run on the login node'];
    await report({ files, standing, at });
    await look();
    expect(status().report).toEqual({ silentSince: at, notices: standing, files });
    await report({ standing });
    await look();
    expect(status().report).toEqual({ ...REPORT, notices: [...standing, ...REPORT.notices] });
    await report();
    await look();
    expect(status().report).toEqual(REPORT);
  });

  test('says what stands in the way of its end', async () => {
    await start();
    const standing = ['the container engine does not answer'];
    await report({ standing });
    await look();
    expect(status().report).toEqual({ ...REPORT, notices: [...standing, ...REPORT.notices] });
    await town.put('alice/c.cf-delete', '');
    await look();
    expect(status()).toMatchObject({ state: 'stopping', report: { notices: standing } });
    expect(status().report).not.toHaveProperty('nodes');
    await report();
    await look();
    expect(status()).toMatchObject({ state: 'stopping' });
    expect(status()).not.toHaveProperty('report');
  });

  test('is not told of the next cluster of that name', async () => {
    await start();
    await report();
    await town.put('alice/c.cf-delete', '');
    await town.converge({ horizon: HOUR, world: real() });
    await start();
    expect(status()).toMatchObject({ state: 'running' });
    expect(status()).not.toHaveProperty('report');
  });

  test('says what was saved, when the cluster is gone', async () => {
    await start();
    expect(status().next).toContain('What is on the cluster goes with it.');
    const savedAt = isoOf(town.clock.now());
    await report({ files: { savedAt, count: 12, bytes: 3456 } });
    await look();
    expect(status().next).toContain('~/files is kept in c.files/; all else on the cluster goes with it.');
    await town.put('alice/c.cf-delete', '');
    await look();
    // It was saved once more on its way out, and nothing was heard of the cluster itself any more.
    const last = isoOf(town.clock.now() + MINUTE);
    const at = savedAt;
    await report({ at, lastUse: at, files: { savedAt: last, count: 13, bytes: 3456 } });
    await town.converge({ horizon: HOUR, world: real() });
    expect(town.read('alice/c.cf-deleted')).toMatch(/Files saved: +[A-Z].* UTC \(13 files, 3\.5 kB\)\n/);
    expect(town.holds(`"filesSavedAt":"${last}"`)).toBe(true);
  });

  test('is nothing of a simulated cluster', async () => {
    await start();
    await report();
    await town.reconcile('alice/c');
    expect(status()).not.toHaveProperty('report');
  });

  test('keeps nobody from ending it, though it can be read by nobody', async () => {
    await start('{"IdleTimeout": "1h"}');
    await report();
    const world = portsThrough(real(), async (label, call) => {
      if (label.startsWith('admin.get "reports/')) throw new Error('it is encrypted with a key of their own');
      return call();
    });
    await town.reconcile('alice/c', world);
    expect(status()).toMatchObject({ state: 'running' });
    expect(status()).not.toHaveProperty('report');
    await town.put('alice/c.cf-delete', '');
    await town.converge({ horizon: HOUR, world });
    expect(town.files('alice')).toEqual(['c.cf-deleted', 'c.cf-status']);
  });
});
