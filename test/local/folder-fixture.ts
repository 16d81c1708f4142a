import {
  chmodSync,
  chownSync,
  lchownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { isInput } from '../../src/core/identity.ts';
import { FolderStore, type FolderStoreOptions } from '../../src/local/folder-store.ts';

export const QUIET = 1000;

/** A bucket folder of its own and a store on it, whose clock is the real one, moved by `advance`. */
export function openFolder(above: string = tmpdir()) {
  const base = mkdtempSync(join(above, 'folder-store-'));
  // Another user, whom a test may become, must get this far.
  chmodSync(base, 0o755);
  const root = join(base, 'bucket');
  const internal = join(base, '.clusterdrop', 'bucket');
  let offset = 0;
  const clock = { now: () => Date.now() + offset };
  const open = (more: Partial<FolderStoreOptions> = {}) =>
    new FolderStore({ root, internal, bucket: 'bucket', clock, quietMs: QUIET, isInput, ...more });
  return {
    base,
    root,
    internal,
    clock,
    store: open(),
    /** A further store on the same folder, with other options perhaps. */
    another: open,
    advance(ms: number): void {
      offset += ms;
    },
    settle(): void {
      offset = 10 * QUIET;
    },
    /** Writes as people do: in place, without our knowledge. Returns the path. */
    person(key: string, body: string): string {
      const path = join(root, key);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, body);
      return path;
    },
    close: () => rmSync(base, { recursive: true, force: true }),
  };
}

export type Folder = ReturnType<typeof openFolder>;

export function textOf(object: { readonly body: Uint8Array } | undefined): string | undefined {
  return object && new TextDecoder().decode(object.body);
}

export async function keysOf(store: FolderStore, prefix: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const page of store.list(prefix))
    keys.push(...page.objects.map(({ key }) => key), ...page.folders);
  return keys;
}

/** Only the superuser can become somebody whom a folder is closed to. */
export const IS_ROOT = process.getuid?.() === 0;
export const NOBODY = 65_534;

/** Runs `act` as somebody to whom everything belongs but `closed`, a folder that is another's, with this mode: closed to all if not said. */
export async function shutOutOf<T>(
  folder: Folder,
  closed: string,
  act: () => Promise<T>,
  mode = 0,
): Promise<T> {
  for (const name of ['', ...readdirSync(folder.base, { recursive: true, encoding: 'utf8' })])
    lchownSync(join(folder.base, name), NOBODY, NOBODY);
  const path = join(folder.root, closed);
  chownSync(path, 0, 0);
  chmodSync(path, mode);
  process.seteuid?.(NOBODY);
  try {
    return await act();
  } finally {
    process.seteuid?.(0);
    chmodSync(path, 0o755);
  }
}
