import { ProblemError, problem } from '../core/problems.ts';
import type { Terminal } from './command.ts';
import type { ReadOptions } from './options.ts';

/** Asks before an account is changed. Unlike a drop, that is nothing to be done unasked. @throws ProblemError `needs-yes` */
export async function demandYes(
  command: string,
  question: string,
  options: ReadOptions,
  terminal: Terminal,
): Promise<boolean> {
  if (options.has('yes')) return true;
  if (!terminal.canAsk) throw new ProblemError(problem('needs-yes', { command }));
  return /^\s*y(?:es)?\s*$/i.test((await terminal.ask(`${question} [y/N] `)) ?? '');
}
