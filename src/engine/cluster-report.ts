import { readClusterReport } from '../core/cluster-report.ts';
import type { Entry } from '../core/entry.ts';
import { type SeenReport, seenReport } from '../core/seen-report.ts';
import { textOf } from './json-object.ts';
import { type StoredObject, Throttled } from './ports.ts';
import type { World } from './world.ts';

/** A node can write five gigabytes there; more than a report ever has is not even read. */
const MOST_BYTES = 64 * 1024;

/** What the cluster last said of itself: `reports/<identity>.json`. Anything odd about it means unknown. */
export async function reportOf(
  world: World,
  identity: string,
  entry: Entry,
): Promise<SeenReport | undefined> {
  const object = await objectAt(world, `reports/${identity}.json`);
  const told = object && object.size <= MOST_BYTES ? readClusterReport(textOf(object.body)) : undefined;
  return told && seenReport(told, entry, world.clock.now());
}

/** A node may also write it so that nobody else can read it: that must not keep its cluster from being looked after. */
async function objectAt({ admin }: World, key: string): Promise<StoredObject | undefined> {
  try {
    return await admin.get(key, MOST_BYTES);
  } catch (error) {
    if (error instanceof Throttled) throw error;
    return undefined;
  }
}
