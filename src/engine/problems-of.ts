import { type Problem, ProblemError, problem } from '../core/problems.ts';

/** What to tell of anything that was thrown: what it says itself, or that Clusterdrop failed. Never a stack trace. */
export function problemsOf(error: unknown): readonly Problem[] {
  if (error instanceof ProblemError) return error.problems;
  return [
    problem('bug', { what: error instanceof Error ? `${error.name}: ${error.message}` : String(error) }),
  ];
}

/** True for what a store says when a folder, say, lies where an object belongs. */
export function isInTheWay(error: unknown): error is ProblemError {
  return error instanceof ProblemError && error.problems.every((one) => one.code === 'in-the-way');
}
