import type { EndingWhy, Entry, Warning } from './entry.ts';
import type { Action } from './identity.ts';
import { DAY, HOUR, type Instant, MINUTE, readableOf } from './instant.ts';
import type { CreateFile, DropFile, LivingStack, Observed, Plan } from './observed.ts';
import { type Problem, problem } from './problems.ts';
import { rulingFile } from './ruling-file.ts';

/** The next step. Each is safe to repeat, and each leads to a state in which it is not decided again. */
export type Step =
  | { readonly kind: 'rest' }
  /** Make the ledger say what CloudFormation says; nothing else is decided before that. */
  | { readonly kind: 'adopt' | 'confirm' | 'fold-update' }
  | { readonly kind: 'note-ready' | 'note-ended' | 'note-stuck' }
  | { readonly kind: 'note-failed' | 'note-update-failed'; readonly problems: readonly Problem[] }
  | { readonly kind: 'warn'; readonly warning: Warning }
  | { readonly kind: 'start'; readonly create: CreateFile }
  | { readonly kind: 'update'; readonly create?: CreateFile }
  | { readonly kind: 'accept'; readonly create: CreateFile; readonly plan: Plan }
  | { readonly kind: 'deliver' }
  /** Answers with `.cf-failed` and consumes the file that asked. */
  | { readonly kind: 'refuse'; readonly file?: 'create' | 'remove'; readonly problems: readonly Problem[] }
  | { readonly kind: 'discard-delete' }
  | { readonly kind: 'remove-stack'; readonly ending: EndingWhy }
  /** Answers with `.cf-deleted`, consumes what asked for it, and moves the entry to the ended ones. */
  | { readonly kind: 'finish'; readonly consumeCreate: boolean }
  /** Moves an entry to the ended ones without a word, or gives a reservation back. */
  | { readonly kind: 'forget' | 'release' };

export interface Decision {
  readonly step: Step;
  /** One sentence for the log, the status file, the command line and the console. */
  readonly why: string;
  /** Look again then, even if no event says so. */
  readonly again?: Instant;
}

/** A reservation may belong to somebody who is just about to call CreateStack; for so long it is left alone. */
export const RESERVATION_LEASE = 2 * MINUTE;
const RESERVATION_ORPHANED = 10 * MINUTE;
/** Pauses before a failed deletion is tried again; after the last it is the administrator's. */
const DELETION_RETRIES = [MINUTE, 10 * MINUTE, HOUR];

/** The whole policy: what to do next for one cluster, and why. Pure and total. */
export function decide(o: Observed, now: Instant): Decision {
  if (o.stack.kind === 'foreign') return leaveForeign(o, o.stack.stackName);
  const wish = rulingFile(o)?.action;
  return (
    catchUp(o, wish) ??
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
  return file
    ? { step: { kind: 'refuse', file, problems }, why: `a stack ${stack} exists that is not ours` }
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
      const problems = [
        problem('update-failed', stack.cause ?? { resource: 'the stack', reason: stack.reason }),
      ];
      return { step: { kind: 'note-update-failed', problems }, why: 'the change was rolled back' };
    }
  }
  if (stack.kind === 'running' && entry.readyAt === undefined && stack.address !== undefined)
    return { step: { kind: 'note-ready' }, why: 'the cluster is ready' };
  // A failed stack of an older drop goes without a word when a new drop waits.
  if (stack.kind === 'stillborn' && !entry.failure && (!create || create.id === entry.drop.id)) {
    const problems = [
      problem(
        'creation-failed',
        stack.cause ?? { resource: 'the stack', reason: stack.reason || stack.status },
      ),
    ];
    return { step: { kind: 'note-failed', problems }, why: 'the cluster could not be built' };
  }
  return undefined;
}

