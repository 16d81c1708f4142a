import { SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { Nudge } from '../engine/sweep.ts';
import { nudgeText } from './nudge-message.ts';

/** SQS: at most 15 minutes; what is due later is found by the sweep. */
export const LONGEST_DELAY_SECONDS = 900;
const BATCH = 10;

export interface LaterNudge {
  readonly nudge: Nudge;
  /** Whole seconds, at most `LONGEST_DELAY_SECONDS`. */
  readonly delaySeconds: number;
  /** How many looks in a row led to this one; absent: none. */
  readonly looks?: number;
}

/** The queue in which nudges wait for their turn, at once or later. */
export class NudgeQueue {
  readonly #client: SQSClient;
  readonly #url: string;

  constructor(client: SQSClient, url: string) {
    this.#client = client;
    this.#url = url;
  }

  /** @throws when a single one was not taken: its sender comes again. */
  async send(nudges: readonly LaterNudge[]): Promise<void> {
    for (let at = 0; at < nudges.length; at += BATCH) {
      const { Failed = [] } = await this.#client.send(
        new SendMessageBatchCommand({
          QueueUrl: this.#url,
          Entries: nudges.slice(at, at + BATCH).map(({ nudge, delaySeconds, looks }, index) => ({
            Id: String(index),
            MessageBody: nudgeText(nudge, looks),
            DelaySeconds: delaySeconds,
          })),
        }),
      );
      if (Failed[0])
        throw new Error(`the queue took ${Failed.length} nudges not: ${Failed[0].Message ?? Failed[0].Code}`);
    }
  }
}
