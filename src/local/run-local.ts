import { setTimeout as pause } from 'node:timers/promises';
import { meaningOf } from '../core/identity.ts';
import { readTags } from '../core/stack-tags.ts';
import { Attendant } from '../engine/attendant.ts';
import type { Nudge } from '../engine/sweep.ts';
import type { LocalWorld } from './world.ts';

const POLL = 200;
/** Old versions of files: kept for so long, and never fewer than the last few. */
const KEPT_FOR = 30 * 24 * 60 * 60 * 1000;
const KEPT_AT_LEAST = 5;
const HOUSEKEEPING = 60 * 60 * 1000;

/**
 * Watches the folder and follows up what it finds, until `signal` says stop; what is under way is brought to an end.
 * It looks rather than listens: file system events get lost on network disks and in containers, and a look is cheap,
 * since a drop that was handled is gone.
 */
export async function runLocal(world: LocalWorld, signal: AbortSignal): Promise<void> {
  const { store, stacks } = world;
  const attendant = new Attendant({ world, nextChange: (nudge) => nextChangeOf(world, nudge) });
  for (const { id, name } of await stacks.nextChanges()) {
    const tags = readTags((await stacks.describe({ name, id }))?.tags ?? {});
    if (tags) attendant.nudge({ kind: 'cluster', cluster: tags.cluster });
  }
  const seen = new Map<string, string>();
  let nextHousekeeping = 0;
  while (!signal.aborted) {
    await watchOnce(world, attendant, seen);
    await store.recheck();
    attendant.tick();
    if (world.clock.now() >= nextHousekeeping) {
      nextHousekeeping = world.clock.now() + HOUSEKEEPING;
      await store.expireVersions(KEPT_FOR, KEPT_AT_LEAST);
    }
    await pause(POLL, undefined, { signal }).catch(() => undefined);
  }
  await attendant.stopped();
}

/** Nudges for every drop file that is new or written anew since the last look. */
export async function watchOnce(
  { store }: LocalWorld,
  attendant: Attendant,
  seen: Map<string, string>,
): Promise<void> {
  const there = new Set<string>();
  for (const { key, version, quiet } of await store.listInputs()) {
    there.add(key);
    if (!quiet || seen.get(key) === version) continue;
    seen.set(key, version);
    const meaning = meaningOf(store.bucket, key);
    if (meaning.kind === 'drop') attendant.nudge({ kind: 'cluster', cluster: meaning.cluster });
    if (meaning.kind === 'misdrop')
      attendant.nudge({ kind: 'misdrop', bucket: store.bucket, file: { key, version } });
  }
  for (const key of seen.keys()) if (!there.has(key)) seen.delete(key);
}

async function nextChangeOf(world: LocalWorld, nudge: Nudge): Promise<number | undefined> {
  if (nudge.kind !== 'cluster') return undefined;
  const ledger = await world.ledgers.read(nudge.cluster.user);
  const entry = Object.values(ledger.clusters).find((one) => one.cluster.path === nudge.cluster.path);
  return entry?.stackId === undefined ? undefined : world.stacks.nextChange(entry.stackId);
}
