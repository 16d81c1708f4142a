import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pack } from 'tar-stream';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { hostThat, listing, tarOf } from '../../../test/local/host-that.ts';
import { soon } from '../../../test/soon.ts';
import { clusterAt } from '../../core/identity.ts';
import { openFolderStores } from '../open-folder-stores.ts';
import { ClusterReports } from './cluster-reports.ts';
import type { Host } from './container-engine.ts';
import { EngineTrouble } from './engine-trouble.ts';
import { FilesKeeper } from './files-keeper.ts';
import type { HostedStack } from './hosted-stack.ts';
import type { Hosting } from './hosting.ts';
import { LoginHost } from './login-host.ts';
import { BucketTrouble } from './save-files.ts';
import { SavedMarks } from './saved-marks.ts';

const HOST: Host = { id: 'id', name: 'login', labels: {}, isRunning: true, isNew: false };
const STACK = {
  id: 'arn:aws:cloudformation:local:000000000000:stack/x/00000000-0000-0000-0000-000000000001',
  parameters: { AccessUsername: 'alice' },
  events: [],
} as unknown as HostedStack;

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'files-keeper-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** A cluster with this login host; `begun` tells what it was asked. */
function clusterWith(
  find: () => Readable,
  tar: () => Readable,
  { code = 0, ...options }: { pauseMs?: number; code?: number } = {},
) {
  const { users, admin } = openFolderStores(dir);
  const cluster = clusterAt('local', 'home/alice/mycluster');
  const begun: string[] = [];
  const engine = hostThat(find, tar, { code, begun: (program) => begun.push(program) });
  const marks = new SavedMarks(join(dir, 'marks'));
  const hosting = {
    engine,
    users,
    admin,
    marks,
    clock: Date,
    changed: () => undefined,
  } as unknown as Hosting;
  const reports = new ClusterReports(hosting, 'identity', cluster);
  const login = new LoginHost(hosting, cluster, {}, reports);
  const parts = { hosting, cluster, labels: {}, login, reports, done: () => undefined };
  return { keeper: new FilesKeeper(parts, options), marks, begun };
}

const silent = () => new Readable({ read: () => undefined });

/** The whole of `a`, and then nothing more until it is cut off. */
function stalling(): Readable {
  const tar = pack();
  tar.entry({ name: './a' }, 'text');
  return Readable.from(tar);
}

it('remembers what is stored when a copy is cut short', async () => {
  const { keeper, marks } = clusterWith(() => listing('a', 'b'), stalling);
  keeper.nowAndThen(STACK, HOST);
  await soon(() => expect(existsSync(join(dir, 'bucket/home/alice/mycluster.files/a'))).toBe(true));
  keeper.stop();
  await keeper.settled();
  expect(await marks.read(STACK.id)).toEqual({ marks: { a: '1.5 4' }, count: 1, bytes: 4 });
});

describe('a last copy that does not come to an end', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  /** An hour goes by once so many programs were begun on the host. */
  async function anHourAfter(times: number, begun: readonly string[]): Promise<void> {
    while (begun.length < times) await new Promise((resolve) => setImmediate(resolve));
    await vi.advanceTimersByTimeAsync(60 * 60_000);
  }

  it('has one length of time, however often it is tried', async () => {
    const { keeper, begun } = clusterWith(silent, silent);
    const last = keeper.lastTime(STACK, new AbortController().signal);
    await anHourAfter(1, begun);
    await last;
    expect(begun).toEqual(['find']);
    const { files } = JSON.parse(readFileSync(join(dir, 'admin/reports/identity.json'), 'utf8'));
    expect(files.trouble).toContain('the last time failed: copying ~/files took longer than 60 minutes');
  });

  it('takes nothing away when the bucket had no room, whatever the host does at the next attempt', async () => {
    const { users } = openFolderStores(dir);
    const large = Readable.from([Buffer.from(`1 ${users.capacity()} large\0`)]);
    const answers = [large, silent()];
    const { keeper, begun } = clusterWith(() => answers.shift() ?? silent(), silent, { pauseMs: 0 });
    const last = keeper.lastTime(STACK, new AbortController().signal).catch((error: unknown) => error);
    await anHourAfter(2, begun);
    expect(await last).toBeInstanceOf(BucketTrouble);
    expect(begun).toEqual(['find', 'find']);
  });
});

describe('an engine that does not give the files', () => {
  const full = (): Readable => {
    throw new EngineTrouble('other', 'no space left on device');
  };
  const faults: [string, () => Readable, number][] = [
    ['takes no command', full, 0],
    ['can begin no program', () => tarOf(), 127],
    ['kills them, as it is being stopped', () => tarOf(), 137],
    ['gives a program no input', () => Readable.from([]), 0],
  ];
  /** As it is tried to be ended after so many failures. */
  const last = (tar: () => Readable, code: number, failures: number) => {
    const { keeper, begun } = clusterWith(() => listing('a'), tar, { pauseMs: 0, code });
    const event = { logicalId: 'LoginHost', status: 'DELETE_FAILED' };
    const stack = {
      ...STACK,
      events: Array.from({ length: failures }, () => event),
    } as unknown as HostedStack;
    return { over: keeper.lastTime(stack, new AbortController().signal), begun };
  };
  const troubleTold = () =>
    JSON.parse(readFileSync(join(dir, 'admin/reports/identity.json'), 'utf8')).files.trouble;

  it.each(faults)('holds up the end three times, and no longer: it %s', async (_, tar, code) => {
    const held = last(tar, code, 2);
    await expect(held.over).rejects.toThrow(BucketTrouble);
    expect(held.begun).toHaveLength(10);
    await last(tar, code, 3).over;
    expect(troubleTold()).toContain('the last time failed');
  });

  it('is not what a host is that refuses', async () => {
    await last(() => tarOf(), 3, 0).over;
    expect(troubleTold()).toContain('the last time failed: ~/files could not be read');
  });
});

it('begins no copy once it was told to stop: nobody would end it', async () => {
  const { keeper, begun } = clusterWith(() => listing('a'), stalling);
  keeper.stop();
  keeper.nowAndThen(STACK, HOST);
  await keeper.settled();
  expect(begun).toEqual([]);
});
