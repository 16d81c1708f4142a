import type { Entry } from '../core/entry.ts';
import { type Instant, isoOf, monthOf } from '../core/instant.ts';
import { costUntil } from '../core/ledger.ts';
import { readJsonObject } from './json-object.ts';
import type { World } from './world.ts';

/** One line of a month's account: what an administrator asks for when the bill comes. */
export interface EndedCluster {
  readonly path: string;
  readonly bucket: string;
  readonly stackId: string | null;
  readonly drop: string;
  readonly began: string;
  readonly ended: string;
  readonly why: string;
  /** At most, by list prices; `null` is unknown. */
  readonly usd: number | null;
  /** When `~/files` was last saved, where that was told. */
  readonly filesSavedAt?: string;
}

const MOST_TRIES = 200;

/** Adds an ended cluster to `ledger/ended/<month>/<user>.json`, once however often it is called. */
export async function archive(world: World, entry: Entry, now: number, savedAt?: Instant): Promise<void> {
  const ended = entry.endedAt ?? now;
  const key = `ledger/ended/${monthOf(ended)}/${entry.cluster.user}.json`;
  const line: EndedCluster = {
    path: entry.cluster.path,
    bucket: entry.cluster.bucket,
    stackId: entry.stackId ?? null,
    drop: entry.drop.id,
    began: isoOf(entry.reservedAt),
    ended: isoOf(ended),
    why: entry.failure ? 'failed' : (entry.ending?.why ?? 'outside'),
    usd: entry.stackId === undefined ? 0 : costUntil(entry, ended),
    ...(savedAt !== undefined && { filesSavedAt: isoOf(savedAt) }),
  };
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const before = await readJsonObject(world.admin, key);
    const lines =
      before && Array.isArray(before.value['clusters']) ? (before.value['clusters'] as EndedCluster[]) : [];
    if (
      lines.some((one) => one.drop === line.drop && one.stackId === line.stackId && one.began === line.began)
    )
      return;
    const text = `{"version":1,"user":${JSON.stringify(entry.cluster.user)},"clusters":[\n${[...lines, line].map((one) => JSON.stringify(one)).join(',\n')}\n]}\n`;
    if (await world.admin.put(key, text, before ? { ifVersion: before.version } : { ifAbsent: true })) return;
  }
  throw new Error(`"${key}" changed ${MOST_TRIES} times while it was to be written`);
}
