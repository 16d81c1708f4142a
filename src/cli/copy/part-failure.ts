import { callProblem } from '../../aws/call-problem.ts';
import { type Problem, ProblemError, problem } from '../../core/problems.ts';

/** What stands in the way of one file only; all else would meet the next file too. */
const OF_ONE_FILE = new Set(['access-denied', 'aws-failed']);
const OF_ALL = new Set(['ENOSPC', 'EDQUOT', 'EROFS', 'EMFILE']);

/** A file's failure in words, so that the others can go on. @throws the error itself where going on makes no sense */
export function partFailure(path: string, error: unknown): Problem {
  const told = error instanceof ProblemError ? error.problems[0] : callProblem(error);
  const { code, message } = Object(error) as NodeJS.ErrnoException;
  if (told ? !OF_ONE_FILE.has(told.code) : OF_ALL.has(code ?? '')) throw error;
  return problem('file-not-copied', { path, why: told?.message ?? message });
}
