import {
  closeSync,
  existsSync,
  linkSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { setImmediate as breathe } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { statOf } from '../../src/local/file-stat.ts';
import { KeptVersions, putBack, takeAway } from '../../src/local/kept-versions.ts';
import { openFolderStores } from '../../src/local/open-folder-stores.ts';
import { readWhole } from '../../src/local/read-whole.ts';
import { type Folder, IS_ROOT, keysOf, openFolder, QUIET, shutOutOf, textOf } from './folder-fixture.ts';

const KEY = 'home/alice/x.cf-create';
const DAY = 86_400_000;

describe('nothing that a person wrote is lost', { timeout: 60_000 }, () => {
  let folder: Folder;
  beforeEach(() => {
    folder = openFolder();
    folder.settle();
  });
  afterEach(() => folder.close());

  function kept(key: string): string[] {
    const at = join(folder.internal, 'versions', key);
    return existsSync(at)
      ? readdirSync(at)
          .toSorted()
          .map((name) => readFileSync(join(at, name), 'utf8'))
      : [];
  }

  async function removeShown(key: string): Promise<string> {
    return folder.store.remove(key, (await folder.store.get(key))?.version ?? 'none');
  }

  it('keeps what is replaced and what is removed, in order', async () => {
    folder.person(KEY, 'by hand');
    await folder.store.put(KEY, 'first');
    folder.advance(1000);
    await folder.store.put(KEY, 'second');
    folder.advance(1000);
    expect(await removeShown(KEY)).toBe('removed');
    expect(kept(KEY)).toEqual(['by hand', 'first', 'second']);
  });

  it('keeps no old versions of our own replies, but what is removed', async () => {
    const dir = join(folder.base, 'installation');
    const { users } = openFolderStores(dir);
    const replies = ['status', 'created', 'failed', 'deleted'].map((suffix) => `home/alice/x.cf-${suffix}`);
    const drops = ['home/alice/x.cf-create', 'home/alice/x.cf-delete'];
    const versions = join(dir, '.clusterdrop', 'bucket', 'versions');
    const names = (key: string) => (existsSync(join(versions, key)) ? readdirSync(join(versions, key)) : []);
    for (const key of [...replies, ...drops]) for (const body of ['1', '2', '3']) await users.put(key, body);
    for (const key of replies) expect(names(key), key).toEqual([]);
    for (const key of drops) expect(names(key), key).toHaveLength(2);
    const [reply = ''] = replies;
    const { version = '' } = (await users.get(reply)) ?? {};
    expect(await users.remove(reply, version)).toBe('removed');
    expect(names(reply)).toHaveLength(1);
  });

  it('keeps several versions of one moment', async () => {
    const frozen = folder.clock.now();
    for (const body of ['a', 'a', 'a', 'a']) {
      await folder.store.put(KEY, body);
      folder.advance(frozen - folder.clock.now());
    }
    expect(kept(KEY)).toHaveLength(3);
  });

  it('leaves a file that was written to at the very moment of its removal', () => {
    const path = folder.person(KEY, 'seen');
    const seen = statOf(path);
    if (!seen) throw new Error('not written');
    writeFileSync(path, 'newer');
    const place = join(folder.base, 'kept');
    expect(takeAway(path, place, seen)).toBe(false);
    expect(readFileSync(path, 'utf8')).toBe('newer');
    expect(existsSync(place)).toBe(false);
  });

  it('leaves a file that was exchanged at the very moment of its removal', () => {
    const path = folder.person(KEY, 'same size');
    const other = folder.person('home/alice/other', 'size same');
    // `cp -p` and `mv` bring times with them.
    for (const one of [path, other]) utimesSync(one, 1_700_000_000, 1_700_000_000);
    const exact = statOf(path);
    expect(exact && takeAway(other, join(folder.base, 'kept'), exact)).toBe(false);
    expect(readFileSync(other, 'utf8')).toBe('size same');
  });

  it('puts nothing back over what came meanwhile', () => {
    const older = folder.person('home/alice/older', 'older');
    const path = folder.person(KEY, 'newer');
    expect(putBack(older, path)).toBe(false);
    expect(readFileSync(path, 'utf8')).toBe('newer');
    expect(readFileSync(older, 'utf8')).toBe('older');
  });

  it('never gives two versions one place', () => {
    const versions = new KeptVersions(join(folder.internal, 'versions'));
    const places = [1, 2, 3].map(() => {
      const place = versions.place(KEY, 'version', 0);
      writeFileSync(place, '', { flag: 'wx' });
      return place;
    });
    expect(new Set(places).size).toBe(3);
  });

  it('puts back a file that a program went on writing', async () => {
    const path = folder.person(KEY, 'first ');
    const program = openSync(path, 'a');
    expect(await removeShown(KEY)).toBe('removed');
    writeSync(program, 'second');
    closeSync(program);
    expect(await folder.store.recheck()).toEqual([]);
    expect(existsSync(path)).toBe(false);

    folder.advance(QUIET);
    expect(await folder.store.recheck()).toEqual([KEY]);
    expect(textOf(await folder.store.get(KEY))).toBe('first second');
    expect(kept(KEY)).toEqual([]);
    expect(await folder.store.recheck()).toEqual([]);
  });

  it('puts nothing back over something newer, or into a folder that is gone', async () => {
    const path = folder.person(KEY, 'first ');
    const program = openSync(path, 'a');
    await removeShown(KEY);
    writeSync(program, 'second');
    folder.person(KEY, 'newer');
    folder.advance(QUIET);
    expect(await folder.store.recheck()).toEqual([]);
    expect(readFileSync(path, 'utf8')).toBe('newer');
    expect(kept(KEY)).toEqual(['first second']);

    closeSync(program);

    const another = openSync(path, 'a');
    await removeShown(KEY);
    writeSync(another, ', newest');
    closeSync(another);
    rmSync(dirname(path), { recursive: true });
    folder.advance(QUIET);
    expect(await folder.store.recheck()).toEqual([]);
    expect(existsSync(dirname(path))).toBe(false);
    expect(kept(KEY)).toEqual(['first second', 'newer, newest']);
  });

  it('does not bring back what nobody touched', async () => {
    folder.person(KEY, '{}');
    await removeShown(KEY);
    folder.advance(10 * QUIET);
    expect(await folder.store.recheck()).toEqual([]);
    expect(await keysOf(folder.store, 'home/alice/')).toEqual([]);
  });

  it('lets old versions go, but the newest of each key stay', async () => {
    const other = 'home/alice/x.cf-create/below'.replace('.cf-create', '');
    for (const body of ['1', '2', '3', '4', '5']) {
      await folder.store.put(KEY, body);
      await folder.store.put(other, body);
      folder.advance(DAY);
    }
    await folder.store.expireVersions(2.5 * DAY, 0);
    expect(kept(KEY)).toEqual(['3', '4']);
    await folder.store.expireVersions(0, 1);
    expect(kept(KEY)).toEqual(['4']);
    expect(kept(other)).toEqual(['4']);
    await folder.store.expireVersions(0, 0);
    expect(readdirSync(join(folder.internal, 'versions'))).toEqual([]);
    expect(textOf(await folder.store.get(KEY))).toBe('5');
  });

  it('keeps no more than the last few of what a cluster saves again and again, however young they are', async () => {
    const dir = join(folder.base, 'installation');
    const { users } = openFolderStores(dir);
    const keys = ['home/alice/project/x.files/d/log', 'home/alice/notes'];
    for (const key of keys) for (let n = 0; n < 10; n++) await users.put(key, `${n}`);
    await users.expireVersions(30 * DAY, 5);
    const names = (key: string) => readdirSync(join(dir, '.clusterdrop', 'bucket', 'versions', key));
    expect(keys.map((key) => names(key).length)).toEqual([5, 9]);
  });

  it('lets go beside a folder that is called like a kept version', async () => {
    const strange = `${KEY}/20200101T000000.000Z-a/y`;
    for (const body of ['1', '2']) await folder.store.put(KEY, body);
    await removeShown(KEY);
    for (const body of ['3', '4', '5']) await folder.store.put(strange, body);
    folder.advance(DAY);
    await folder.store.expireVersions(0, 1);
    expect(kept(strange)).toEqual(['4']);
    expect(readdirSync(join(folder.internal, 'versions', KEY))).toHaveLength(2);
    await folder.store.expireVersions(0, 0);
    expect(readdirSync(join(folder.internal, 'versions'))).toEqual([]);
  });

  it.runIf(IS_ROOT)('lets go of the others’ when one person’s folder cannot be looked into', async () => {
    const bobs = 'home/bob/x.cf-create';
    for (const key of [KEY, bobs]) for (const body of ['1', '2']) await folder.store.put(key, body);
    folder.advance(DAY);
    const expired = shutOutOf(folder, 'home/alice', () => folder.store.expireVersions(0, 0));
    await expect(expired).rejects.toThrow('EACCES');
    expect([kept(KEY), kept(bobs)]).toEqual([['1'], []]);
  });

  it('does not make a drop look new by letting its other name go', async () => {
    folder.person(KEY, '{}');
    await folder.store.put(KEY, '{}');
    // As after a kill between keeping the old file and renaming the new one over it.
    const at = join(folder.internal, 'versions', KEY);
    const [name = ''] = readdirSync(at);
    rmSync(join(folder.root, KEY));
    linkSync(join(at, name), join(folder.root, KEY));
    const before = (await folder.store.get(KEY))?.version;
    folder.advance(DAY);
    await folder.store.expireVersions(0, 0);
    expect((await folder.store.get(KEY))?.version).toBe(before);
  });

  it('loses none of a thousand lines that are written while the file is taken away', async () => {
    const path = folder.person(KEY, '');
    const person = new Worker(
      `const { appendFileSync } = require('node:fs');
       const { workerData: path, parentPort } = require('node:worker_threads');
       for (let n = 0; n < 1000; n++) appendFileSync(path, 'line ' + n + '\\n');
       parentPort.postMessage('done');`,
      { eval: true, workerData: path },
    );
    const ended = new Promise<'ended'>((resolve, reject) => {
      person.once('error', reject);
      person.once('message', () => resolve('ended'));
    });
    let removed = 0;
    while ((await Promise.race([ended, breathe('writing')])) === 'writing') {
      if ((await removeShown(KEY)) === 'removed') removed += 1;
      if (removed % 10 === 0) await folder.store.recheck();
    }
    expect(removed).toBeGreaterThan(0);
    const lines = [...kept(KEY), existsSync(path) ? readFileSync(path, 'utf8') : ''].join('').split('\n');
    expect(lines.toSorted()).toEqual(['', ...Array.from({ length: 1000 }, (_, n) => `line ${n}`)].toSorted());
  });

  it('never reads a file that grows meanwhile as if it were whole', async () => {
    const path = folder.person('home/alice/log', '');
    const person = new Worker(
      `const { openSync, writeSync, ftruncateSync } = require('node:fs');
       const { workerData: path } = require('node:worker_threads');
       const file = openSync(path, 'a');
       const block = Buffer.alloc(10_000, 'x');
       for (let n = 1; ; n++) { writeSync(file, block); if (n % 200 === 0) ftruncateSync(file, 0); }`,
      { eval: true, workerData: path },
    );
    try {
      let changing = 0;
      while (changing < 50) {
        const read = readWhole(path);
        if (read === 'gone') throw new Error('it is there');
        if (read === 'changing') changing += 1;
        else expect(BigInt(read.body.length)).toBe(read.stat.size);
        await breathe();
      }
    } finally {
      await person.terminate();
    }
  });

  it('overwrites none of the files that a person creates at the same moment', async () => {
    const keys = Array.from({ length: 400 }, (_, n) => `home/alice/race-${n}`);
    folder.person('home/alice/there', '');
    const turn = new Int32Array(new SharedArrayBuffer(4));
    // Creates each file unless it is there, at its turn, and says which it created.
    const person = new Worker(
      `const { writeFileSync } = require('node:fs');
       const { workerData: { root, keys, turn }, parentPort } = require('node:worker_threads');
       const created = [];
       for (let n = 0; n < keys.length; n++) {
         while (Atomics.load(turn, 0) <= n);
         for (const until = performance.now() + (n % 50) * 0.008; performance.now() < until; );
         try { writeFileSync(root + '/' + keys[n], 'by a person', { flag: 'wx' }); created.push(keys[n]); } catch {}
       }
       parentPort.postMessage(created);`,
      { eval: true, workerData: { root: folder.root, keys, turn } },
    );
    const ended = new Promise<string[]>((resolve, reject) => {
      person.once('error', reject);
      person.once('message', resolve);
    });
    const ours: string[] = [];
    for (const [n, key] of keys.entries()) {
      Atomics.store(turn, 0, n + 1);
      if (await folder.store.put(key, 'by us', { ifAbsent: true })) ours.push(key);
    }
    const theirs = await ended;
    expect([...ours, ...theirs].toSorted()).toEqual(keys.toSorted());
    for (const key of theirs) expect(textOf(await folder.store.get(key))).toBe('by a person');
  });
});
