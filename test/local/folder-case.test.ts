import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Folder, keysOf, openFolder, textOf } from './folder-fixture.ts';

/** A place where `Alice` and `alice` are one name, the ways to get one in order of ease; `undefined` when there is none. */
function openCaselessPlace(): { readonly path: string; close(): void } | undefined {
  const base = mkdtempSync(join(tmpdir(), 'caseless-'));
  const [path, image] = [join(base, 'mount'), join(base, 'image')];
  mkdirSync(path);
  const ways: (() => void)[] = [
    // macOS, as it comes.
    () => {},
    // Linux 6.13 and later, built with CONFIG_UNICODE.
    () => {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'casefold,size=8m', 'tmpfs', path], { stdio: 'ignore' });
      execFileSync('chattr', ['+F', path], { stdio: 'ignore' });
    },
    () => {
      writeFileSync(image, '');
      truncateSync(image, 8 << 20);
      execFileSync('mkntfs', ['-q', '-F', image], { stdio: 'ignore' });
      execFileSync('lowntfs-3g', ['-o', 'ignore_case', image, path], { stdio: 'ignore' });
    },
  ];
  const close = () => {
    try {
      execFileSync('umount', [path], { stdio: 'ignore' });
    } catch {
      // Nothing was mounted.
    }
    rmSync(base, { recursive: true, force: true });
  };
  for (const way of ways) {
    try {
      way();
      writeFileSync(join(path, 'probe'), '');
      if (existsSync(join(path, 'PROBE'))) return { path, close };
    } catch {
      // Not on this machine.
    }
  }
  close();
  return undefined;
}

const place = openCaselessPlace();
if (!place) console.log('skipped: folders that ignore case (as root on Linux, install ntfs-3g to run this)');
if (!place && process.env['CI'] && process.getuid?.() === 0)
  throw new Error('the file system that ignores case is missing: .ci/run installs ntfs-3g for it');
afterAll(() => place?.close());

describe.runIf(place)('a folder that does not tell upper from lower case', () => {
  let folder: Folder;
  beforeEach(() => {
    folder = openFolder(place?.path);
    folder.settle();
  });
  afterEach(() => folder.close());

  it('never gives one user the files of another', async () => {
    const { store } = folder;
    const entry = await store.put('home/alice/x.cf-create', 'hers');
    for (const key of ['home/Alice/x.cf-create', 'HOME/alice/x.cf-create', 'home/alice/X.cf-create']) {
      expect(await store.get(key), key).toBeUndefined();
      expect(await store.remove(key, entry?.version ?? ''), key).toBe('absent');
      await expect(store.put(key, 'his'), key).rejects.toThrow(/another spelling/);
      await expect(store.put(key, 'his', { ifAbsent: true }), key).rejects.toThrow(/another spelling/);
    }
    await expect(store.put('home/Alice/y.cf-create', 'his')).rejects.toThrow(/another spelling/);
    expect(await keysOf(store, 'home/Alice/')).toEqual([]);
    expect(await keysOf(store, 'home/alice/')).toEqual(['home/alice/x.cf-create']);
    expect(textOf(await store.get('home/alice/x.cf-create'))).toBe('hers');
    expect(readdirSync(join(folder.root, 'home'))).toEqual(['alice']);
  });

  it('works as usual otherwise', async () => {
    const { store } = folder;
    const first = await store.put('home/bob/a.cf-status', '1');
    const second = await store.put('home/bob/a.cf-status', '2', { ifVersion: first?.version ?? '' });
    expect(textOf(await store.get('home/bob/a.cf-status'))).toBe('2');
    expect(await store.remove('home/bob/a.cf-status', second?.version ?? '')).toBe('removed');
    expect(await keysOf(store, 'home/bob/')).toEqual([]);
  });
});
