import type { Ending, Entry, PendingUpdate, Warning } from '../../core/entry.ts';
import { DAY, HOUR } from '../../core/instant.ts';
import { type Ledger, settle } from '../../core/ledger.ts';
import type { LivingStack } from '../../core/observed.ts';
import type { Problem } from '../../core/problems.ts';
import {
  letterEndingSoon,
  letterFailed,
  letterGone,
  letterReady,
  letterStarting,
  letterStuck,
} from '../../core/report/letters.ts';
import { changeEntry, changeSeenEntry, type StepContext, type StepOutcome } from './step-context.ts';

// Each turn of events is written down together with the letter that tells of it, once: the condition of every
// edit below is false as soon as it has been done, by us or by somebody else.

/** What is known of the owner's files. */
const filesOf = ({ sight }: StepContext) => sight.observed.report?.told.files;
const letterContext = ({ world, now }: StepContext) => ({ installation: world.installation, at: now });

/** The stack of our reservation stands. */
export async function confirm(context: StepContext, stack: LivingStack): Promise<StepOutcome> {
  await changeEntry(context, (entry) => {
    if (!entry || entry.stackId !== undefined || entry.drop.id !== stack.drop) return undefined;
    const confirmed: Entry = { ...entry, stackId: stack.id };
    return { entry: confirmed, letters: [letterStarting(confirmed, letterContext(context))] };
  });
  return 'changed';
}

export async function noteReady(context: StepContext, stack: LivingStack): Promise<StepOutcome> {
  const { now } = context;
  await changeSeenEntry(context, (entry) => {
    if (entry.readyAt !== undefined || stack.address === undefined) return undefined;
    const ready: Entry = {
      ...entry,
      readyAt: now,
      address: stack.address,
      ...(stack.login && { login: stack.login }),
      answer: { drop: entry.drop.id, outcome: 'accepted', at: now, problems: [] },
    };
    return { entry: ready, letters: [letterReady(ready, letterContext(context), filesOf(context))] };
  });
  return 'changed';
}

export async function noteFailed(context: StepContext, problems: readonly Problem[]): Promise<StepOutcome> {
  await changeSeenEntry(context, (entry) => {
    if (entry.failure) return undefined;
    const failed: Entry = { ...entry, failure: problems };
    return { entry: failed, letters: [letterFailed(failed, letterContext(context))] };
  });
  return 'changed';
}

export async function noteEnded(context: StepContext): Promise<StepOutcome> {
  const { now } = context;
  await changeSeenEntry(context, (entry) => {
    if (entry.endedAt !== undefined) return undefined;
    const ending: Ending = entry.ending ?? { why: 'outside', at: now, attempts: 0 };
    const ended: Entry = { ...entry, ending, endedAt: now };
    // Who was told that it failed need not be told that what is left of it has gone.
    return {
      entry: ended,
      letters: entry.failure ? [] : [letterGone(ended, letterContext(context), filesOf(context))],
    };
  });
  return 'changed';
}

export async function noteStuck(context: StepContext, stack: LivingStack): Promise<StepOutcome> {
  await changeSeenEntry(context, (entry) => {
    if (entry.stuckTold !== undefined) return undefined;
    const why = stack.cause
      ? `${stack.cause.resource}: ${stack.cause.reason}`
      : (entry.ending?.refusal ?? stack.reason);
    return {
      entry: { ...entry, stuckTold: context.now },
      letters: [letterStuck(entry, stack.status, why, letterContext(context))],
    };
  });
  return 'changed';
}

export async function warn(context: StepContext, warning: Warning): Promise<StepOutcome> {
  await changeSeenEntry(context, (entry) => {
    if (entry.warned.includes(warning)) return undefined;
    // Whoever hears that an hour is left need not hear of the day.
    const warned: Warning[] = warning === '1h' ? ['24h', '1h'] : [...entry.warned, warning];
    return {
      entry: { ...entry, warned },
      letters: [letterEndingSoon(entry, warning, letterContext(context), filesOf(context))],
    };
  });
  return 'changed';
}

export async function noteUpdateFailed(
  context: StepContext,
  problems: readonly Problem[],
): Promise<StepOutcome> {
  await changeSeenEntry(context, (entry) =>
    entry.update && !entry.update.failure
      ? { entry: { ...entry, update: { ...entry.update, failure: problems } } }
      : undefined,
  );
  return 'changed';
}

/** The stack carries the pending update: what was to be is what is. */
export async function foldUpdate(context: StepContext): Promise<StepOutcome> {
  await changeSeenEntry(context, (entry, ledger) =>
    entry.update && !entry.update.failure ? folded(ledger, entry, entry.update, context) : undefined,
  );
  return 'changed';
}

/** The entry with an update made its own, and the ledger with what the cluster cost until now. */
export function folded(
  ledger: Ledger,
  entry: Entry,
  update: PendingUpdate,
  { cluster, now }: StepContext,
): { entry: Entry; ledger: Ledger } {
  const settled = settle(ledger, entry, now);
  const {
    ending: _,
    update: __,
    notify: ___,
    ...rest
  } = settled.clusters[`${cluster.bucket}/${cluster.path}`] ?? entry;
  return {
    ledger: settled,
    entry: {
      ...rest,
      settings: update.settings,
      parameters: update.parameters,
      price: update.price,
      drop: update.drop,
      ...(update.notify !== undefined && { notify: update.notify }),
      endsAt: update.endsAt ?? entry.endsAt,
      warned: update.endsAt === undefined ? entry.warned : needless(update.endsAt - now),
      answer: { drop: update.drop.id, outcome: 'accepted', at: now, problems: [] },
    },
  };
}

/** Warnings that tell a person nothing who has just asked for so little time. */
function needless(remaining: number): Warning[] {
  return remaining <= HOUR ? ['24h', '1h'] : remaining <= DAY ? ['24h'] : [];
}
