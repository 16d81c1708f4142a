import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pack } from 'tar-stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type Folder,
  IS_ROOT,
  NOBODY,
  openFolder,
  shutOutOf,
  textOf,
} from '../../../test/local/folder-fixture.ts';
import { hostThat, listing, tarOf } from '../../../test/local/host-that.ts';
import { clusterAt } from '../../core/identity.ts';
import { FolderStore } from '../folder-store.ts';
import type { ContainerEngine } from './container-engine.ts';
import type { CommandLimits } from './host-commands.ts';
import { BucketTrouble, type FilesToSave, saveFiles } from './save-files.ts';

let base: string;
let store: FolderStore;
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'save-files-'));
  const [root, internal] = [join(base, 'bucket'), join(base, 'internal')];
  store = new FolderStore({ root, internal, bucket: 'local', clock: Date, quietMs: 0, isInput: () => false });
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

const inBucket = (path: string) => join(base, 'bucket', 'home', 'alice', path);

/** A disk of a certain size, with so much room in it, in place of the one below the bucket. */
function onDisk(disk: { room: () => number; capacity: () => number }): void {
  Object.assign(store, disk);
}

/** This machine in place of a host: its own `find` and `tar`, run by somebody who is not root. */
function thisMachine(): { engine: ContainerEngine; files: string } {
  const files = join(base, 'home', 'alice', 'files');
  mkdirSync(files, { recursive: true });
  for (const folder of [base, join(base, 'home'), join(base, 'home', 'alice'), files])
    chmodSync(folder, 0o755);
  const engine = {
    open: async (_: string, [program = '', ...options]: readonly string[], { input }: CommandLimits = {}) => {
      const here = options.map((option) => option.replace(/^\/(?=home)/, `${base}/`));
      const user = IS_ROOT ? { uid: NOBODY, gid: NOBODY } : {};
      const child = spawn(program, here, { ...user, stdio: 'pipe' });
      // Not ended: an engine does not do that either.
      if (input) child.stdin.write(input);
      const ended = once(child, 'close').then(([code]) => Number(code));
      return { out: child.stdout, err: child.stderr, ended, close: () => child.kill() };
    },
  };
  return { engine: engine as unknown as ContainerEngine, files };
}

function save(engine: ContainerEngine, more: Partial<FilesToSave> = {}) {
  const cluster = clusterAt('local', 'home/alice/mycluster');
  return saveFiles({ engine, store, cluster, host: 'id', account: 'alice', marks: {}, ...more });
}

it('takes what was asked for and nothing else', async () => {
  const forged = ['a', '../../bob/mycluster.files/b', '/home/bob/c', 'not-listed', 'd/e'];
  const saved = await save(
    hostThat(
      () => listing('a', '../../bob/mycluster.files/b', 'd/e'),
      () => tarOf(...forged),
    ),
  );
  expect(saved).toMatchObject({ count: 2, trouble: expect.stringContaining('1 file could not be saved') });
  expect(readFileSync(inBucket('mycluster.files/d/e'), 'utf8')).toBe('text');
});

it('reads no listing without end into memory, whatever it is made of', async () => {
  let sent = 0;
  const endless = (chunk: Buffer, most: number) =>
    Readable.from(
      (function* () {
        for (; sent < most; sent += chunk.length) yield chunk;
      })(),
    );
  const nothing = () => tarOf();
  // Nothing but ends of lines.
  const zeros = () => endless(Buffer.alloc(65_536), Number.POSITIVE_INFINITY);
  await expect(save(hostThat(zeros, nothing))).rejects.toThrow('makes no sense');
  expect(sent).toBeLessThan(1e7);
  sent = 0;
  // Names with an end, that no path can have.
  const long = () => endless(Buffer.from(`1 1 ${'x'.repeat(10_000)}\0`), Number.POSITIVE_INFINITY);
  await expect(save(hostThat(long, nothing))).rejects.toThrow('makes no sense');
  expect(sent).toBeLessThan(1e6);
  sent = 0;
  // A name without an end.
  const name = () => endless(Buffer.from('1 1 ' + 'x'.repeat(65_536)), Number.POSITIVE_INFINITY);
  await expect(save(hostThat(name, nothing))).rejects.toThrow('makes no sense');
  expect(sent).toBeLessThan(1e6);
});

