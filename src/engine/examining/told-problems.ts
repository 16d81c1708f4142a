import { fail, type Verdict } from '../../core/finding.ts';
import { ProblemError } from '../../core/problems.ts';

/** Does the work; what is wrong with an object of ours comes back as verdicts, everything else is thrown as it is. */
export async function toldProblems(work: () => Promise<readonly Verdict[]>): Promise<readonly Verdict[]> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    return error.problems.map(({ message, fix }) => fail(message, fix));
  }
}
