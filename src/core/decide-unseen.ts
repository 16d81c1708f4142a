import { decide } from './decide.ts';
import type { Decision, Step } from './decision.ts';
import { HOUR, type Instant } from './instant.ts';
import type { Observed } from './observed.ts';

/** What the ledger is to learn of the stack, and letters: true whatever files there are. */
const BOOKS: ReadonlySet<Step['kind']> = new Set<Step['kind']>([
  'adopt',
  'confirm',
  'fold-update',
  'note-ready',
  'note-ended',
  'note-stuck',
  'note-failed',
  'note-update-failed',
  'warn',
]);

/**
 * What to do for a cluster whose owner has closed their folder, so that nobody can tell which files lie there: only what comes by itself.
 * A request for more time may be among them, so there is an hour to open the folder again, as for a request that cannot be read.
 * An end that had begun goes on. `undefined`: nothing, and the look has failed.
 */
export function decideUnseen(seen: Observed, now: Instant): Decision | undefined {
  const { create: _, remove: __, ...known } = seen;
  // Replies are files too: what cannot be seen is not written anew.
  const o: Observed = { ...known, replies: { created: true, createdRight: true, failed: false } };
  const decision = decide(o, now);
  if (BOOKS.has(decision.step.kind)) return decision;
  if (decision.step.kind !== 'remove-stack') return undefined;
  const isDue = o.entry?.ending !== undefined || decide(o, now - HOUR).step.kind === 'remove-stack';
  return isDue ? decision : undefined;
}
