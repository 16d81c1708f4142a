import { callProblem } from '../../aws/call-problem.ts';
import { type Problem, ProblemError } from '../../core/problems.ts';

/** What was found about one thing. `warn`: something will not work that you may not need. */
export interface Finding {
  /** For programs: does not change. */
  readonly check:
    | 'store'
    | 'user'
    | 'list'
    | 'write'
    | 'read'
    | 'delete'
    | 'clock'
    | 'answers'
    | 'ssh'
    | 'key';
  readonly outcome: 'ok' | 'warn' | 'fail';
  readonly says: string;
  readonly fix?: string;
}

/** What was thrown, as a finding. @throws what is no matter of the installation: a fault of ours is told as one */
export function failure(check: Finding['check'], before: string, error: unknown): Finding {
  const told: Problem | undefined = error instanceof ProblemError ? error.problems[0] : callProblem(error);
  if (told) return { check, outcome: 'fail', says: before + told.message, fix: told.fix };
  const { code, syscall, message } = Object(error) as NodeJS.ErrnoException;
  if (typeof code !== 'string' || typeof syscall !== 'string') throw error;
  return { check, outcome: 'fail', says: before + message, fix: 'Check the rights on that file or folder.' };
}
