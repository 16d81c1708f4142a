import { type Dir, opendirSync } from 'node:fs';
import { isAbsence } from './folder-listing.ts';
import type { FolderTree } from './folder-tree.ts';
import { keyFault } from './object-path.ts';

export interface Walked {
  readonly key: string;
  readonly isFolder: boolean;
}

/** In one piece; more is read once it is asked for. */
const PIECE = 256;

/**
 * Whatever lies below a prefix that ends in `/`, in the order in which it is found: of a folder that has no end no more is read than is
 * asked for. `failed` is told of a folder that cannot be read.
 */
export function* walkFolder(
  tree: FolderTree,
  prefix: string,
  failed: (key: string, error: unknown) => void,
): Generator<Walked> {
  const folders = [prefix];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const dir = opened(tree, folder, folder !== prefix, failed);
    if (dir === undefined) continue;
    try {
      for (let child = dir.readSync(); child !== null; child = dir.readSync()) {
        const key = folder + child.name;
        const isFolder = child.isDirectory();
        if (isFolder && keyFault(key) === undefined) folders.push(`${key}/`);
        yield { key, isFolder };
      }
    } finally {
      dir.closeSync();
    }
  }
}

function opened(
  tree: FolderTree,
  folder: string,
  isListed: boolean,
  failed: (key: string, error: unknown) => void,
): Dir | undefined {
  try {
    const look = tree.look(folder.slice(0, -1).split('/'), isListed);
    return 'path' in look ? opendirSync(look.path, { bufferSize: PIECE }) : undefined;
  } catch (error) {
    // Gone since it was found.
    if (!isAbsence(error)) failed(folder, error);
    return undefined;
  }
}
