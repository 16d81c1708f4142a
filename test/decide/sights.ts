import type { Decision, Step } from '../../src/core/decision.ts';
import type { Entry, PendingUpdate } from '../../src/core/entry.ts';
import { DAY, HOUR, type Instant, MINUTE } from '../../src/core/instant.ts';
import type { Actual, CreateFile, DropFile, LivingStack, Observed, Plan } from '../../src/core/observed.ts';
import { problem } from '../../src/core/problems.ts';
import { stackStateOf } from '../../src/core/stack-status.ts';
import { CLUSTER, sampleEntry } from '../report/samples.ts';

/** When every decision of the table is made: all other times are told from here. */
export const NOW: Instant = Date.UTC(2026, 10, 20, 12);

/** The drop that the cluster runs (A), one that came later (B), and one of an update that was accepted (U). */
export type Drop = 'A' | 'B' | 'U';

export const why = problem('creation-failed', { resource: 'LoginNode', reason: 'no capacity' });
export const wrong = problem('blank-file', {});

/** A cluster that has run for an hour and ends in three days. */
export function entry(more: Partial<Entry> = {}): Entry {
  return sampleEntry({
    stackName: 'cd-alice-c',
    stackId: 'arn:c',
    drop: { id: 'A', at: 1, text: '{}' },
    reservedAt: NOW - HOUR,
    readyAt: NOW - 50 * MINUTE,
    address: '192.0.2.7',
    endsAt: NOW + 3 * DAY,
    ...more,
  });
}

/** Its stack has begun, but no address is known yet. */
export function unready(more: Partial<Entry> = {}): Entry {
  const { readyAt: _, address: __, ...rest } = entry();
  return { ...rest, ...more };
}

/** A reservation so many minutes old: no stack is known. */
export function reserved(minutes: number, more: Partial<Entry> = {}): Entry {
  const { stackId: _, ...rest } = unready();
  return { ...rest, reservedAt: NOW - minutes * MINUTE, ...more };
}

export function pending(more: Partial<PendingUpdate> = {}): PendingUpdate {
  const { settings, parameters, price } = sampleEntry();
  return { settings, parameters, price, drop: { id: 'U', at: 2, text: '{}' }, ...more };
}

/** So many attempts to delete the stack have been made, the last one so many minutes ago, for `remove()`. */
export function tried(attempts: number, minutes = 0): Pick<Entry, 'ending'> {
  return {
    ending: { why: 'asked', at: NOW - DAY, attempts, lastAttempt: NOW - minutes * MINUTE, asked: 'D' },
  };
}

export function plan(...changes: string[]): Plan {
  const { settings, parameters, price, blueprint } = sampleEntry();
  return { settings, parameters, price, blueprint, lifetimeNamed: false, changes };
}

const file = (suffix: string, id: string, at: Instant): DropFile => ({
  id,
  key: CLUSTER.path + suffix,
  version: id,
  at,
});

/** Times of files are those of the store's clock, which is nobody else's: here it began in 1970. */
export function create(
  id: Drop,
  at: Instant,
  changes?: readonly string[] | 'refused' | 'unread',
): CreateFile {
  const reading =
    changes === 'refused'
      ? ({ kind: 'refused', problems: [wrong] } as const)
      : changes === 'unread'
        ? ({ kind: 'unread' } as const)
        : ({ kind: 'plan', plan: plan(...(changes ?? [])) } as const);
  return { ...file('.cf-create', id, at), text: '{}', reading };
}

export const remove = (at: Instant): DropFile => file('.cf-delete', 'D', at);

/** A stack of ours in this state, which carries drop A. */
export function stack(status: string, more: Partial<LivingStack> = {}): LivingStack {
  const kind = stackStateOf(status);
  if (kind === 'absent') throw new Error(`${status} is no living stack`);
  return { kind, id: 'arn:c', status, reason: '', drop: 'A', createdAt: NOW, updateSeen: false, ...more };
}

/** It runs, at an address. */
export const running = (more: Partial<LivingStack> = {}): LivingStack =>
  stack('CREATE_COMPLETE', { address: '192.0.2.7', ...more });

export const foreign: Actual = { kind: 'foreign', stackName: 'cd-alice-c' };

/** What is seen, with every reply in its place unless told otherwise. */
export function see(
  seen: Partial<Omit<Observed, 'replies'>>,
  replies: Partial<Observed['replies']> = {},
): Observed {
  return {
    stack: { kind: 'absent' },
    contact: 'Dana',
    ...seen,
    replies: { created: true, createdRight: true, failed: false, ...replies },
  };
}

/** A decision in one line: `refuse create blank-file`, `rest +30m`. */
export function inShort({ step, again }: Decision): string {
  const when = again === undefined ? [] : [`+${(again - NOW) / MINUTE}m`];
  return [step.kind, ...detailsOf(step), ...when].join(' ');
}

function detailsOf(step: Step): string[] {
  switch (step.kind) {
    case 'start':
    case 'accept':
      return [step.create.id];
    case 'update':
      return step.create ? [step.create.id] : [];
    case 'refuse':
      return [step.file ?? 'nobody', ...step.problems.map((one) => one.code)];
    case 'note-failed':
    case 'note-update-failed':
      return step.problems.map((one) => one.code);
    case 'warn':
      return [step.warning];
    case 'remove-stack':
      return [step.ending];
    case 'finish':
      return step.consumeCreate ? ['with create'] : [];
    case 'rest':
    case 'adopt':
    case 'confirm':
    case 'fold-update':
    case 'note-ready':
    case 'note-ended':
    case 'note-stuck':
    case 'deliver':
    case 'discard-delete':
    case 'forget':
    case 'release':
      return [];
  }
}
