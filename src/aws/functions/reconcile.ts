import { attendMessages } from '../attend-messages.ts';
import { functionWorld } from './function-world.ts';

/** What SQS hands to a function: https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html */
export interface SqsEvent {
  readonly Records: readonly { readonly messageId: string; readonly body: string }[];
}

export interface SqsBatchResponse {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

/** Follows up a batch of nudges. Only what failed is given again. */
export async function handler({ Records }: SqsEvent): Promise<SqsBatchResponse> {
  const begin = performance.now();
  const world = await functionWorld();
  const messages = Records.map(({ messageId, body }) => ({ id: messageId, body }));
  const { failed, later } = await attendMessages(world, messages);
  // Without this the batch would be given again: what it left to be done later must not get lost.
  await world.queue?.send(later);
  world.log.metrics(Math.round(performance.now() - begin), Records.length);
  return { batchItemFailures: [...failed].map((itemIdentifier) => ({ itemIdentifier })) };
}
