import type { Entry } from '../core/entry.ts';
import { type Instant, instantOf, MINUTE } from '../core/instant.ts';
import { textOf } from './json-object.ts';
import type { World } from './world.ts';

/** A node can write five gigabytes there; more than a report ever has is not even read. */
const MOST_BYTES = 64 * 1024;

/** A report older than this says nothing about now. */
const FRESH = 15 * MINUTE;

/**
 * When the cluster was last used, by its own report `reports/<identity>.json` ({ version, at, lastUse }).
 * Nodes are hostile ground, so the report is too: anything odd about it means unknown, which never counts as idle.
 */
export async function lastUseOf(world: World, identity: string, entry: Entry): Promise<Instant | undefined> {
  const object = await world.admin.get(`reports/${identity}.json`, MOST_BYTES);
  if (!object || object.size > MOST_BYTES) return undefined;
  const now = world.clock.now();
  let report: { at?: unknown; lastUse?: unknown };
  try {
    report = Object(JSON.parse(textOf(object.body)));
  } catch {
    return undefined;
  }
  const at = typeof report.at === 'string' ? instantOf(report.at) : undefined;
  const lastUse = typeof report.lastUse === 'string' ? instantOf(report.lastUse) : undefined;
  if (at === undefined || lastUse === undefined || at > now + MINUTE || at < now - FRESH || lastUse > at)
    return undefined;
  // A request that was just answered is use, too.
  return Math.max(lastUse, entry.readyAt ?? 0, entry.answer?.at ?? 0);
}
