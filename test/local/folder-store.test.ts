import {
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  renameSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FolderStore } from '../../src/local/folder-store.ts';
import { FolderTree } from '../../src/local/folder-tree.ts';
import { listInputs } from '../../src/local/list-inputs.ts';
import { Staging } from '../../src/local/staging.ts';
import { objectStoreContract } from '../contract/object-store.contract.ts';
import { type Folder, keysOf, openFolder, QUIET, textOf } from './folder-fixture.ts';

objectStoreContract('a folder', async () => openFolder());
objectStoreContract('a folder without old versions', async () => {
  const folder = openFolder();
  return { ...folder, store: folder.another({ isKept: () => false }) };
});

const KEY = 'home/alice/x.cf-create';

describe('a file that may not fit into memory', () => {
  let folder: Folder;
  beforeEach(() => {
    folder = openFolder();
  });
  afterEach(() => folder.close());

  it('is read and written piece by piece, whole or not at all', async () => {
    const { store } = folder;
    const key = 'home/alice/c.files/big';
    await store.putFrom(key, Readable.from([Buffer.from('one '), Buffer.from('two')]));
    const file = store.openFile(key);
    expect(file?.size).toBe(7);
    expect(await text(file?.body ?? Readable.from([]))).toBe('one two');
    const broken = async function* () {
      yield Buffer.from('half');
      throw new Error('the host has gone');
    };
    await expect(store.putFrom(key, Readable.from(broken()))).rejects.toThrow('the host has gone');
    expect(textOf(await store.get(key))).toBe('one two');
    expect(file?.isProgram).toBe(false);
    await store.putFrom(key, Readable.from([Buffer.from('#!')]), true);
    const program = store.openFile(key);
    program?.body.destroy();
    expect(program).toMatchObject({ isProgram: true, size: 2 });
  });

  it('is none where nothing, a link or a folder lies, and an empty one is empty', async () => {
    const { store, root } = folder;
    await store.put('home/alice/c.files/empty', '');
    symlinkSync('/etc/passwd', join(root, 'home/alice/c.files/link'));
    expect(await text(store.openFile('home/alice/c.files/empty')?.body ?? Readable.from(['missing']))).toBe(
      '',
    );
    for (const name of ['link', '../c.files', 'nothing'])
      expect(store.openFile(`home/alice/c.files/${name}`)).toBeUndefined();
    await expect(store.putFrom('home/alice/../bob/x', Readable.from(['x']))).rejects.toThrow('cannot store');
  });
});

