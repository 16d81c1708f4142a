import { Readable } from 'node:stream';
import { pack } from 'tar-stream';
import type { Cluster } from '../../core/identity.ts';
import type { FolderStore } from '../folder-store.ts';
import { ACCOUNT_ID } from './login-account-id.ts';

/** Where a cluster's `~/files` lies in the bucket. */
export function filesPrefix({ path }: Pick<Cluster, 'path'>): string {
  return `${path}.files/`;
}

/** How `find` tells a file's time and size: what tells whether it has changed. */
export type FileMarks = Readonly<Record<string, string>>;

export function markOf(mtimeSeconds: number, size: number): string {
  return `${mtimeSeconds.toFixed(0)} ${size}`;
}

/** Size of all files together. */
export function bytesOf(marks: FileMarks): number {
  return Object.values(marks).reduce((sum, mark) => sum + Number(mark.split(' ')[1]), 0);
}

/** Keys of all objects below a prefix. */
export async function* keysBelow(store: FolderStore, prefix: string): AsyncGenerator<string> {
  for await (const { objects, folders } of store.list(prefix)) {
    for (const { key } of objects) if (key !== prefix) yield key;
    for (const folder of folders) yield* keysBelow(store, folder);
  }
}

/**
 * A tar of `~/files` as the bucket has them, to be unpacked at the root of the login host. `marks` gets what each file will look
 * like there: what is not touched there is not saved again, so that it overwrites nothing.
 */
export function homeOf(
  store: FolderStore,
  cluster: Cluster,
  account: string,
  marks: Record<string, string>,
): Readable {
  const tar = pack();
  const owner = { uid: ACCOUNT_ID, gid: ACCOUNT_ID };
  const folder = (name: string) => tar.entry({ name, type: 'directory', mode: 0o755, ...owner });
  const fill = async () => {
    const home = `home/${account}`;
    const prefix = filesPrefix(cluster);
    folder(`${home}/`);
    folder(`${home}/files/`);
    const made = new Set<string>();
    for await (const key of keysBelow(store, prefix)) {
      const file = store.openFile(key);
      if (!file) continue;
      const path = key.slice(prefix.length);
      for (const parent of parentsOf(path)) {
        if (made.has(parent)) continue;
        made.add(parent);
        folder(`${home}/files/${parent}/`);
      }
      const seconds = Math.floor(file.modified / 1000);
      const name = `${home}/files/${path}`;
      const header = {
        name,
        size: file.size,
        mode: file.isProgram ? 0o755 : 0o644,
        mtime: new Date(seconds * 1000),
        ...owner,
      };
      await new Promise<void>((resolve, reject) => {
        const entry = tar.entry(header, (error) => (error ? reject(error) : resolve()));
        file.body.once('error', reject);
        file.body.pipe(entry);
      });
      marks[path] = markOf(seconds, file.size);
    }
    tar.finalize();
  };
  fill().catch((error: unknown) => tar.destroy(error instanceof Error ? error : new Error(String(error))));
  return Readable.from(tar);
}

/** `a`, `a/b` for `a/b/c`. */
function parentsOf(path: string): string[] {
  const names = path.split('/').slice(0, -1);
  return names.map((_, index) => names.slice(0, index + 1).join('/'));
}
