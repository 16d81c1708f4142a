import { linkSync, renameSync } from 'node:fs';
import { ProblemError, problem } from '../core/problems.ts';
import type { Condition, ObjectEntry } from '../engine/ports.ts';
import { entryOf, isSameWrite, statOf, versionOf } from './file-stat.ts';
import type { FolderTree } from './folder-tree.ts';
import type { KeptVersions } from './kept-versions.ts';
import type { StagedFile } from './staging.ts';

/** What keeps changing while we look is somebody's running program: not worth more rounds than this. */
const ROUNDS = 5;

export interface PublishParts {
  readonly tree: FolderTree;
  readonly kept: KeptVersions;
  readonly now: number;
  readonly isKept: (key: string) => boolean;
}

/**
 * Gives a staged file its name, whole and at once, and keeps what had the name before (if versions of this key are kept). The caller holds the store's lock.
 * `undefined`: the condition did not hold. Throws an Error when something that is no object of this key is in the way.
 */
export function publish(
  { tree, kept, now, isKept }: PublishParts,
  key: string,
  staged: StagedFile,
  condition: Condition | undefined,
): ObjectEntry | undefined {
  const names = key.split('/');
  for (let round = 0; round < ROUNDS; round++) {
    const place = tree.find(names);
    if (place.kind === 'obstacle') throw new ProblemError(problem('in-the-way', { key, why: place.why }));
    if (place.kind === 'nothing') {
      if (condition && 'ifVersion' in condition) return undefined;
      tree.makeFolder(names.slice(0, -1));
      if (linkIfAbsent(staged.path, place.path)) {
        staged.discard();
        return written(key, place.path, staged);
      }
      if (condition) return undefined;
      continue;
    }
    const version = versionOf(place.stat);
    if (condition && !('ifVersion' in condition && condition.ifVersion === version)) return undefined;
    // Keeping it changes its ctime: should we be killed before the next lines, it looks as if it had been touched.
    if (isKept(key)) kept.keep(place.path, key, version, now);
    const still = statOf(place.path);
    if (!still || !isSameWrite(still, place.stat)) continue;
    renameSync(staged.path, place.path);
    return written(key, place.path, staged);
  }
  throw new Error(`${key} keeps changing while it is written`);
}

/** Not a rename, which would replace what somebody who does not know our lock put there just now. */
function linkIfAbsent(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function written(key: string, path: string, staged: StagedFile): ObjectEntry {
  const stat = statOf(path);
  // Replaced already, by somebody who does not know our lock: then nothing lies there under the version we return.
  return entryOf(key, stat?.ino === staged.stat.ino ? stat : staged.stat);
}
