import type { BigIntStats } from 'node:fs';
import { isSameWrite, statOf } from './file-stat.ts';
import type { FolderTree } from './folder-tree.ts';
import { putBack } from './kept-versions.ts';

interface Removed {
  readonly key: string;
  /** Where it is kept. */
  readonly kept: string;
  readonly stat: BigIntStats;
  /** When it was removed, epoch ms. */
  readonly at: number;
}

/**
 * Input files that were removed a moment ago. A program that had one open does not notice, and may go on writing into what is
 * kept: a person's newest words, which nobody would read. One look after the quiet time finds that out.
 */
export class RemovedInputs {
  #files: Removed[] = [];

  add(file: Removed): void {
    this.#files.push(file);
  }

  /** Whether any was removed at or before `before`, epoch ms. */
  has(before: number): boolean {
    return this.#files.some(({ at }) => at <= before);
  }

  /**
   * Returns to their places those written to since, unless something newer lies there; forgets all up to `before`. Where one's
   * place cannot be looked at it stays kept, and the others are returned all the same.
   */
  putBackWritten(before: number, tree: FolderTree): string[] {
    // A folder that is away altogether is told at once, with nothing forgotten.
    tree.folder([]);
    const due = this.#files.filter(({ at }) => at <= before);
    this.#files = this.#files.filter(({ at }) => at > before);
    const returned: string[] = [];
    for (const file of due) {
      try {
        if (putBackIfWritten(file, tree)) returned.push(file.key);
      } catch {
        // Its folder's owner may have closed it to us.
      }
    }
    return returned;
  }
}

function putBackIfWritten({ key, kept, stat }: Removed, tree: FolderTree): boolean {
  const found = statOf(kept);
  if (!found || isSameWrite(found, stat)) return false;
  const names = key.split('/');
  const place = tree.find(names);
  const hasParent = tree.folder(names.slice(0, -1)) !== undefined;
  return place.kind === 'nothing' && hasParent && putBack(kept, place.path);
}
