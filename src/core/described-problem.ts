import type { Owner } from './problem-definition.ts';
import { EXIT_CODE, PROBLEMS, type ProblemCode } from './problems.ts';

/** A problem in general: words in capitals stand for what was found. */
export interface DescribedProblem {
  readonly code: ProblemCode;
  readonly owner: Owner;
  readonly exitCode: number;
  readonly message: string;
  readonly fix: string;
}

export function describedProblem(code: ProblemCode): DescribedProblem {
  const { owner, says, fix } = PROBLEMS[code] as unknown as {
    owner: Owner;
    says: (params: unknown) => unknown;
    fix: string | ((params: unknown) => unknown);
  };
  return {
    code,
    owner,
    exitCode: EXIT_CODE[owner],
    message: String(says(SAMPLE)),
    fix: typeof fix === 'string' ? fix : String(fix(SAMPLE)),
  };
}

/** Answers to every parameter name with that name in capitals, whether it is used as a text, a number or a list. */
const SAMPLE: unknown = new Proxy(
  {},
  { get: (_, name) => (name === 'hint' ? undefined : sample(String(name).toUpperCase())) },
);

function sample(word: string): unknown {
  return {
    length: 2,
    join: () => word,
    map: () => [word],
    toString: () => word,
    [Symbol.toPrimitive]: (hint: string) => (hint === 'number' ? 2 : word),
  };
}
