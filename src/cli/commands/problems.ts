import { type DescribedProblem, describedProblem } from '../../core/described-problem.ts';
import { nearest } from '../../core/nearest.ts';
import { EXIT_CODE, PROBLEMS, type ProblemCode, ProblemError, problem } from '../../core/problems.ts';
import { answer } from '../answer.ts';
import type { Command } from '../command.ts';
import { COMMON, readOptions } from '../options.ts';
import { table } from '../table.ts';

export const problems: Command = {
  help: `Usage: clusterdrop problems [CODE]

Everything that Clusterdrop can tell you is wrong, or one of them: whose move it is,
what to do, and the exit code. Words in capitals stand for what was found.

  --json        one JSON document`,

  async run(args, terminal) {
    const options = readOptions({ command: 'problems', options: COMMON, mayHave: 1 }, args);
    const codes = Object.keys(PROBLEMS) as ProblemCode[];
    const [found] = options.args;
    if (found === undefined) {
      const all = codes.map(describedProblem);
      answer(terminal, options, { problems: all }, () =>
        table(
          ['CODE', 'EXIT', 'MESSAGE'],
          all.map(({ code, exitCode, message }) => [code, String(exitCode), message]),
        ),
      );
      return 0;
    }
    const code = codes.find((one) => one === found.trim().toLowerCase());
    if (code === undefined)
      throw new ProblemError(problem('unknown-problem', { found, nearest: nearest(found, codes)[0] }));
    const one = describedProblem(code);
    answer(terminal, options, { problem: one }, () => words(one));
    return 0;
  },
};

const WHO = {
  author: 'whoever wrote the file or the command',
  operator: 'the administrator',
  bug: 'the makers of Clusterdrop',
} as const;

function words({ code, owner, message, fix }: DescribedProblem): string {
  return `${code}

  ${message}
  What to do: ${fix}

  To be mended by ${WHO[owner]}; exit code ${EXIT_CODE[owner]}.
`;
}
