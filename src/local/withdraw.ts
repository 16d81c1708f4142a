import type { BigIntStats } from 'node:fs';
import { versionOf } from './file-stat.ts';
import { isAbsence } from './folder-listing.ts';
import type { FolderTree } from './folder-tree.ts';
import { type KeptVersions, takeAway } from './kept-versions.ts';

/** Where a removed object's file is kept, and what it was. */
export interface Withdrawn {
  readonly kept: string;
  readonly stat: BigIntStats;
}

/** Takes an object out of the bucket while it is still `version`, and keeps it. The caller holds the store's lock. */
export function withdraw(
  { tree, kept, now }: { readonly tree: FolderTree; readonly kept: KeptVersions; readonly now: number },
  key: string,
  version: string,
): Withdrawn | 'changed' | 'absent' {
  const place = tree.find(key.split('/'));
  if (place.kind !== 'file') return 'absent';
  if (versionOf(place.stat) !== version) return 'changed';
  const to = kept.place(key, version, now);
  try {
    return takeAway(place.path, to, place.stat) ? { kept: to, stat: place.stat } : 'changed';
  } catch (error) {
    if (isAbsence(error)) return 'absent';
    throw error;
  }
}
