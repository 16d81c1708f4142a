import type { Entry } from './entry.ts';
import type { Action } from './identity.ts';
import type { DropFile, Observed } from './observed.ts';

export interface RulingFile {
  readonly action: Action;
  readonly file: DropFile;
}

/** The drop file that decides what is wanted now: the newer one, and on a tie the deletion. */
export function rulingFile({ create, remove }: Pick<Observed, 'create' | 'remove'>): RulingFile | undefined {
  if (remove && !(create && create.at > remove.at)) return { action: 'delete', file: remove };
  return create && { action: 'create', file: create };
}

/** True if the entry stands for this very write: the cluster is, or is being made, what it asks for. */
export function carries(entry: Entry | undefined, drop: string): boolean {
  return entry?.drop.id === drop || entry?.update?.drop.id === drop;
}
