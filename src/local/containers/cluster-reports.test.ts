import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { clusterAt } from '../../core/identity.ts';
import { isoOf } from '../../core/instant.ts';
import { openFolderStores } from '../open-folder-stores.ts';
import { ClusterReports } from './cluster-reports.ts';
import type { Hosting } from './hosting.ts';

const BEGAN = Date.UTC(2026, 10, 22, 12);
const MINUTE = 60_000;

let dir: string;
let now: number;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'cluster-reports-'));
  now = BEGAN;
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** As a process opens them that has just begun. */
function open() {
  const { admin } = openFolderStores(dir);
  const hosting = { admin, clock: { now: () => now }, changed: () => undefined } as unknown as Hosting;
  const reports = new ClusterReports(hosting, 'identity', clusterAt('local', 'home/alice/mycluster'));
  const written = async () => {
    const object = await admin.get('reports/identity.json', 10_000);
    return object && JSON.parse(Buffer.from(object.body).toString());
  };
  return { reports, written };
}

const TOLD = JSON.stringify({
  version: 1,
  at: isoOf(BEGAN),
  lastUse: isoOf(BEGAN),
  sessions: 1,
  notices: ['own'],
});

it('keeps what is told here beside what the login host tells', async () => {
  const { reports, written } = open();
  reports.hear(TOLD);
  await reports.publish(['of this machine']);
  expect(await written()).toMatchObject({ sessions: 1, notices: ['own'], standing: ['of this machine'] });
  await reports.publish([]);
  expect(await written()).toMatchObject({ notices: ['own'], standing: [] });
});

it('does not take a cluster for one that talks because this process has begun anew', async () => {
  const first = open();
  first.reports.hear(TOLD);
  await first.reports.publish([]);
  now += 20 * MINUTE;
  const { reports, written } = open();
  await reports.goOn();
  await reports.publish(['no command can be run on the login node']);
  expect((await written()).at).toBe(isoOf(BEGAN));
  expect(reports.isSilent()).toBe(true);
  // Said once.
  expect(reports.isSilent()).toBe(false);
  reports.hear(TOLD);
  await reports.publish([]);
  expect((await written()).at).toBe(isoOf(now));
});

it('knows nothing of an earlier cluster of that name', async () => {
  const first = open();
  first.reports.hear(TOLD);
  await first.reports.publish([]);
  now += 20 * MINUTE;
  const { reports, written } = open();
  await reports.goOn();
  await reports.forget();
  expect(await written()).toBeUndefined();
  await reports.publish(['new']);
  expect((await written()).at).toBe(isoOf(now));
});
