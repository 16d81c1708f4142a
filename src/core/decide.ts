import { keep } from './decide-keep.ts';
import { givenUp, removal } from './decide-removal.ts';
import { addressless, type Decision, progressing, runningUntil, wait } from './decision.ts';
import { type Entry, endOf } from './entry.ts';
import { explained, headOf } from './explained.ts';
import type { Action } from './identity.ts';
import { HOUR, type Instant, MINUTE } from './instant.ts';
import type { CreateFile, DropFile, Observed } from './observed.ts';
import { type Problem, problem } from './problems.ts';
import { carries, rulingFile } from './ruling-file.ts';

/** A reservation may belong to somebody who is just about to call CreateStack; for so long it is left alone. */
export const RESERVATION_LEASE = 2 * MINUTE;

/** The whole policy: what to do next for one cluster, and why. Pure and total. */
export function decide(o: Observed, now: Instant): Decision {
  if (o.stack.kind === 'foreign') return leaveForeign(o, o.stack.stackName);
  const wish = rulingFile(o)?.action;
  return (
    catchUp(o, wish) ??
    (wish === 'create' ? overdue(o, now) : undefined) ??
    (wish === 'delete'
      ? towardsGone(o, now)
      : wish === 'create' && o.create
        ? towardsCluster(o, o.create, now)
        : keep(o, now))
  );
}

function leaveForeign(o: Observed, stack: string): Decision {
  const file = o.create ? 'create' : o.remove ? 'remove' : undefined;
  const problems = [problem('foreign-stack', { stack, contact: o.contact })];
  if (file)
    return { step: { kind: 'refuse', file, problems }, why: `a stack ${stack} exists that is not ours` };
  return o.entry && o.entry.stackId === undefined
    ? { step: { kind: 'release' }, why: `a stack ${stack} that is not ours has the name that was reserved` }
    : { step: { kind: 'rest' }, why: `a stack ${stack} exists that is not ours; it is left alone` };
}

/** Turns of events that the ledger has not heard of yet. */
function catchUp({ stack, entry, create }: Observed, wish: Action | undefined): Decision | undefined {
  if (stack.kind === 'foreign') return undefined;
  if (stack.kind === 'absent') {
    return entry?.stackId !== undefined && entry.endedAt === undefined
      ? { step: { kind: 'note-ended' }, why: 'the stack is gone' }
      : undefined;
  }
  if (!entry)
    return { step: { kind: 'adopt' }, why: 'a stack of this cluster exists that the ledger does not know' };
  if (entry.stackId === undefined) {
    return stack.drop === entry.drop.id
      ? { step: { kind: 'confirm' }, why: 'the stack has begun' }
      : { step: { kind: 'adopt' }, why: 'the stack was begun by an earlier request' };
  }
  // What is to go need not be told any more, unless a request has come that may keep it.
  if (wish === 'delete' || (entry.ending && wish !== 'create')) return undefined;
  if (stack.kind === 'running' && entry.update && !entry.update.failure) {
    if (stack.drop === entry.update.drop.id)
      return { step: { kind: 'fold-update' }, why: 'the change is done' };
    if (stack.updateSeen) {
      const { resource, reason } = stack.cause ?? { resource: 'the stack', reason: stack.reason };
      const problems = [explained(reason, (head) => problem('update-failed', { resource, reason: head }))];
      return { step: { kind: 'note-update-failed', problems }, why: 'the change was rolled back' };
    }
  }
  if (stack.kind === 'running' && entry.readyAt === undefined && stack.address !== undefined)
    return { step: { kind: 'note-ready' }, why: 'the cluster is ready' };
  // A failed stack of an older drop goes without a word when a new drop waits.
  if (stack.kind === 'stillborn' && !entry.failure && (!create || create.id === entry.drop.id)) {
    const { resource, reason } = stack.cause ?? {
      resource: 'the stack',
      reason: stack.reason || stack.status,
    };
    const problems = [explained(reason, (head) => problem('creation-failed', { resource, reason: head }))];
    return { step: { kind: 'note-failed', problems }, why: 'the cluster could not be built' };
  }
  return undefined;
}

/**
 * The end comes in spite of a `.cf-create` that can change nothing about it: one that was accepted already and cannot be taken
 * away, or that cannot be read. Any other is answered first, and then is no longer there.
 */
function overdue({ stack, entry, create }: Observed, now: Instant): Decision | undefined {
  if (stack.kind !== 'running' || !entry || !create) return undefined;
  // A read that fails now may succeed in a minute, and what is refused goes with its answer; not if it has lain there for an hour.
  const grace = carries(entry, create.id) ? 0 : HOUR;
  const changesNothing = carries(entry, create.id) ? !entry.update : create.reading.kind !== 'plan';
  return changesNothing && now >= endOf(entry) + grace ? removal(stack, entry, 'expired', now) : undefined;
}

