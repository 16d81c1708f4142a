import { putDrop } from '../client/put-drop.ts';
import { problemsOf } from '../problems-of.ts';
import {
  type Created,
  clusterOf,
  createdOf,
  type Trial,
  tryAgain,
  tryBooks,
  tryCreate,
  tryDelete,
  tryMistake,
  tryNearMiss,
  tryNothingLeft,
} from './selftest-steps.ts';
import { StepFailed, type StepReport, Stopped } from './selftest-subject.ts';

export interface SelftestOutcome {
  readonly steps: readonly StepReport[];
  /** Cut short. What was made is told to end, and nobody has waited for that. */
  readonly isStopped: boolean;
}

/**
 * The whole story, as a user would live it: what costs nothing first, then a cluster from its beginning to its end. Whatever
 * fails, and if it is cut short, what was made is told to end.
 */
export async function runSelftest(
  trial: Trial,
  onStep: (report: StepReport) => void,
): Promise<SelftestOutcome> {
  const { clock, users } = trial.subject;
  const steps: StepReport[] = [];
  const take = async (step: string, work: () => Promise<string>): Promise<boolean> => {
    const began = clock.now();
    const report = (ok: boolean, what: string) => {
      const one = { step, ok, what, milliseconds: clock.now() - began };
      steps.push(one);
      onStep(one);
      return ok;
    };
    try {
      return report(true, await work());
    } catch (error) {
      if (error instanceof Stopped) throw error;
      if (error instanceof StepFailed) return report(false, error.message);
      return report(
        false,
        problemsOf(error)
          .map(({ message }) => message)
          .join('; '),
      );
    }
  };

  let isOurs = false;
  let isEnding = false;
  let created: Created | undefined;
  try {
    await take('a request with a mistake in it', () => tryMistake(trial));
    await take('a file that was only meant as a drop', () => tryNearMiss(trial));
    isOurs = true;
    const runs = await take('a cluster', () => tryCreate(trial));
    created = await createdOf(trial).catch(() => undefined);
    if (runs) {
      await take('its stack', () => tryBooks(trial));
      await take('the same file once more', () => tryAgain(trial));
    }
    isEnding = true;
    await take('its end', () => tryDelete(trial));
    await take('what is left of it', () => tryNothingLeft(trial, created));
    return { steps, isStopped: false };
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
    return { steps, isStopped: true };
  } finally {
    if (isOurs && !isEnding) await putDrop(users, clusterOf(trial), 'delete', '');
  }
}
