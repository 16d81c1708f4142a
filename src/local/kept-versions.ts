import type { BigIntStats, Dirent } from 'node:fs';
import {
  constants,
  copyFileSync,
  linkSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmdirSync,
  unlinkSync,
} from 'node:fs';
import { join } from 'node:path';
import { isSameWrite, statOf } from './file-stat.ts';
import type { FolderTree } from './folder-tree.ts';

const KEPT = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d\.\d{3})Z-[0-9a-z~-]+$/;

/** What was replaced or removed: `<key>/<time of keeping>-<version>` below a folder. Callers hold the store's lock. */
export class KeptVersions {
  readonly #folder: string;

  constructor(folder: string) {
    mkdirSync(folder, { recursive: true });
    this.#folder = folder;
  }

  /** Gives what lies at `path` a second name here. A program that still has it open goes on writing into what is kept. */
  keep(path: string, key: string, version: string, now: number): void {
    const kept = this.place(key, version, now);
    try {
      linkSync(path, kept);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // Not the owner (fs.protected_hardlinks), or a great many links already.
      if (code !== 'EPERM' && code !== 'EMLINK') throw error;
      copyFileSync(path, kept, constants.COPYFILE_EXCL);
    }
  }

  /** A path here that is free: renaming onto another name of the same file would silently do nothing. */
  place(key: string, version: string, now: number): string {
    const folder = join(this.#folder, key);
    mkdirSync(folder, { recursive: true });
    const name = `${new Date(now).toISOString().replace(/[-:]/g, '')}-${version}`;
    let path = join(folder, name);
    for (let n = 1; statOf(path); n++) path = join(folder, `${name}~${n}`);
    return path;
  }

  /** Keys (folders here, as names from the top) of which something is kept. */
  *keys(names: readonly string[] = []): Generator<readonly string[]> {
    for (const child of childrenOf(join(this.#folder, ...names)))
      if (child.isDirectory()) yield* this.keys([...names, child.name]);
    if (names.length > 0) yield names;
  }

  /** Removes what was kept of one key before `before` (epoch ms), except the newest `keep`; then the folder, if empty. */
  expire(names: readonly string[], tree: FolderTree, before: number, keep: number): void {
    const folder = join(this.#folder, ...names);
    // Only files: people may call a folder anything, and below it other keys are kept.
    const kept = childrenOf(folder).flatMap((child) =>
      child.isFile() && KEPT.test(child.name) ? [child.name] : [],
    );
    const live = statOf(join(tree.root, ...names));
    for (const name of kept.toSorted().slice(0, Math.max(0, kept.length - keep))) {
      const path = join(folder, name);
      // Another name of the live object, left by a crash: removing it would change the object's ctime, so its version.
      if (keptAt(name) >= before || (live && statOf(path)?.ino === live.ino)) continue;
      unlinkSync(path);
    }
    try {
      rmdirSync(folder);
    } catch (error) {
      if (!['ENOTEMPTY', 'EEXIST', 'ENOENT'].includes((error as NodeJS.ErrnoException).code ?? ''))
        throw error;
    }
  }
}

/**
 * Takes the file at `path` away to `kept`, but only if it is still what was `seen`: what was taken is looked at, and put back
 * if a person wrote into it meanwhile. Returns whether it is gone. Throws ENOENT when nothing is there.
 */
export function takeAway(path: string, kept: string, seen: BigIntStats): boolean {
  renameSync(path, kept);
  const taken = statOf(kept);
  if (taken && isSameWrite(taken, seen)) return true;
  putBack(kept, path);
  return false;
}

/** Returns a kept file to its place, unless something newer lies there: then it stays kept, and the answer is `false`. */
export function putBack(kept: string, path: string): boolean {
  try {
    linkSync(kept, path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    if ((code !== 'EPERM' && code !== 'EMLINK') || statOf(path)) throw error;
    renameSync(kept, path);
    return true;
  }
  unlinkSync(kept);
  return true;
}

function keptAt(name: string): number {
  return Date.parse(name.replace(KEPT, '$1-$2-$3T$4:$5:$6Z'));
}

/** None when the folder is gone: another process may be expiring too. */
function childrenOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
