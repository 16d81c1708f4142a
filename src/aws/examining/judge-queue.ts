import { fail, ok, type Verdict, warn } from '../../core/finding.ts';
import { SECOND } from '../../core/instant.ts';

export interface QueueFacts {
  /** SQS's own attributes, all of them texts. */
  readonly attributes: Readonly<Record<string, string>>;
  /** Longest run of the function that takes messages, milliseconds; `undefined` where it is not known. */
  readonly functionTimeout?: number;
}

/** More than a burst leaves behind for a minute. */
const BACKLOG = 1000;
/** AWS's own rule: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html */
const TIMES = 6;

/** @param again what brings everything of ours back: a sentence with a command */
export function judgeQueue({ attributes, functionTimeout }: QueueFacts, again: string): readonly Verdict[] {
  const count = (name: string) => Number(attributes[name] ?? 0);
  const waiting = count('ApproximateNumberOfMessages');
  const taken = count('ApproximateNumberOfMessagesNotVisible');
  const later = count('ApproximateNumberOfMessagesDelayed');
  const visibility = count('VisibilityTimeout') * SECOND;
  const verdicts: Verdict[] = [];
  if (functionTimeout !== undefined && visibility < TIMES * functionTimeout)
    verdicts.push(
      fail(
        `a message comes again after ${visibility / SECOND} s, but its function may run ${functionTimeout / SECOND} s: it is followed up twice at once, and given up too early`,
        again,
      ),
    );
  if (attributes['RedrivePolicy'] === undefined)
    verdicts.push(warn('a message that cannot be followed up is tried for days, and then lost', again));
  const numbers = `${waiting} waiting, ${taken} at work, ${later} for later`;
  verdicts.push(
    waiting >= BACKLOG
      ? warn(
          `about ${numbers}: more comes in than is done, or nobody takes it out`,
          'See whether the functions run and what they say in the log.',
        )
      : ok(`about ${numbers}`),
  );
  return verdicts;
}
