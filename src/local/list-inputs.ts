import { type BigIntStats, type Dirent, readdirSync } from 'node:fs';
import { setImmediate as breathe } from 'node:timers/promises';
import { isForeignLink, statOf, versionOf } from './file-stat.ts';
import { isAbsence } from './folder-listing.ts';
import type { FolderTree } from './folder-tree.ts';
import { keyFault } from './object-path.ts';

export interface InputFile {
  readonly key: string;
  readonly version: string;
  /** `false`: somebody may still be writing it, and the store does not show it yet. */
  readonly quiet: boolean;
}

/**
 * Every input file below `home/`, by walking it: names are read, and only input files are looked at. Not into what a cluster
 * saved (`*.files/`), hidden folders, or along links,
 * hard ones to others' files included. What cannot be looked at below `home/` has no inputs here, or one user
 * could stop everybody's watcher; whoever then looks with `list` gets the error.
 */
export async function listInputs(
  tree: FolderTree,
  isInput: (key: string) => boolean,
  isQuietNow: (stat: BigIntStats) => boolean,
): Promise<InputFile[]> {
  const home = tree.folder(['home']);
  if (home === undefined) return [];
  const inputs: InputFile[] = [];
  const waiting: { key: string; path: string }[] = [];
  const walk = (above: { key: string; path: string }, children: readonly Dirent[]) => {
    for (const child of children) {
      const key = `${above.key}/${child.name}`;
      const path = `${above.path}/${child.name}`;
      if (child.isDirectory()) {
        const isWalked = !child.name.startsWith('.') && !child.name.endsWith('.files');
        if (isWalked && keyFault(key) === undefined) waiting.push({ key, path });
      } else if (isInput(key) && keyFault(key) === undefined) {
        const stat = unlessFailing(() => statOf(path));
        if (stat?.isFile() && !isForeignLink(path, stat))
          inputs.push({ key, version: versionOf(stat), quiet: isQuietNow(stat) });
      }
    }
  };
  // This one is the administrator's own: that it cannot be read is no user's doing.
  walk({ key: 'home', path: home }, childrenOf(home));
  let walked = 0;
  for (let folder = waiting.pop(); folder; folder = waiting.pop()) {
    walked += 1;
    if (walked % 100 === 0) await breathe();
    const { path } = folder;
    walk(folder, unlessFailing(() => childrenOf(path)) ?? []);
  }
  return inputs;
}

function unlessFailing<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}

function childrenOf(path: string): Dirent[] {
  for (let attempt = 1; ; attempt++) {
    try {
      return readdirSync(path, { withFileTypes: true });
    } catch (error) {
      if (!isAbsence(error)) throw error;
      if (!statOf(path)?.isDirectory()) return [];
      if (attempt === 3) throw error;
    }
  }
}