/** A `.cf-delete` rules: whatever there is must go, and the file is answered when it has gone. */
function towardsGone({ stack, entry, create, remove }: Observed, now: Instant): Decision {
  if (stack.kind === 'absent' || stack.kind === 'foreign') {
    if (
      entry &&
      entry.stackId === undefined &&
      !entry.failure &&
      now < entry.reservedAt + RESERVATION_LEASE
    ) {
      return wait(
        'the cluster was just about to be started; making sure that nothing of it appears',
        entry.reservedAt + RESERVATION_LEASE,
      );
    }
    return {
      step: { kind: 'finish', consumeCreate: create !== undefined },
      why: entry ? 'the cluster is gone' : 'there is no cluster of this name',
    };
  }
  return removal(stack, entry, 'asked', now, remove);
}

function towardsCluster(o: Observed, create: CreateFile, now: Instant): Decision {
  const { stack, entry, remove } = o;
  const own = entry?.drop.id === create.id;
  switch (stack.kind) {
    case 'foreign':
    case 'absent':
      if (entry?.failure) {
        return own
          ? refuseCreate(remove, entry.failure, 'the cluster could not be built')
          : { step: { kind: 'forget' }, why: 'an earlier attempt has been cleared away' };
      }
      if (entry?.endedAt !== undefined) {
        return own
          ? refuseCreate(
              remove,
              [problem('stack-vanished', {})],
              'the stack was removed while it was being started',
            )
          : {
              step: { kind: 'finish', consumeCreate: false },
              why: 'the earlier cluster of this name is gone',
            };
      }
      // Accepted is accepted: a reservation for this drop goes on even if a limit has changed since.
      if (entry && own) return { step: { kind: 'start', create }, why: 'the request was accepted' };
      return begin(o, create);
    case 'starting':
    case 'updating':
      if (remove) return carries(entry, create.id) ? discard() : removal(stack, entry, 'replaced', now);
      return wait(
        carries(entry, create.id)
          ? progressing(stack)
          : `${progressing(stack)}; your new request waits for that`,
      );
    case 'running':
      if (own && remove) return discard();
      if (own)
        return stack.address === undefined
          ? addressless(now)
          : { step: { kind: 'deliver' }, why: runningUntil(entry) };
      if (remove) return removal(stack, entry, 'replaced', now);
      return change(create, entry);
    case 'stopping':
      return wait(
        stack.cause
          ? `undoing what was built, because ${stack.cause.resource} failed: ${headOf(stack.cause.reason)}`
          : 'waiting until the earlier cluster is gone',
      );
    case 'stillborn':
      return own && entry?.failure
        ? refuseCreate(remove, entry.failure, 'the cluster could not be built')
        : removal(stack, entry, 'failed', now);
    case 'stuck': {
      if (stack.status === 'DELETE_FAILED' && !givenUp(entry)) return removal(stack, entry, 'failed', now);
      if (entry && entry.stuckTold === undefined)
        return { step: { kind: 'note-stuck' }, why: `the stack is stuck in ${stack.status}` };
      const problems = [
        problem('stack-stuck', {
          status: stack.status,
          reason: headOf(stack.cause?.reason ?? stack.reason),
          contact: o.contact,
        }),
      ];
      return {
        step: { kind: 'refuse', file: 'create', problems },
        why: `the stack is stuck in ${stack.status}`,
      };
    }
  }
}

function begin({ remove, entry }: Observed, create: CreateFile): Decision {
  const { reading } = create;
  if (reading.kind === 'unread') return wait('the request is to be read again');
  if (reading.kind === 'plan') return { step: { kind: 'start', create }, why: 'the request was accepted' };
  // A stack may yet come of an earlier request's reservation: the `.cf-delete` is still needed then.
  return refuseCreate(entry ? undefined : remove, reading.problems, 'the request was not accepted');
}

/** An older `.cf-delete` goes first: what is done for it later would take our answer for one to an earlier request. */
function refuseCreate(older: DropFile | undefined, problems: readonly Problem[], why: string): Decision {
  return older
    ? { step: { kind: 'discard-delete' }, why: 'the .cf-delete is older than the request beside it' }
    : { step: { kind: 'refuse', file: 'create', problems }, why };
}

/** A `.cf-create` for a running cluster. */
function change(create: CreateFile, entry: Entry | undefined): Decision {
  const pending = entry?.update;
  if (pending?.drop.id === create.id) {
    return pending.failure
      ? {
          step: { kind: 'refuse', file: 'create', problems: pending.failure },
          why: 'the change could not be made; the cluster runs on as it was',
        }
      : { step: { kind: 'update' }, why: 'the change was accepted' };
  }
  if (create.reading.kind === 'unread') return wait('the request is to be read again');
  if (create.reading.kind === 'refused') {
    return {
      step: { kind: 'refuse', file: 'create', problems: create.reading.problems },
      why: 'the change was not accepted; the cluster runs on as it was',
    };
  }
  const { plan } = create.reading;
  if (plan.changes.length > 0)
    return { step: { kind: 'update', create }, why: `the change was accepted: ${plan.changes.join(', ')}` };
  return pending && !pending.failure
    ? { step: { kind: 'update' }, why: 'a change that was accepted before is made first' }
    : { step: { kind: 'accept', create }, why: 'nothing in the stack has to change for this request' };
}

function discard(): Decision {
  return {
    step: { kind: 'discard-delete' },
    why: 'the .cf-delete is older than the request that this cluster carries',
  };
}