describe('a folder that people write into', () => {
  let folder: Folder;
  beforeEach(() => {
    folder = openFolder();
  });
  afterEach(() => folder.close());

  it('does not show an input file before nobody has written for a while', async () => {
    const { store } = folder;
    folder.person(KEY, '{');
    folder.person('home/alice/notes.txt', 'other files are shown at once');
    expect(await store.get(KEY)).toBeUndefined();
    expect(await keysOf(store, 'home/alice/')).toEqual(['home/alice/notes.txt']);
    const [seen] = await store.listInputs();
    expect(seen).toMatchObject({ key: KEY, quiet: false });

    folder.advance(2 * QUIET);
    expect(textOf(await store.get(KEY))).toBe('{');
    expect(await keysOf(store, KEY)).toEqual([KEY]);
    expect(await store.listInputs()).toEqual([{ ...seen, quiet: true }]);
  });

  it('takes every write for a new version, also of the same length', async () => {
    const { store } = folder;
    folder.settle();
    folder.person(KEY, '{"a":1}');
    const first = await store.get(KEY);
    // The clock of a file system may be as slow as a hundredth of a second: that is what a file has to be quiet for.
    const changed = () => statSync(join(folder.root, KEY), { bigint: true }).ctimeNs;
    const before = changed();
    do folder.person(KEY, '{"a":2}');
    while (changed() === before);
    const second = await store.get(KEY);
    expect(second?.version).not.toBe(first?.version);
    expect(await store.remove(KEY, first?.version ?? '')).toBe('changed');
    expect(textOf(await store.get(KEY))).toBe('{"a":2}');
  });

  it('does not overwrite a file that is not shown yet when it puts if absent', async () => {
    folder.person(KEY, 'half');
    expect(await folder.store.put(KEY, '{}', { ifAbsent: true })).toBeUndefined();
    folder.settle();
    expect(textOf(await folder.store.get(KEY))).toBe('half');
  });

  it('waits for the later of the two times, and for no time in the far future', async () => {
    const path = folder.person(KEY, '{}');
    const now = folder.clock.now() / 1000;
    // `cp -p` gives an old file time: the write itself is young.
    utimesSync(path, now - 86_400, now - 86_400);
    expect(await folder.store.get(KEY)).toBeUndefined();
    utimesSync(path, now + 1, now + 1);
    folder.advance(1.5 * QUIET);
    expect(await folder.store.get(KEY)).toBeUndefined();
    utimesSync(path, now + 86_400, now + 86_400);
    folder.advance(2 * QUIET);
    expect(textOf(await folder.store.get(KEY))).toBe('{}');
    // The clock was set back by an hour after the write.
    folder.advance(-3_600_000);
    expect(textOf(await folder.store.get(KEY))).toBe('{}');
  });

  it('finds input files only where a person would drop one', async () => {
    for (const key of [
      'home/alice/a.cf-create',
      'home/alice/deep/er/b.cf-delete',
      'home/bob/near-miss.cf-create.txt',
      'home/alice/x.files/c.cf-create',
      'home/alice/.trash/d.cf-create',
      'home/alice/.e.cf-create',
      'home/alice/f.cf-status',
      'home/g.cf-create',
      'customizer/alice/h.cf-create',
    ])
      folder.person(key, '{}');
    mkdirSync(join(folder.root, 'home/alice/folder.cf-create'));
    const inputs = await folder.store.listInputs();
    expect(inputs.map(({ key }) => key).toSorted()).toEqual([
      'home/alice/a.cf-create',
      'home/alice/deep/er/b.cf-delete',
      'home/bob/near-miss.cf-create.txt',
    ]);
  });

  it('does not walk what clusters saved, or hidden folders, whatever counts as input', async () => {
    for (const key of ['home/alice/a', 'home/alice/x.files/b', 'home/alice/x.files/deep/c', 'home/.d/e', 'f'])
      folder.person(key, '{}');
    const all = await listInputs(
      new FolderTree(folder.root),
      () => true,
      () => true,
    );
    expect(all.map(({ key }) => key)).toEqual(['home/alice/a']);
  });

  it('has no inputs when nobody has a folder yet', async () => {
    expect(await folder.store.listInputs()).toEqual([]);
  });
});

const OTHER_FILE_SYSTEM = otherFileSystem();
if (!OTHER_FILE_SYSTEM)
  console.log('skipped: two file systems (run with TMPDIR=/dev/shm, or on a disk of its own)');

