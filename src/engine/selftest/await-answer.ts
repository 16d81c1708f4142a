import type { StatusFile } from '../../core/report/status-file.ts';
import type { SentDrop } from '../client/put-drop.ts';
import { waitForAnswer } from '../client/wait-for-answer.ts';
import { type SelftestSubject, StepFailed, Stopped } from './selftest-subject.ts';

/** Waits until a drop has come to the end that is wanted. @throws StepFailed when it comes to another one, Stopped */
export async function awaitAnswer(
  subject: SelftestSubject,
  drop: SentDrop,
  wanted: 'done' | 'refused',
): Promise<StatusFile> {
  const file = `${drop.cluster.name}.cf-${drop.action}`;
  const outcome = await waitForAnswer(drop, { ...subject, store: subject.users });
  switch (outcome.kind) {
    case 'stopped':
      throw new Stopped();
    case 'done':
    case 'refused': {
      if (outcome.kind === wanted) return outcome.status;
      const reasons = outcome.status.problems.map(({ message }) => message);
      throw new StepFailed(
        outcome.kind === 'done'
          ? `${file} was carried out`
          : `${file} was refused: ${reasons.join('; ') || outcome.status.why}`,
      );
    }
    case 'timeout':
      throw new StepFailed(`${file} had no answer in time`);
    case 'ended':
      throw new StepFailed(`the cluster is ${outcome.status.state}: ${outcome.status.why}`);
    case 'replaced':
      throw new StepFailed(`somebody else has written ${file}`);
    case 'vanished':
      throw new StepFailed(`${file} has gone without an answer`);
  }
}

/** Looks until it is so. @throws StepFailed, Stopped */
export async function awaitThat<T>(
  { clock, timeout, pause, lookAfter, isStopped }: SelftestSubject,
  what: string,
  look: () => Promise<T | undefined>,
): Promise<T> {
  const began = clock.now();
  for (;;) {
    const seen = await look();
    if (seen !== undefined) return seen;
    const waited = clock.now() - began;
    if (waited >= timeout) throw new StepFailed(`not in time: ${what}`);
    await pause(lookAfter(waited));
    if (isStopped()) throw new Stopped();
  }
}
