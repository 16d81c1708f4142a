import { setTimeout as pause } from 'node:timers/promises';
import { meaningOf } from '../core/identity.ts';
import { entryOf } from '../core/ledger.ts';
import { readTags } from '../core/stack-tags.ts';
import { Attendant } from '../engine/attendant.ts';
import { problemsOf } from '../engine/problems-of.ts';
import type { Nudge } from '../engine/sweep.ts';
import { Housekeeping } from './housekeeping.ts';
import { runAll } from './run-all.ts';
import type { LocalWorld } from './world.ts';

const POLL = 200;
const LONGEST_POLL = 2000;

/**
 * Watches the folder and follows up what it finds, until `signal` says stop; what is under way is brought to an end.
 * It looks rather than listens: file system events get lost on network disks and in containers, and a look is cheap,
 * since a drop that was handled is gone.
 */
export async function runLocal(world: LocalWorld, signal: AbortSignal): Promise<void> {
  const attendant = new Attendant({ world, nextChange: (nudge, seen) => nextChangeOf(world, nudge, seen) });
  world.hosts.onChange((cluster) => attendant.nudge({ kind: 'cluster', cluster }));
  const housekeeping = new Housekeeping(world);
  const look = looker(world, attendant);
  let told = '';
  while (!signal.aborted) {
    const begin = performance.now();
    try {
      await look();
      told = '';
    } catch (error) {
      // A folder that is away for a moment, a control file that is being edited: said once, and tried again.
      const problems = problemsOf(error);
      const message = problems.map((one) => one.message).join('; ');
      if (message !== told) for (const one of problems) world.log.trouble('watching', one);
      told = message;
    }
    housekeeping.tick();
    // With ten thousand drops waiting a look takes its time: it must not take all of it.
    const rest = Math.min(LONGEST_POLL, Math.max(POLL, 4 * (performance.now() - begin)));
    await pause(rest, undefined, { signal }).catch(() => undefined);
  }
  await Promise.all([attendant.stopped(), housekeeping.stopped(), world.hosts.stopped()]);
}

/** One look at everything that may have changed; the first also finds the stacks that are on their way. */
function looker(world: LocalWorld, attendant: Attendant): () => Promise<void> {
  const seen = new Map<string, string>();
  let started = false;
  const start = async () => {
    if (started) return;
    for (const { id, name } of await world.hosts.underWay()) await nudgeStack(world, attendant, id, name);
    started = true;
  };
  // What cannot be seen just now holds up nothing else.
  return () =>
    runAll([
      start,
      () => watchOnce(world, attendant, seen),
      () => world.store.recheck(),
      () => world.hosts.tick(),
      () => attendant.tick(),
    ]);
}

async function nudgeStack(
  { stacks }: LocalWorld,
  attendant: Attendant,
  id: string,
  name: string,
): Promise<void> {
  const tags = readTags((await stacks.describe({ name, id }))?.tags ?? {});
  if (tags) attendant.nudge({ kind: 'cluster', cluster: tags.cluster });
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

/** When a nudged cluster's stack changes first after `seen`. */
async function nextChangeOf(world: LocalWorld, nudge: Nudge, seen: number): Promise<number | undefined> {
  if (nudge.kind !== 'cluster') return undefined;
  const entry = entryOf(await world.ledgers.read(nudge.cluster.user), nudge.cluster);
  return entry?.stackId === undefined ? undefined : world.hosts.nextChange(entry.stackId, seen);
}
