import { join } from 'node:path';
import { isInput } from '../core/identity.ts';
import type { Clock } from '../engine/ports.ts';
import { FolderStore } from './folder-store.ts';

/** What an installation on one machine is made of. `.clusterdrop` is ours alone; all else people may look into. */
export function foldersOf(dir: string) {
  return {
    bucket: join(dir, 'bucket'),
    admin: join(dir, 'admin'),
    outbox: join(dir, 'outbox'),
    faults: join(dir, 'faults.json'),
    stacks: join(dir, '.clusterdrop', 'stacks'),
    hosts: join(dir, '.clusterdrop', 'hosts'),
    keys: join(dir, '.clusterdrop', 'keys'),
    internal: join(dir, '.clusterdrop'),
  };
}

/** Name of the users' bucket on one machine. */
export const LOCAL_BUCKET = 'local';

export const systemClock: Clock = { now: () => Date.now() };

/** A file that somebody copies is taken when nobody has written to it for so long. */
const QUIET = 300;

export function openFolderStores(
  dir: string,
  clock: Clock = systemClock,
): { users: FolderStore; admin: FolderStore } {
  const { bucket, admin, internal } = foldersOf(dir);
  return {
    users: new FolderStore({
      root: bucket,
      internal: join(internal, 'bucket'),
      bucket: LOCAL_BUCKET,
      clock,
      quietMs: QUIET,
      isInput,
      strict: false,
      // Our replies, rewritten at every turn of events. What people write are drops.
      isKept: (key) => !/\.cf-(?:status|created|failed|deleted)$/.test(key),
      // What a cluster saves every few minutes, each time whole: copies of a month would fill any disk.
      isShortLived: (key) => /\.files\//.test(key),
    }),
    admin: new FolderStore({
      root: admin,
      internal: join(internal, 'admin'),
      bucket: 'admin',
      clock,
      quietMs: 0,
      isInput: () => false,
      strict: true,
      // Rewritten at every turn of events and by nobody else: each write would keep a copy of the whole.
      isKept: (key) => !/^(?:ledger|reports)\//.test(key),
    }),
  };
}
