import { readdirSync } from 'node:fs';
import type { ListPage, ObjectEntry } from '../engine/ports.ts';
import type { FolderTree } from './folder-tree.ts';
import { keyFault, namesOf } from './object-path.ts';

/** As many as S3 gives in one page. */
const PAGE = 1000;

type Shown = (key: string, path: string) => ObjectEntry | 'folder' | undefined;

export interface ListingParts {
  readonly tree: FolderTree;
  /** What an entry is to the reader. */
  readonly shown: Shown;
  /** Called when something that is no folder is in the place of one, before it counts as nothing. */
  readonly blocked: (key: string, why: string) => void;
}

/** One folder's part of a listing, cut into pages, keys in code-unit order. */
export function* listFolder({ tree, shown, blocked }: ListingParts, prefix: string): Generator<ListPage> {
  const cut = prefix.lastIndexOf('/') + 1;
  const [above, stem] = [prefix.slice(0, cut), prefix.slice(cut)];
  const names = above === '' ? [] : namesOf(above.slice(0, -1));
  if (names === undefined) return;

  const found: (ObjectEntry | string)[] = [];
  const { path, children } = childrenOf(tree, names, (why) => blocked(above, why));
  for (const name of children) {
    const key = above + name;
    // The stem first: a folder may hold ten thousand clusters' files, and one cluster's are asked for.
    if (!name.startsWith(stem) || keyFault(key) !== undefined) continue;
    const entry = shown(key, `${path}/${name}`);
    if (entry !== undefined) found.push(entry === 'folder' ? `${key}/` : entry);
  }
  found.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  for (let at = 0; at < found.length; at += PAGE) {
    const page = found.slice(at, at + PAGE);
    yield {
      objects: page.filter((item) => typeof item !== 'string'),
      folders: page.filter((item) => typeof item === 'string'),
    };
  }
}

function keyOf(item: ObjectEntry | string): string {
  return typeof item === 'string' ? item : item.key;
}

/** The names in a folder; none when there is no such folder. Any other failure throws: it is not an empty folder. */
function childrenOf(
  tree: FolderTree,
  names: readonly string[],
  blocked: (why: string) => void,
): { path: string; children: string[] } {
  for (let attempt = 1; ; attempt++) {
    const look = tree.look(names);
    if (!('path' in look)) {
      if (look.why !== undefined) blocked(look.why);
      return { path: '', children: [] };
    }
    try {
      return { path: look.path, children: readdirSync(look.path) };
    } catch (error) {
      // Gone since the look: look again, rather than take it for empty.
      if (!isAbsence(error) || attempt === 3) throw error;
    }
  }
}

/** Whether a failure says that nothing is there. */
export function isAbsence(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' || code === 'ENOTDIR';
}
