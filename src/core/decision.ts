import type { EndingWhy, Entry, Warning } from './entry.ts';
import { type Instant, MINUTE, readableOf } from './instant.ts';
import type { CreateFile, LivingStack } from './observed.ts';
import type { Problem } from './problems.ts';

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
  | { readonly kind: 'accept'; readonly create: CreateFile }
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

/** Without `again` an event tells of the next change; the sweep heals the event that got lost. */
export function wait(why: string, again?: Instant): Decision {
  return { step: { kind: 'rest' }, why, ...(again !== undefined && { again }) };
}

export function addressless(now: Instant): Decision {
  return wait('the cluster runs, but its login address is not known yet', now + MINUTE);
}

export function progressing(stack: LivingStack): string {
  return stack.kind === 'updating' ? 'the cluster is being changed' : 'the cluster is being built';
}

/** The same sentence as the cluster is handed over and as it runs on: its status is written once. */
export function runningUntil({ endsAt }: Pick<Entry, 'endsAt'>): string {
  return `running until ${readableOf(endsAt)}`;
}

/** No file, no stack, no entry: of no interest to anybody. */
export const NOTHING_TO_DO = 'there is nothing to do';
