import type { Terminal } from './command.ts';
import type { ReadOptions } from './options.ts';

/** Asks before something is destroyed. Where nobody sits at a terminal nothing is asked: dropping a file asks nothing either. */
export async function isAgreed(question: string, options: ReadOptions, terminal: Terminal): Promise<boolean> {
  if (options.has('yes') || !terminal.canAsk) return true;
  const reply = await terminal.ask(`${question} [y/N] `);
  return /^\s*y(?:es)?\s*$/i.test(reply ?? '');
}
