import { CfnDeletionPolicy, type Stack } from 'aws-cdk-lib';
import type { CfnRule } from 'aws-cdk-lib/aws-events';
import { CfnQueue, CfnQueuePolicy } from 'aws-cdk-lib/aws-sqs';
import { RECONCILE_SECONDS } from './functions.ts';
import { arn, named } from './names.ts';
import { policy, type Statement, tlsOnly } from './statement.ts';

const DAY_SECONDS = 86_400;
/** Tries before a message is put aside. Throttling and waiting use none up: only what cannot be read or followed up gets there. */
const MOST_TRIES = 5;

export interface Queues {
  readonly nudges: CfnQueue;
  readonly deadLetters: CfnQueue;
}

export function queues(stack: Stack): Queues {
  const deadLetters = new CfnQueue(stack, 'DeadLetters', {
    queueName: named('dead-letters'),
    messageRetentionPeriod: 14 * DAY_SECONDS,
    sqsManagedSseEnabled: true,
    redriveAllowPolicy: {
      redrivePermission: 'byQueue',
      sourceQueueArns: [arn('sqs', '${AWS::Region}', '${InstallationName}-nudges')],
    },
  });
  const nudges = new CfnQueue(stack, 'Nudges', {
    queueName: named('nudges'),
    // https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
    visibilityTimeout: 6 * RECONCILE_SECONDS,
    messageRetentionPeriod: 4 * DAY_SECONDS,
    sqsManagedSseEnabled: true,
    redrivePolicy: { deadLetterTargetArn: deadLetters.attrArn, maxReceiveCount: MOST_TRIES },
  });
  // What waits there is found again by the sweep.
  for (const queue of [deadLetters, nudges]) {
    queue.cfnOptions.deletionPolicy = CfnDeletionPolicy.DELETE;
    queue.cfnOptions.updateReplacePolicy = CfnDeletionPolicy.DELETE;
  }
  new CfnQueuePolicy(stack, 'DeadLettersPolicy', {
    queues: [deadLetters.ref],
    policyDocument: policy(tlsOnly('TlsOnly', 'sqs:*', deadLetters.attrArn)),
  });
  return { nudges, deadLetters };
}

/** Besides the functions only these rules put anything into the queue. */
export function letRulesSend(stack: Stack, queue: CfnQueue, rules: readonly CfnRule[]): void {
  const sending: Statement = {
    Sid: 'Rules',
    Effect: 'Allow',
    Principal: { Service: 'events.amazonaws.com' },
    Action: 'sqs:SendMessage',
    Resource: queue.attrArn,
    Condition: { ArnEquals: { 'aws:SourceArn': rules.map(({ attrArn }) => attrArn) } },
  };
  new CfnQueuePolicy(stack, 'NudgesPolicy', {
    queues: [queue.ref],
    policyDocument: policy(sending, tlsOnly('TlsOnly', 'sqs:*', queue.attrArn)),
  });
}
