import { removal } from './decide-removal.ts';
import { addressless, type Decision, NOTHING_TO_DO, progressing, runningUntil, wait } from './decision.ts';
import { type Entry, endOf } from './entry.ts';
import { headOf } from './explained.ts';
import { DAY, HOUR, type Instant, MINUTE } from './instant.ts';
import type { LivingStack, Observed } from './observed.ts';

const RESERVATION_ORPHANED = 10 * MINUTE;

/** Nobody asks for anything: bring to an end what was begun, keep what runs, and mind its end. */
export function keep({ stack, entry, replies, lastUse }: Observed, now: Instant): Decision {
  if (stack.kind === 'absent' || stack.kind === 'foreign') {
    if (!entry) return { step: { kind: 'rest' }, why: NOTHING_TO_DO };
    if (entry.failure && !replies.failed)
      return { step: { kind: 'refuse', problems: entry.failure }, why: 'the cluster could not be built' };
    if (entry.failure) return { step: { kind: 'forget' }, why: 'the failed attempt has been cleared away' };
    if (entry.endedAt !== undefined)
      return { step: { kind: 'finish', consumeCreate: false }, why: 'the cluster is gone' };
    return now >= entry.reservedAt + RESERVATION_ORPHANED
      ? { step: { kind: 'release' }, why: 'a reservation without stack and drop file is given back' }
      : wait('reserved, but neither stack nor drop file is there', entry.reservedAt + RESERVATION_ORPHANED);
  }
  if (stack.kind === 'stopping')
    return wait(
      stack.cause
        ? `undoing what was built, because ${stack.cause.resource} failed: ${headOf(stack.cause.reason)}`
        : 'the cluster is being taken down',
    );
  if (stack.kind === 'stillborn') {
    return entry?.failure && !replies.failed && now < endOf(entry)
      ? { step: { kind: 'refuse', problems: entry.failure }, why: 'the cluster could not be built' }
      : removal(stack, entry, 'failed', now);
  }
  if (entry?.ending) return removal(stack, entry, entry.ending.why, now);
  // Whatever a stack is stuck in, it may cost money until its deletion is at least tried.
  if (entry && now >= endOf(entry)) return removal(stack, entry, 'expired', now);
  if (stack.kind === 'stuck') {
    return entry && entry.stuckTold === undefined
      ? { step: { kind: 'note-stuck' }, why: `the stack is stuck in ${stack.status}` }
      : wait(`the stack is stuck in ${stack.status}; the administrator has been told`, now + HOUR);
  }
  if (stack.kind !== 'running' || !entry) return wait(progressing(stack));
  if (entry.update?.failure)
    return {
      step: { kind: 'refuse', problems: entry.update.failure },
      why: 'the change could not be made; the cluster runs on as it was',
    };
  if (entry.update) return { step: { kind: 'update' }, why: 'the change was accepted' };
  if (stack.address === undefined) return addressless(now);
  if (!replies.createdRight) return { step: { kind: 'deliver' }, why: runningUntil(entry) };
  return mindTheEnd(entry, stack, lastUse, now);
}

function mindTheEnd(entry: Entry, stack: LivingStack, lastUse: Instant | undefined, now: Instant): Decision {
  const idle = entry.settings.IdleTimeout;
  const idleAt = idle === 'off' || lastUse === undefined ? undefined : lastUse + idle;
  if (idleAt !== undefined && now >= idleAt) return removal(stack, entry, 'idle', now);
  const ends = runningUntil(entry);
  for (const [warning, before] of [
    ['24h', DAY],
    ['1h', HOUR],
  ] as const) {
    // A cluster that never was to live that long needs no such warning.
    if (entry.warned.includes(warning) || entry.endsAt - entry.reservedAt <= before) continue;
    if (now >= entry.endsAt - before) {
      // Late by more than the next warning: that one says it better.
      if (warning === '24h' && now >= entry.endsAt - HOUR) continue;
      return {
        step: { kind: 'warn', warning },
        why: `the cluster ends in less than ${warning === '24h' ? '24 hours' : 'one hour'}`,
      };
    }
    return wait(ends, Math.min(entry.endsAt - before, idleAt ?? Infinity));
  }
  return wait(ends, Math.min(entry.endsAt, idleAt ?? Infinity));
}
