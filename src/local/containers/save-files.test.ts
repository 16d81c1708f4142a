import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pack } from 'tar-stream';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { clusterAt } from '../../core/identity.ts';
import { FolderStore } from '../folder-store.ts';
import type { ContainerEngine } from './container-engine.ts';
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

/** An engine whose host answers `find` and `tar` with these streams. */
function hostThat(find: () => Readable, tar: () => Readable): ContainerEngine {
  const engine = {
    putFiles: async () => undefined,
    open: async (_: string, [program]: readonly string[]) => {
      const out = program === 'find' ? find() : tar();
      const ended = new Promise<number>((resolve, reject) => {
        out.once('end', () => resolve(0)).once('close', () => reject(new Error('it was cut off')));
      });
      ended.catch(() => undefined);
      return { out, err: Readable.from([]), ended, close: () => out.destroy() };
    },
  };
  return engine as unknown as ContainerEngine;
}

function save(engine: ContainerEngine, more: Partial<FilesToSave> = {}) {
  const cluster = clusterAt('local', 'home/alice/mycluster');
  return saveFiles({ engine, store, cluster, host: 'id', account: 'alice', marks: {}, now: 0, ...more });
}

const listing = (...names: readonly string[]) =>
  Readable.from([Buffer.from(names.map((name) => `1.5 4 ${name}\0`).join(''))]);

function tarOf(...names: readonly string[]): Readable {
  const tar = pack();
  for (const name of names) tar.entry({ name: `./${name}` }, 'text');
  tar.finalize();
  return Readable.from(tar);
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
  // A name without an end.
  const name = () => endless(Buffer.from('1 1 ' + 'x'.repeat(65_536)), Number.POSITIVE_INFINITY);
  await expect(save(hostThat(name, nothing))).rejects.toThrow('makes no sense');
  expect(sent).toBeLessThan(1e6);
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

it('does not begin with what is larger than the disk, whatever a host claims or sends', async () => {
  const huge = () => Readable.from([Buffer.from('1 1000000000000000000 sparse\x001 4 a\0')]);
  const saved = await save(
    hostThat(huge, () => tarOf('a')),
    { leaveOut: 'all' },
  );
  expect(saved).toMatchObject({ count: 1, trouble: expect.stringContaining('"sparse"') });
  await expect(save(hostThat(huge, () => tarOf('a')))).rejects.toThrow(BucketTrouble);
  const grown = pack();
  grown.entry({ name: './a', size: 1e18 }).write('text');
  await expect(
    save(
      hostThat(
        () => listing('a'),
        () => Readable.from(grown),
      ),
    ),
  ).rejects.toThrow('"a" is larger than it was');
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
  expect(saved).toMatchObject({ count: 1, trouble: expect.stringContaining('"taken"') });
  expect(Object.keys(saved.marks)).toEqual(['free']);
});

it('ends when it is told to, in the middle of what drips', async () => {
  const stop = new AbortController();
  const dripping = new Readable({ read: () => undefined });
  dripping.push(Buffer.from('1 4 a\0'));
  const saving = save(
    hostThat(() => dripping, tarOf),
    { signal: stop.signal },
  );
  setTimeout(() => stop.abort(), 50);
  await expect(saving).rejects.toThrow();
});
