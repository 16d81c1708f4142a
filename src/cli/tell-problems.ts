import type { Owner } from '../core/problem-definition.ts';
import { EXIT_CODE, type Problem } from '../core/problems.ts';
import { problemWords } from '../core/report/problem-words.ts';
import { visibleLine } from '../core/report/visible.ts';
import { jsonText } from './answer.ts';
import type { Terminal } from './command.ts';

/** Problems with no file to show: on standard error, or as the one document of `--json`. @returns the exit code. */
export function tellProblems(terminal: Terminal, problems: readonly Problem[], json: boolean): number {
  if (json) terminal.out(jsonText({ problems }));
  else
    for (const { message, fix } of problems)
      terminal.err(`clusterdrop: ${visibleLine(message)}\n    ${visibleLine(fix)}\n`);
  return exitCodeOf(problems);
}

/** Problems of a file whose text is known: where each is, with its line. */
export function fileProblems(title: string, problems: readonly Problem[], text: string): string {
  return `${title}\n\n${problemWords(problems, text)}\n`;
}

/** A bug before anything else; then whoever can do something at once. */
export function exitCodeOf(problems: readonly { readonly owner: Owner }[]): number {
  const owner = (['bug', 'author', 'operator'] as const).find((one) =>
    problems.some((problem) => problem.owner === one),
  );
  return owner === undefined ? 0 : EXIT_CODE[owner];
}