/** A `.cf-delete` rules: whatever there is must go, and the file is answered when it has gone. */
function towardsGone({ stack, entry, create }: Observed, now: Instant): Decision {
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
  return removal(stack, entry, 'asked', now);
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
      if (remove)
        return own || entry?.update?.drop.id === create.id
          ? discard()
          : removal(stack, entry, 'replaced', now);
      return wait(own ? progressing(stack) : `${progressing(stack)}; your new request waits for that`);
    case 'running':
      if (own && remove) return discard();
      if (own)
        return stack.address === undefined
          ? addressless(now)
          : { step: { kind: 'deliver' }, why: 'the cluster is ready' };
      if (remove) return removal(stack, entry, 'replaced', now);
      return change(create, entry);
    case 'stopping':
      return wait(
        stack.cause
          ? `undoing what was built, because ${stack.cause.resource} failed: ${stack.cause.reason}`
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
          reason: stack.cause?.reason ?? stack.reason,
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
    : { step: { kind: 'accept', create, plan }, why: 'nothing in the stack has to change for this request' };
}

/** Nobody asks for anything: bring to an end what was begun, keep what runs, and mind its end. */
function keep({ stack, entry, replies, lastUse }: Observed, now: Instant): Decision {
  if (stack.kind === 'absent' || stack.kind === 'foreign') {
    if (!entry) return { step: { kind: 'rest' }, why: 'there is nothing to do' };
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
        ? `undoing what was built, because ${stack.cause.resource} failed: ${stack.cause.reason}`
        : 'the cluster is being taken down',
    );
  if (stack.kind === 'stillborn') {
    return entry?.failure && !replies.failed
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
  if (!replies.createdRight) return { step: { kind: 'deliver' }, why: 'the cluster is ready' };
  return mindTheEnd(entry, stack, lastUse, now);
}

/** An accepted request for more time holds from the start: its file may have been removed, and that cancels nothing. */
function endOf({ endsAt, update }: Entry): Instant {
  return update && !update.failure ? Math.max(endsAt, update.endsAt ?? endsAt) : endsAt;
}

function mindTheEnd(entry: Entry, stack: LivingStack, lastUse: Instant | undefined, now: Instant): Decision {
  const idle = entry.settings.IdleTimeout;
  const idleAt = idle === 'off' || lastUse === undefined ? undefined : lastUse + idle;
  if (idleAt !== undefined && now >= idleAt) return removal(stack, entry, 'idle', now);
  const ends = `running until ${readableOf(entry.endsAt)}`;
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

/** Delete the stack now, or wait for the next attempt, or leave it to the administrator. */
function removal(stack: LivingStack, entry: Entry | undefined, ending: EndingWhy, now: Instant): Decision {
  if (stack.kind === 'stopping') return wait('the cluster is being taken down');
  const attempts = entry?.ending?.attempts ?? 0;
  if (stack.kind === 'stuck' && attempts > 0) {
    const cause = stack.cause ? `: ${stack.cause.resource}: ${stack.cause.reason}` : '';
    const pause = DELETION_RETRIES[attempts - 1];
    if (pause === undefined) {
      return entry?.stuckTold === undefined
        ? { step: { kind: 'note-stuck' }, why: `the cluster could not be taken down${cause}` }
        : wait(`the cluster could not be taken down${cause}; the administrator has been told`, now + HOUR);
    }
    const due = (entry?.ending?.lastAttempt ?? 0) + pause;
    if (now < due) return wait(`taking the cluster down failed${cause}; trying again`, due);
  }
  return { step: { kind: 'remove-stack', ending }, why: ENDINGS[ending] };
}

const ENDINGS: Readonly<Record<EndingWhy, string>> = {
  asked: 'the cluster is to be deleted, as asked',
  expired: 'the cluster has reached its end',
  idle: 'nobody has used the cluster for as long as its IdleTimeout says',
  replaced: 'the earlier cluster is deleted first, as asked',
  outside: 'the stack was removed by somebody else',
  failed: 'what is left of the failed attempt is cleared away',
};

function givenUp(entry: Entry | undefined): boolean {
  return (entry?.ending?.attempts ?? 0) > DELETION_RETRIES.length;
}

function discard(): Decision {
  return {
    step: { kind: 'discard-delete' },
    why: 'the .cf-delete is older than the request that this cluster carries',
  };
}

function progressing(stack: LivingStack): string {
  return stack.kind === 'updating' ? 'the cluster is being changed' : 'the cluster is being built';
}

function addressless(now: Instant): Decision {
  return wait('the cluster runs, but its login address is not known yet', now + MINUTE);
}

/** Without `again` an event tells of the next change; the sweep heals the event that got lost. */
function wait(why: string, again?: Instant): Decision {
  return { step: { kind: 'rest' }, why, ...(again !== undefined && { again }) };
}
