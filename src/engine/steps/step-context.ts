import type { Decision } from '../../core/decision.ts';
import type { Entry } from '../../core/entry.ts';
import type { Cluster } from '../../core/identity.ts';
import type { Instant } from '../../core/instant.ts';
import { entryOf, type Ledger, withEntry } from '../../core/ledger.ts';
import type { Letter } from '../../core/letter.ts';
import type { Sight } from '../observe.ts';
import { isInTheWay } from '../problems-of.ts';
import { storeOf, type World } from '../world.ts';

/** What a step is taken with: the world, the cluster, what was seen of it, and why the step was chosen. */
export interface StepContext {
  readonly world: World;
  readonly cluster: Cluster;
  readonly sight: Sight;
  readonly decision: Decision;
  readonly now: Instant;
}

/** `changed`: look again at once. `again`: nothing to do before then. */
export type StepOutcome = 'changed' | { readonly again?: Instant };

/**
 * Changes the cluster's entry in its user's ledger. `edit` sees the newest entry and may run several times;
 * it returns the entry to be written and the letters that tell of it, or `undefined` to leave everything as it is.
 */
export function changeEntry(
  { world, cluster }: StepContext,
  edit: (
    entry: Entry | undefined,
    ledger: Ledger,
  ) => { readonly entry: Entry; readonly letters?: readonly Letter[]; readonly ledger?: Ledger } | undefined,
): Promise<Entry | undefined> {
  return world.ledgers.change(cluster.user, (ledger) => {
    const before = entryOf(ledger, cluster);
    const after = edit(before, ledger);
    return after
      ? [withEntry(after.ledger ?? ledger, after.entry, after.letters), after.entry]
      : [ledger, before];
  });
}

/** Changes the entry of the very stack that was seen; leaves a newer one alone. */
export function changeSeenEntry(
  context: StepContext,
  edit: (
    entry: Entry,
    ledger: Ledger,
  ) => { readonly entry: Entry; readonly letters?: readonly Letter[]; readonly ledger?: Ledger } | undefined,
): Promise<Entry | undefined> {
  const seen = context.sight.observed.entry;
  return changeEntry(context, (entry, ledger) =>
    entry && entry.stackId === seen?.stackId && entry.drop.id === seen?.drop.id
      ? edit(entry, ledger)
      : undefined,
  );
}

/** `false`: something that its owner put there is in the way. Told, and no reason to leave the rest undone. */
export async function writeReply(
  { world, cluster }: StepContext,
  suffix: '.cf-created' | '.cf-failed' | '.cf-deleted',
  text: string,
): Promise<boolean> {
  try {
    await storeOf(world, cluster.bucket).put(cluster.path + suffix, text);
    return true;
  } catch (error) {
    if (!isInTheWay(error)) throw error;
    for (const one of error.problems) world.log.trouble(cluster.path, one);
    return false;
  }
}

/** Takes a reply away if it is there as it was seen. What a user wrote over it meanwhile stays. */
export async function removeReplies(
  { world, cluster, sight }: StepContext,
  ...suffixes: ('.cf-created' | '.cf-failed' | '.cf-deleted')[]
): Promise<void> {
  for (const suffix of suffixes) {
    const file = sight.files.get(suffix);
    if (file) await storeOf(world, cluster.bucket).remove(file.key, file.version);
  }
}

/** Takes a drop file away only while it still is the drop that was handled; a newer one is left for the next look. */
export async function consume(
  { world, cluster }: StepContext,
  file: { readonly key: string; readonly version: string } | undefined,
): Promise<void> {
  if (file) await storeOf(world, cluster.bucket).remove(file.key, file.version);
}
