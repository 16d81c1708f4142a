import { describedProblem } from '../src/core/described-problem.ts';
import type { Owner } from '../src/core/problem-definition.ts';
import { PROBLEMS, type ProblemCode } from '../src/core/problems.ts';

const WHO: Readonly<Record<Owner, string>> = {
  author: 'whoever wrote the file',
  operator: 'the administrator',
  bug: 'the makers of Clusterdrop',
};

/** `docs/problems.md`: every code with its message and what to do; words in capitals stand for what was found. */
export function problemsPage(): string {
  const lines = [
    '# Problems',
    '',
    'Everything that Clusterdrop can tell you is wrong, by code. Words in capitals stand for what was found.',
    'This page is made from `src/core/problems.ts` by `npm run generate`.',
  ];
  for (const code of Object.keys(PROBLEMS) as ProblemCode[]) {
    const { owner, message, fix, exitCode } = describedProblem(code);
    const who = `To be mended by ${WHO[owner]}. Exit code ${exitCode}.`;
    lines.push('', `## ${code}`, '', `> ${message}`, '', fix, '', who);
  }
  return `${lines.join('\n')}\n`;
}
