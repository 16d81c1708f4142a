import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Finding } from '../../src/core/finding.ts';
import { HOUR, MINUTE } from '../../src/core/instant.ts';
import type { Ledger } from '../../src/core/ledger.ts';
import { type Cli, openCli } from './cli-fixture.ts';

let town: Cli;
beforeEach(async () => {
  town = await openCli();
});
afterEach(() => town.close());

const admin = (...path: string[]) => join(town.dir, 'admin', ...path);

async function wrong(): Promise<{ code: number; found: readonly Finding[] }> {
  const { code, out } = await town.cli(['admin', 'doctor', '--json']);
  const { findings } = JSON.parse(out) as { findings: Finding[] };
  return { code, found: findings.filter(({ level }) => level !== 'ok') };
}

/** Changes alice's book by hand. */
function changeLedger(change: (ledger: Ledger) => object): void {
  const file = admin('ledger', 'alice.json');
  const ledger = JSON.parse(readFileSync(file, 'utf8')) as Ledger;
  writeFileSync(file, JSON.stringify({ ...ledger, ...change(ledger) }));
}

test('an installation on one machine', async () => {
  const { code, out } = await town.cli(['admin', 'doctor']);
  expect(out).toMatchInlineSnapshot(`
    "ok    blueprints: alces-flight, slurm; by default slurm
    ok    limits: can be read; the same ones hold for everybody
    ok    users: 1 may start clusters
    ok    ledgers: no cluster lives, none is stuck, no letter waits
    ok    stacks of clusters: there are none
    ok    hosts: clusters are simulated
    ok    faults.json: there is none: everything goes as planned

    All is well.
    "
  `);
  expect(code).toBe(0);
});

test('a control file that is broken', async () => {
  writeFileSync(join(town.dir, 'faults.json'), '{"version": 1, "rules": [{"do": "dance"}]}');
  const { code, found } = await wrong();
  expect(code).toBe(3);
  expect(found.map(({ check }) => check)).toEqual(['stacks of clusters', 'faults.json']);
  expect(found[1]?.what).toContain('"do" must be one of');
});

test('limits that cannot be read, one file after the other', async () => {
  writeFileSync(admin('limits', 'default.json'), '{"version": 1, "nodes": -1}');
  writeFileSync(admin('limits', 'alice.json'), '{"version": 1, "clusters": "all"}');
  const { found } = await wrong();
  expect(found.map(({ check, level }) => `${level} ${check}`)).toEqual(['fail limits', 'fail limits']);
});

test('a freeze of everybody is said', async () => {
  await town.cli(['admin', 'freeze', '--reason', 'stocktaking']);
  const { code, found } = await wrong();
  expect(code).toBe(0);
  expect(found).toEqual([
    {
      check: 'limits',
      level: 'warn',
      what: 'nothing new starts for anybody: stocktaking',
      fix: 'End the freeze: clusterdrop admin thaw',
    },
  ]);
});

test('a blueprint that cannot be read, and a default that is not there', async () => {
  writeFileSync(admin('blueprints', 'slurm', 'current.json'), '{"version": 1}');
  const { found } = await wrong();
  expect(found.map(({ what }) => what)).toEqual([
    expect.stringContaining('"hash" is missing'),
    expect.stringContaining('"slurm", the one of a request that names none, is not offered'),
  ]);
});

test('a stuck cluster, a letter that does not get away, a book that cannot be read', async () => {
  await town.cli(['create', 'mine', '--wait']);
  const now = town.clock.now();
  changeLedger(({ clusters, mail }) => ({
    clusters: Object.fromEntries(
      Object.entries(clusters).map(([key, entry]) => [key, { ...entry, stuckTold: now }]),
    ),
    mail: [...mail, { id: 'x', to: ['alice@localhost'], subject: 's', text: 't', at: now - 2 * HOUR }],
  }));
  writeFileSync(admin('ledger', 'bob.json'), '{');
  const { code, found } = await wrong();
  expect(code).toBe(3);
  expect(
    found.filter(({ check }) => check === 'ledgers').map(({ level, what }) => `${level} ${what}`),
  ).toEqual([
    expect.stringMatching(/^fail home\/alice\/mine is stuck since .*; its stack clusterdrop-alice-mine-/),
    expect.stringMatching(/^warn 1 letter about the clusters of alice cannot be sent since /),
    expect.stringContaining('fail "ledger/bob.json" in the administrator\'s bucket cannot be read'),
  ]);
});

test('a stack that nobody knows, once the sweep had time to take it in', async () => {
  await town.cli(['create', 'mine', '--wait']);
  town.setRunning(false);
  changeLedger(() => ({ clusters: {} }));
  expect((await wrong()).found).toEqual([]);
  await town.advance(31 * MINUTE);
  const { code, found } = await wrong();
  expect(code).toBe(0);
  expect(found).toEqual([
    expect.objectContaining({
      check: 'stacks of clusters',
      level: 'warn',
      what: expect.stringContaining("is in no user's book"),
    }),
  ]);
});

test('folders without a profile, and profiles without a folder', async () => {
  mkdirSync(join(town.dir, 'bucket', 'home', 'bob'), { recursive: true });
  expect((await wrong()).found).toEqual([]);
  writeFileSync(join(town.dir, 'bucket', 'home', 'bob', 'notes.txt'), 'mine');
  mkdirSync(admin('customizer', 'carol'), { recursive: true });
  writeFileSync(admin('customizer', 'carol', 'manifest.txt'), '');
  const { found } = await wrong();
  expect(found.map(({ what }) => what)).toEqual([
    'bob has a folder but no profile, and starts nothing',
    "carol has a profile but no folder in a users' bucket yet",
  ]);
});