it('keeps no more names in memory than it can bear, and none that a bucket cannot hold', async () => {
  let sent = 0;
  const endless = Readable.from(
    (function* () {
      for (; ; sent++) yield Buffer.from(`1 1 ${sent}/${'x'.repeat(8000)}\0`);
    })(),
  );
  const saved = await save(hostThat(() => endless, tarOf));
  expect(sent).toBeLessThan(2500);
  expect(saved).toMatchObject({
    count: 0,
    trouble: expect.stringMatching(/^20\d\d files could not.* and 20\d\d more \(a name that.*than 16 MB/),
  });
});

it('stops at a hundred thousand files, tells it, and does not take minutes where none of them comes', {
  timeout: 30_000,
}, async () => {
  let number = 0;
  const endless = Readable.from(
    (function* () {
      for (;;) yield Buffer.from(Array.from({ length: 500 }, () => `1 1 file-${number++}\0`).join(''));
    })(),
  );
  const saved = await save(hostThat(() => endless, tarOf));
  expect(saved).toMatchObject({
    count: 0,
    trouble: expect.stringMatching(/^100000 files could not.*more than 100000 files/),
  });
});

it('saves files of any time, before 1970 too', async () => {
  const saved = await save(
    hostThat(
      () => Readable.from([Buffer.from('-315619200.0000000000 4 a\0')]),
      () => tarOf('a'),
    ),
  );
  expect(saved).toMatchObject({ count: 1, bytes: 4 });
});

it('saves what was written again within the same second, and nothing that was not', async () => {
  const at = (time: string) =>
    hostThat(
      () => Readable.from([Buffer.from(`${time} 4 a\0`)]),
      () => tarOf('a'),
    );
  // As it was restored, in whole seconds.
  const restored = { a: '1700000000 4' };
  expect(await save(at('1700000000.0000000000'), { marks: restored })).toMatchObject({ hasChanged: false });
  const first = await save(at('1700000000.1000000000'), { marks: restored });
  expect(first).toMatchObject({ hasChanged: true, marks: { a: '1700000000.1 4' } });
  expect(await save(at('1700000000.1000000000'), first)).toMatchObject({ hasChanged: false });
  expect(await save(at('1700000000.1000000010'), first)).toMatchObject({ hasChanged: true });
});

it('saves a file again that is written again at once, with the same size', async () => {
  const { engine, files } = thisMachine();
  const second = Math.floor(Date.now() / 1000);
  const write = (text: string, fraction: number) => {
    writeFileSync(join(files, 'a'), text);
    utimesSync(join(files, 'a'), second, second + fraction);
  };
  write('one', 0.25);
  const { marks } = await save(engine);
  write('two', 0.75);
  expect(await save(engine, { marks })).toMatchObject({ count: 1, hasChanged: true });
  expect(readFileSync(inBucket('mycluster.files/a'), 'utf8')).toBe('two');
});

it('is held up by nothing that is larger than the disk, whatever a host claims or sends', async () => {
  const huge = () => Readable.from([Buffer.from('1 1000000000000000000 sparse\x001 4 a\0')]);
  const saved = await save(hostThat(huge, () => tarOf('a')));
  expect(saved).toMatchObject({
    count: 1,
    trouble: '1 file could not be saved: "sparse" (no room)',
  });
  const grown = pack();
  grown.entry({ name: './a', size: 1e18 }).write('text');
  const host = hostThat(
    () => listing('a'),
    () => Readable.from(grown),
  );
  await expect(save(host)).rejects.toThrow('"a" is larger than it was');
});

it('is held up by what has no room, unless told to leave it out; by a full disk also then', async () => {
  const RESERVE = 512 * 1024 * 1024;
  let room = RESERVE + 100_000_000;
  onDisk({ room: () => room, capacity: () => 1e12 });
  const host = () =>
    hostThat(
      () => Readable.from([Buffer.from('1 1000000000 large\x001 4 a\0')]),
      () => tarOf('a'),
    );
  await expect(save(host())).rejects.toThrow(BucketTrouble);
  await expect(save(host())).rejects.toThrow('"large" (no room)');
  const saved = await save(host(), { leaveOut: 'obstacles' });
  expect(saved).toMatchObject({ count: 1, trouble: expect.stringContaining('"large" (no room)') });
  expect(readFileSync(inBucket('mycluster.files/a'), 'utf8')).toBe('text');
  room = RESERVE + 1000;
  await expect(save(host(), { leaveOut: 'obstacles' })).rejects.toThrow(BucketTrouble);
  room = RESERVE;
  expect(await save(host(), { leaveOut: 'all' })).toMatchObject({
    count: 0,
    trouble: expect.stringContaining('2 files could not be saved'),
  });
});

it('leaves the reserve alone, though somebody else fills the disk meanwhile', async () => {
  let room = 1e12;
  onDisk({ room: () => room, capacity: () => 1e12 });
  const others = hostThat(
    () => listing('a'),
    () => {
      room = 512 * 1024 * 1024;
      return tarOf('a');
    },
  );
  await expect(save(others)).rejects.toThrow(BucketTrouble);
  expect(() => readFileSync(inBucket('mycluster.files/a'))).toThrow('ENOENT');
});

it('saves both names of one file', async () => {
  const { engine, files } = thisMachine();
  writeFileSync(join(files, 'a'), 'text');
  linkSync(join(files, 'a'), join(files, 'b'));
  expect(await save(engine)).toMatchObject({ count: 2, bytes: 8 });
  for (const name of ['a', 'b'])
    expect(readFileSync(inBucket(`mycluster.files/${name}`), 'utf8')).toBe('text');
});

it.runIf(IS_ROOT)(
  'tells a file that its user cannot read, and saves the rest, be there one or not',
  async () => {
    const { engine, files } = thisMachine();
    writeFileSync(join(files, 'own'), 'text');
    chownSync(join(files, 'own'), NOBODY, NOBODY);
    writeFileSync(join(files, 'shut'), 'text', { mode: 0o600 });
    const told = { count: 1, trouble: '1 file could not be saved: "shut" (unreadable)' };
    const saved = await save(engine);
    expect(saved).toMatchObject(told);
    expect(await save(engine, { marks: saved.marks })).toMatchObject(told);
  },
);

it('does not take what is missing for unreadable when tar was killed, never began, or got half of its list', async () => {
  const host = (code: number, tar: () => Readable) => hostThat(() => listing('a', 'b'), tar, { code });
  const half = pack();
  half.entry({ name: './a' }, 'text');
  half.finalize();
  await expect(save(host(0, () => Readable.from(half)))).rejects.toThrow('could not be read as a whole');
  const killed = save(host(137, () => tarOf('a')));
  await expect(killed).rejects.toThrow('could not be read');
  const never = save(host(2, () => Readable.from([])));
  await expect(never).rejects.toThrow('could not be read');
});

it('is held up by what lies in the place of somebody’s files, unless told to leave it out', async () => {
  mkdirSync(inBucket('mycluster.files/taken'), { recursive: true });
  writeFileSync(inBucket('mycluster.files/taken/x'), '');
  const host = () =>
    hostThat(
      () => listing('taken', 'free'),
      () => tarOf('taken', 'free'),
    );
  await expect(save(host())).rejects.toThrow(BucketTrouble);
  const saved = await save(host(), { leaveOut: 'obstacles' });
  expect(saved).toMatchObject({ count: 1, trouble: expect.stringContaining('"taken" (something else') });
  expect(Object.keys(saved.marks)).toEqual(['free']);
});

it('saves all other files before it is held up by what lies in the place of one', async () => {
  mkdirSync(inBucket('mycluster.files/taken'), { recursive: true });
  const told: string[] = [];
  const host = hostThat(
    () => listing('taken', 'free'),
    () => tarOf('taken', 'free'),
  );
  await expect(save(host, { done: (path) => told.push(path) })).rejects.toThrow('"taken" (something else');
  expect(readFileSync(inBucket('mycluster.files/free'), 'utf8')).toBe('text');
  expect(told).toEqual(['free']);
});

describe.runIf(IS_ROOT)('a place that is closed to an ordinary user', () => {
  let folder: Folder;
  beforeEach(() => {
    folder = openFolder();
    folder.person('home/alice/mycluster.files/shut/x', '');
  });
  afterEach(() => folder.close());

  const saveInto = (closed: string, leaveOut: 'nothing' | 'obstacles' | 'all', mode = 0) => {
    const host = hostThat(
      () => listing('shut/a', 'free'),
      () => tarOf('shut/a', 'free'),
    );
    return shutOutOf(folder, closed, () => save(host, { store: folder.store, leaveOut }), mode);
  };

  it('is its owner’s matter: it holds up for a while, and never the other files', async () => {
    const shut = 'home/alice/mycluster.files/shut';
    await expect(saveInto(shut, 'nothing')).rejects.toThrow(BucketTrouble);
    expect(textOf(await folder.store.get('home/alice/mycluster.files/free'))).toBe('text');
    const told = { count: 1, trouble: '1 file could not be saved: "shut/a" (its place is closed)' };
    expect(await saveInto(shut, 'obstacles')).toMatchObject(told);
    expect(await saveInto(shut, 'all')).toMatchObject(told);
  });

  it('is its owner’s matter, though it is all of it, and may be read', async () => {
    const files = 'home/alice/mycluster.files';
    expect(await saveInto(files, 'obstacles')).toMatchObject({ count: 0 });
    // What is below it is still written.
    expect(await saveInto(files, 'obstacles', 0o555)).toMatchObject({ count: 1 });
    rmSync(join(folder.root, files), { recursive: true });
    for (const mode of [0o555, 0o311]) {
      const saved = await saveInto('home/alice', 'obstacles', mode);
      expect(saved).toMatchObject({
        count: 0,
        trouble: expect.stringContaining('"free" (its place is closed)'),
      });
    }
  });

  it('is the administrator’s matter above the folders of users', async () => {
    await expect(saveInto('home', 'obstacles')).rejects.toThrow(BucketTrouble);
  });
});

it('ends when it is told to, in the middle of what drips', async () => {
  const stop = new AbortController();
  const why = new Error('told to');
  let reads = 0;
  const dripping = new Readable({
    read() {
      reads += 1;
      if (reads === 1) this.push(Buffer.from('1 4 a\0'));
      else stop.abort(why);
    },
  });
  const host = hostThat(() => dripping, tarOf);
  await expect(save(host, { signal: stop.signal })).rejects.toBe(why);
});
