import { type Problem, ProblemError, problem } from '../core/problems.ts';

/** What to tell of anything that was thrown: what it says itself, or that Clusterdrop failed. */
export function problemsOf(error: unknown): readonly Problem[] {
  if (error instanceof ProblemError) return error.problems;
  return [problem('bug', { what: error instanceof Error ? (error.stack ?? error.message) : String(error) })];
}
