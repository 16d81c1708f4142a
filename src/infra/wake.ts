import type { Stack } from 'aws-cdk-lib';
import { CfnEventSourceMapping, type CfnFunction } from 'aws-cdk-lib/aws-lambda';
import type { CfnQueue } from 'aws-cdk-lib/aws-sqs';

const BATCH = 10;
/**
 * How many run at once. Held here, where waiting messages stay in the queue: with reserved concurrency they would be refused by the
 * function, use their tries up, and end among the dead letters.
 */
const AT_ONCE = 5;

/** The queue wakes the function. Of a batch only what failed is given again. */
export function wake(stack: Stack, target: CfnFunction, queue: CfnQueue): void {
  new CfnEventSourceMapping(stack, 'NudgesToReconcile', {
    functionName: target.ref,
    eventSourceArn: queue.attrArn,
    batchSize: BATCH,
    functionResponseTypes: ['ReportBatchItemFailures'],
    scalingConfig: { maximumConcurrency: AT_ONCE },
    enabled: true,
  });
}
