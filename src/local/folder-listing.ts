import { readdirSync } from 'node:fs';
import type { ListPage, ObjectEntry } from '../engine/ports.ts';
import type { FolderTree } from './folder-tree.ts';
import { keyFault, namesOf } from './object-path.ts';

/** As many as S3 gives in one page. */
const PAGE = 1000;

type Shown = (key: string, path: string) => ObjectEntry | 'folder' | undefined;

/** One folder's part of a listing, cut into pages, keys in code-unit order. `shown` says what an entry is to the reader. */
export function* listFolder(tree: FolderTree, prefix: string, shown: Shown): Generator<ListPage> {
  const cut = prefix.lastIndexOf('/') + 1;
  const [above, stem] = [prefix.slice(0, cut), prefix.slice(cut)];
  const names = above === '' ? [] : namesOf(above.slice(0, -1));
  if (names === undefined) return;

  const found: (ObjectEntry | string)[] = [];
  const { path, children } = childrenOf(tree, names);
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
function childrenOf(tree: FolderTree, names: readonly string[]): { path: string; children: string[] } {
  for (let attempt = 1; ; attempt++) {
    const path = tree.folder(names);
    if (path === undefined) return { path: '', children: [] };
    try {
      return { path, children: readdirSync(path) };
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
