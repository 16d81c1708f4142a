import { DeleteMessageBatchCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { MINUTE, SECOND } from '../core/instant.ts';
import { Attendant } from '../engine/attendant.ts';
import { problemsOf } from '../engine/problems-of.ts';
import { sweep } from '../engine/sweep.ts';
import { clientConfig } from './access.ts';
import { attendMessages } from './attend-messages.ts';
import type { AwsWorld } from './world.ts';

export interface ServeOptions {
  readonly world: AwsWorld;
  /** Where nudges come from; without one everything is looked through now and then. */
  readonly queueUrl: string | undefined;
  /** Aborted when it is time to stop; what is under way is brought to an end. */
  readonly signal: AbortSignal;
  /** Resolves after so many milliseconds, or as soon as `signal` is aborted. */
  readonly pause: (milliseconds: number) => Promise<void>;
  /** How often everything is looked through for what no event told of, milliseconds. */
  readonly sweepEvery?: number;
}

/** SQS: at most 20. */
const LONG_POLL_SECONDS = 20;
const AFTER_TROUBLE = 5 * SECOND;

/**
 * The engine as a process that lives on, on any machine with rights on the buckets and CloudFormation. It may run beside the
 * functions, or twice: whoever takes a message attends to it, and everything is safe to repeat.
 */
export async function serve(options: ServeOptions): Promise<void> {
  const { queueUrl } = options;
  await (queueUrl === undefined
    ? look(options)
    : Promise.all([follow(options, queueUrl), sweeping(options)]));
}

/** Takes nudges out of the queue, just as the function does. */
async function follow({ world, signal, pause }: ServeOptions, queueUrl: string): Promise<void> {
  const client = new SQSClient(clientConfig(world.access, world.installation.aws.region));
  while (!signal.aborted) {
    try {
      const { Messages = [] } = await client.send(
        new ReceiveMessageCommand({
          QueueUrl: queueUrl,
          MaxNumberOfMessages: 10,
          WaitTimeSeconds: LONG_POLL_SECONDS,
        }),
        { abortSignal: signal },
      );
      if (Messages.length === 0) continue;
      const { failed, later } = await attendMessages(
        world,
        Messages.map(({ MessageId = '', Body = '' }) => ({ id: MessageId, body: Body })),
      );
      await world.queue?.send(later);
      const done = Messages.filter(({ MessageId = '' }) => !failed.has(MessageId));
      if (done.length > 0)
        await client.send(
          new DeleteMessageBatchCommand({
            QueueUrl: queueUrl,
            Entries: done.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle })),
          }),
        );
    } catch (error) {
      if (signal.aborted) return;
      for (const one of problemsOf(error)) world.log.trouble('the queue', one);
      await pause(AFTER_TROUBLE);
    }
  }
}

async function sweeping({ world, signal, pause, sweepEvery = 5 * MINUTE }: ServeOptions): Promise<void> {
  while (!signal.aborted) {
    try {
      for await (const nudge of sweep(world)) await world.queue?.send([{ nudge, delaySeconds: 0 }]);
    } catch (error) {
      for (const one of problemsOf(error)) world.log.trouble('sweep', one);
    }
    await pause(sweepEvery);
  }
}

const LOOK_EVERY = 15 * SECOND;

/** Where there is no queue it looks by itself: slower to notice, and a listing of all folders at each look. */
async function look({ world, signal, pause, sweepEvery = LOOK_EVERY }: ServeOptions): Promise<void> {
  const attendant = new Attendant({ world, sweepEvery });
  while (!signal.aborted) {
    attendant.tick();
    await pause(Math.max(SECOND / 5, Math.min(attendant.nextDue() - world.clock.now(), SECOND)));
  }
  await attendant.stopped();
}
