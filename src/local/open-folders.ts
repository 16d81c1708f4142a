import { mkdirSync, realpathSync } from 'node:fs';
import { sep } from 'node:path';
import { statOf } from './file-stat.ts';
import { FolderTree } from './folder-tree.ts';

/** Makes a store's two folders where they are missing. Throws an Error when they cannot be used together. */
export function openFolders(root: string, internal: string): FolderTree {
  mkdirSync(root, { recursive: true });
  mkdirSync(internal, { recursive: true, mode: 0o700 });
  const tree = new FolderTree(root);
  const inner = realpathSync.native(internal);
  if (`${inner}${sep}`.startsWith(`${tree.root}${sep}`))
    throw new Error(`${internal} must not be inside ${root}`);
  // Moving a file there and back must be one step of the file system.
  if (statOf(inner)?.dev !== statOf(tree.root)?.dev)
    throw new Error(`${internal} and ${root} must be on one file system`);
  return tree;
}
