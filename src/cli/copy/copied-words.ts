import { problem } from '../../core/problems.ts';
import { byteWords } from '../../core/report/byte-words.ts';
import { visibleLine } from '../../core/report/visible.ts';
import { answer } from '../answer.ts';
import type { Terminal } from '../command.ts';
import type { ReadOptions } from '../options.ts';
import { exitCodeOf, tellProblems } from '../tell-problems.ts';
import type { Copied } from './copied.ts';

const MOST_TOLD = 20;

/** Tells how a copy went: what was done on standard output, what was not on standard error. @returns the exit code */
export function tellCopied(
  done: Copied,
  to: string,
  document: Readonly<Record<string, unknown>>,
  options: ReadOptions,
  terminal: Terminal,
): number {
  const { copied, bytes, unchanged, skipped, problems } = done;
  answer(terminal, options, { ...document, ...done }, () => {
    const was = unchanged === 0 ? '' : `; ${unchanged} ${unchanged === 1 ? 'was' : 'were'} there already`;
    return `Copied ${copied.length} ${copied.length === 1 ? 'file' : 'files'} (${byteWords(bytes)}) to ${visibleLine(to)}${was}.\n`;
  });
  if (!options.has('json')) {
    for (const { path, why } of skipped.slice(0, MOST_TOLD))
      terminal.err(`Left out ${visibleLine(path, 200)}: ${why}\n`);
    if (skipped.length > MOST_TOLD)
      terminal.err(`Left out ${skipped.length - MOST_TOLD} more; --json tells all.\n`);
    const more = problems.length - MOST_TOLD;
    tellProblems(
      terminal,
      [...problems.slice(0, MOST_TOLD), ...(more > 0 ? [problem('more-not-copied', { count: more })] : [])],
      false,
    );
  }
  if (!terminal.signal.aborted) return exitCodeOf(problems);
  terminal.err('Stopped. The same command again copies what is missing.\n');
  return 130;
}