describe('a folder store', () => {
  let folder: Folder;
  beforeEach(() => {
    folder = openFolder();
  });
  afterEach(() => folder.close());

  it('shares its folder with other stores', async () => {
    const [one, two] = [folder.store, folder.another()];
    const entry = await one.put('ledger/a', '1');
    expect(await two.put('ledger/a', '2', { ifVersion: entry?.version ?? '' })).toBeDefined();
    expect(await one.put('ledger/a', '3', { ifVersion: entry?.version ?? '' })).toBeUndefined();
    expect(textOf(await one.get('ledger/a'))).toBe('2');
  });

  it('gives each write a version of its own where none is kept, whatever inode numbers are free again', async () => {
    // A file system in memory may never use a number twice, a disk does so at once.
    const elsewhere = openFolder(OTHER_FILE_SYSTEM);
    try {
      for (const { another } of [folder, elsewhere]) {
        const store = another({ isKept: () => false });
        const versions = new Set<string>();
        for (let n = 0; n < 500; n++) versions.add((await store.put('ledger/a', 'same'))?.version ?? '');
        expect(versions.size).toBe(500);
      }
    } finally {
      elsewhere.close();
    }
  });

  it('says that writes of one moment differ, and when they were made to within a second', () => {
    const staging = new Staging(join(folder.base, 'tmp'));
    const before = Date.now();
    const times = Array.from({ length: 10 }, () => staging.write('same').stat.mtimeNs);
    expect(new Set(times).size).toBe(10);
    for (const time of times) {
      expect(Number(time) / 1e6).toBeGreaterThan(before - 1001);
      expect(Number(time) / 1e6).toBeLessThanOrEqual(Date.now());
    }
  });

  it('says so when its folder is gone or another, instead of looking empty', async () => {
    await folder.store.put('ledger/a', '1');
    renameSync(folder.root, `${folder.root}-moved`);
    await expect(folder.store.get('ledger/a')).rejects.toThrow(/gone or was replaced/);
    await expect(keysOf(folder.store, 'ledger/')).rejects.toThrow(/gone or was replaced/);
    mkdirSync(folder.root);
    await expect(folder.store.get('ledger/a')).rejects.toThrow(/gone or was replaced/);
    await expect(folder.store.listInputs()).rejects.toThrow(/gone or was replaced/);
    await expect(folder.store.put('ledger/a', '2')).rejects.toThrow(/gone or was replaced/);
    expect(readdirSync(folder.root)).toEqual([]);
    expect(readdirSync(join(folder.internal, 'tmp'))).toEqual([]);
  });

  it('refuses folders that cannot work together', () => {
    const { root, clock, base } = folder;
    const rest = { bucket: 'bucket', clock, quietMs: QUIET, isInput: () => false };
    expect(() => new FolderStore({ root, internal: join(root, 'inside'), ...rest })).toThrow(/inside/);
    const file = join(base, 'file');
    writeFileSync(file, '');
    expect(() => new FolderStore({ root: file, internal: join(base, 'i'), ...rest })).toThrow();
  });

  it.runIf(OTHER_FILE_SYSTEM !== undefined)('refuses folders on two file systems', () => {
    const other = openFolder(OTHER_FILE_SYSTEM);
    try {
      const { clock } = folder;
      const rest = { bucket: 'bucket', clock, quietMs: QUIET, isInput: () => false };
      expect(() => new FolderStore({ root: folder.root, internal: other.base, ...rest })).toThrow(
        /one file system/,
      );
    } finally {
      other.close();
    }
  });

  it('clears away what a killed process left, and nothing that is in use', async () => {
    const tmp = join(folder.internal, 'tmp');
    const old = folder.clock.now() / 1000 - 7200;
    for (const name of ['999999999-0-0-abc-1', 'not-ours', `${process.pid}-0-0-abc-1`, '999999999-0-0-abc-2'])
      writeFileSync(join(tmp, name), 'x');
    for (const name of ['999999999-0-0-abc-1', 'not-ours', `${process.pid}-0-0-abc-1`])
      utimesSync(join(tmp, name), old, old);
    folder.another();
    expect(readdirSync(tmp).toSorted()).toEqual(
      [`${process.pid}-0-0-abc-1`, '999999999-0-0-abc-2'].toSorted(),
    );
  });

  it('does not make an object look new by clearing away', async () => {
    // As after a kill between giving a new object its name and taking away its first one.
    const first = join(folder.internal, 'tmp', '999999999-0-0-abc-1');
    writeFileSync(first, 'x');
    const old = folder.clock.now() / 1000 - 7200;
    utimesSync(first, old, old);
    mkdirSync(join(folder.root, 'ledger'));
    linkSync(first, join(folder.root, 'ledger/a'));
    const before = await folder.store.get('ledger/a');
    expect(before).toBeDefined();
    expect((await folder.another().get('ledger/a'))?.version).toBe(before?.version);
  });
});

/** A folder on another file system than the temporary one, where the machine has one. */
function otherFileSystem(): string | undefined {
  const own = statSync(tmpdir()).dev;
  return ['/dev/shm', process.cwd(), '/tmp'].find((path) => existsSync(path) && statSync(path).dev !== own);
}
