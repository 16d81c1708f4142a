import type { Stack } from 'aws-cdk-lib';
import { CfnRule } from 'aws-cdk-lib/aws-events';
import { type CfnFunction, CfnPermission } from 'aws-cdk-lib/aws-lambda';
import type { CfnQueue } from 'aws-cdk-lib/aws-sqs';
import { named } from './names.ts';

interface EventRule {
  readonly id: string;
  readonly name: string;
  readonly pattern: unknown;
  readonly queue: CfnQueue;
}

/** Events that fit go into the queue as they are: of what is in them only names are used. */
export function eventRule(stack: Stack, { id, name, pattern, queue }: EventRule): CfnRule {
  return new CfnRule(stack, id, {
    name: named(name),
    eventPattern: pattern,
    targets: [{ id: 'queue', arn: queue.attrArn }],
  });
}

interface ScheduledRule {
  readonly id: string;
  readonly name: string;
  readonly rate: string;
  readonly target: CfnFunction;
}

export function scheduledRule(stack: Stack, { id, name, rate, target }: ScheduledRule): void {
  const rule = new CfnRule(stack, id, {
    name: named(name),
    scheduleExpression: rate,
    targets: [{ id: 'function', arn: target.attrArn }],
  });
  new CfnPermission(stack, `${id}Permission`, {
    action: 'lambda:InvokeFunction',
    functionName: target.ref,
    principal: 'events.amazonaws.com',
    sourceArn: rule.attrArn,
  });
}
