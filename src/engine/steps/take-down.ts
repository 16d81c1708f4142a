import type { EndingWhy } from '../../core/entry.ts';
import { MINUTE } from '../../core/instant.ts';
import { entryOf, withoutEntry } from '../../core/ledger.ts';
import type { LivingStack } from '../../core/observed.ts';
import { changeSeenEntry, type StepContext, type StepOutcome } from './step-context.ts';

/** The intent into the ledger, then DeleteStack; the attempt is counted when CloudFormation has begun. */
export async function takeDown(
  context: StepContext,
  stack: LivingStack,
  why: EndingWhy,
): Promise<StepOutcome> {
  const { world, now, sight } = context;
  const entry = await changeSeenEntry(context, (before) =>
    before.ending ? undefined : { entry: { ...before, ending: { why, at: now, attempts: 0 } } },
  );
  const attempt = (entry?.ending?.attempts ?? 0) + 1;
  // New for each attempt of each ending: CloudFormation takes a known token for a repeat and does nothing.
  const outcome = await world.stacks.remove(
    stack.id,
    `delete-${sight.identity.slice(0, 32)}-${entry?.ending?.at ?? now}-${attempt}`,
  );
  if (outcome.kind === 'busy') return { again: now + MINUTE / 2 };
  await changeSeenEntry(context, (before) => {
    if (before.ending?.attempts !== attempt - 1) return undefined;
    const { refusal: _, asked: __, ...ending } = before.ending;
    const refusal = outcome.kind === 'refused' ? { refusal: outcome.reason } : {};
    const { remove } = sight.observed;
    const asked = remove ? { asked: remove.id } : {};
    // Should it fail for good, that is news.
    const { stuckTold: ___, ...untold } = before;
    return {
      entry: { ...untold, ending: { ...ending, attempts: attempt, lastAttempt: now, ...refusal, ...asked } },
    };
  });
  return 'changed';
}

/** Gives a reservation back that led to nothing. */
export async function release({ world, cluster, sight }: StepContext): Promise<StepOutcome> {
  const seen = sight.observed.entry;
  await world.ledgers.change(cluster.user, (ledger) => {
    const entry = entryOf(ledger, cluster);
    const same =
      entry &&
      entry.stackId === undefined &&
      entry.drop.id === seen?.drop.id &&
      entry.reservedAt === seen.reservedAt;
    return same ? [withoutEntry(ledger, cluster), undefined] : [ledger, undefined];
  });
  return 'changed';
}
