import { once } from 'node:events';
import { existsSync, readdirSync, readlinkSync, statSync, symlinkSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { extract } from 'tar-stream';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type Folder, IS_ROOT, openFolder, shutOutOf } from '../../../test/local/folder-fixture.ts';
import { soon } from '../../../test/soon.ts';
import { clusterAt } from '../../core/identity.ts';
import type { ContainerEngine } from './container-engine.ts';
import { restoreFiles } from './restored-files.ts';

let folder: Folder;
beforeEach(() => {
  folder = openFolder();
  folder.settle();
});
afterEach(() => folder.close());

const write = (path: string, body: string) => folder.person(`home/alice/mycluster.files/${path}`, body);

/** Fills `~/files` of a host whose engine does this with what it is given; like the real one, it says little of what broke. */
function restore(put: (tar: Readable) => Promise<void>) {
  const putFiles = async (_: string, tar: Readable) => {
    const broken = once(tar, 'error').then(() => Promise.reject(new Error('The operation was aborted')));
    await Promise.race([put(tar), broken]);
  };
  return restoreFiles({
    engine: { putFiles } as unknown as ContainerEngine,
    store: folder.store,
    cluster: clusterAt('local', 'home/alice/mycluster'),
    host: 'id',
    account: 'alice',
  });
}

/** Names in a tar, and what the files hold. */
async function unpacked(tar: Readable): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for await (const entry of tar.pipe(extract())) found[entry.header.name] = await text(entry);
  return found;
}

function isOpen(path: string): boolean {
  return readdirSync('/proc/self/fd').some((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`) === path;
    } catch {
      return false;
    }
  });
}

it('gives a host all files, and tells what they look like there', async () => {
  write('a', 'text');
  write('d/e/empty', '');
  let found = {};
  const restored = await restore(async (tar) => {
    found = await unpacked(tar);
  });
  expect(found).toEqual({
    'home/alice/': '',
    'home/alice/files/': '',
    'home/alice/files/a': 'text',
    'home/alice/files/d/': '',
    'home/alice/files/d/e/': '',
    'home/alice/files/d/e/empty': '',
  });
  expect(restored).toMatchObject({ count: 2, bytes: 4 });
  const mtime = (path: string) =>
    Math.floor(statSync(join(folder.root, 'home/alice/mycluster.files', path)).mtimeMs / 1000);
  expect(restored.marks).toEqual({ a: `${mtime('a')} 4`, 'd/e/empty': `${mtime('d/e/empty')} 0` });
  expect(restored.trouble).toBeUndefined();
});

it.runIf(IS_ROOT).each(['shut', 'b/shut'])(
  'leaves out what may not be read, and says so: %s',
  async (shut) => {
    write('a', 'text');
    write('b/c', 'text');
    const closed = shut === 'shut' ? write(shut, '') : join(write(`${shut}/x`, ''), '..');
    let found = {};
    const restored = await shutOutOf(folder, closed.slice(folder.root.length), () =>
      restore(async (tar) => {
        found = await unpacked(tar);
      }),
    );
    expect(Object.keys(found)).toEqual(
      expect.arrayContaining(['home/alice/files/a', 'home/alice/files/b/c']),
    );
    expect(restored).toMatchObject({
      count: 2,
      trouble: expect.stringMatching(
        /^1 file could not be copied to the cluster: "(b\/)?shut\/?" \(unreadable\)$/,
      ),
    });
  },
);

/** More names than anybody can read, in place of what is there; `looked` counts those that were. */
function withoutEnd(isFolder: boolean): { looked: number } {
  const counts = { looked: 0 };
  vi.spyOn(folder.store, 'walk').mockImplementation(function* (prefix) {
    yield { key: `${prefix}a`, isFolder: false };
    for (; ; counts.looked++) yield { key: `${prefix}${counts.looked}`, isFolder };
  });
  return counts;
}

it.each([
  ['files', false],
  ['folders', true],
])(
  'gives a host no more than is saved of one, lets others have their turn, and says so: %s',
  async (_, isFolder) => {
    write('a', 'text');
    const counts = withoutEnd(isFolder);
    let turns = 0;
    const turn = setInterval(() => turns++, 0);
    let found = {};
    const restored = await restore(async (tar) => {
      found = await unpacked(tar);
    });
    clearInterval(turn);
    expect(found).toHaveProperty('home/alice/files/a', 'text');
    expect(restored).toMatchObject({
      count: 1,
      trouble: expect.stringMatching(/^there are more than 100000 files.*is not copied to the cluster; pack/),
    });
    expect(counts.looked).toBeLessThanOrEqual(100_000);
    expect(turns).toBeGreaterThan(10);
  },
);

it('finds files of all folders, whatever these are called, and follows no link', async () => {
  const elsewhere = folder.person('home/bob/secret', 'secret');
  for (const path of ['1', '2/1', '2/é/1', 'A', 'a', 'deep/er/x']) write(path, 'text');
  symlinkSync(elsewhere, join(folder.root, 'home/alice/mycluster.files/link'));
  symlinkSync(join(elsewhere, '..'), join(folder.root, 'home/alice/mycluster.files/folder'));
  const restored = await restore(async (tar) => void (await unpacked(tar)));
  expect(Object.keys(restored.marks).toSorted()).toEqual(['1', '2/1', '2/é/1', 'A', 'a', 'deep/er/x']);
});

it.runIf(existsSync('/proc/self/fd'))('keeps no folder open that is not read to its end', () => {
  const path = join(write('a', ''), '..');
  write('b', '');
  const walk = folder.store.walk('home/alice/mycluster.files/', () => undefined);
  walk.next();
  expect(isOpen(path)).toBe(true);
  walk.return(undefined);
  expect(isOpen(path)).toBe(false);
});

it.runIf(existsSync('/proc/self/fd')).each([
  ['at once', false],
  ['in the middle of one', true],
])('leaves no file open when the engine hangs up %s', async (_, isMiddle) => {
  const path = write('large', 'x'.repeat(20_000_000));
  const hangingUp = restore(async (tar) => {
    if (isMiddle) await once(tar, 'readable');
    expect(isOpen(path)).toBe(true);
    throw new Error('socket hang up');
  });
  await expect(hangingUp).rejects.toThrow('socket hang up');
  await soon(() => expect(isOpen(path)).toBe(false));
});

it('names a file that becomes shorter while it is copied', async () => {
  const path = write('large', 'x'.repeat(20_000_000));
  const shrinking = restore(async (tar) => {
    await once(tar, 'readable');
    truncateSync(path, 10);
    await unpacked(tar);
  });
  await expect(shrinking).rejects.toThrow('"large" became shorter while it was copied');
});
