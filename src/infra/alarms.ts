import { Aws, type CfnParameter, type Stack } from 'aws-cdk-lib';
import { CfnAlarm, type CfnAlarmProps } from 'aws-cdk-lib/aws-cloudwatch';
import type { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnSubscription, CfnTopic, CfnTopicPolicy } from 'aws-cdk-lib/aws-sns';
import type { CfnQueue } from 'aws-cdk-lib/aws-sqs';
import { arn, named } from './names.ts';
import { isGiven } from './parameters.ts';
import { policy, type Statement, tlsOnly } from './statement.ts';

export interface Watched {
  readonly nudges: CfnQueue;
  readonly deadLetters: CfnQueue;
  readonly reconcile: CfnFunction;
  readonly sweep: CfnFunction;
  readonly prices: CfnFunction;
  readonly email: CfnParameter;
}

const FIVE_MINUTES = 300;
const HALF_AN_HOUR = 1800;

/** What an administrator must hear of though no user asks. Each alarm says what it means and what it does not touch. */
export function alarms(stack: Stack, watched: Watched): CfnTopic {
  const { nudges, deadLetters, reconcile, sweep, prices, email } = watched;
  const topic = alarmTopic(stack, email);
  const alarm = (
    id: string,
    name: string,
    props: Omit<CfnAlarmProps, 'comparisonOperator' | 'evaluationPeriods'>,
  ) =>
    new CfnAlarm(stack, id, {
      alarmName: named(name),
      evaluationPeriods: 1,
      comparisonOperator: 'GreaterThanThreshold',
      treatMissingData: 'notBreaching',
      alarmActions: [topic.ref],
      okActions: [topic.ref],
      ...props,
    });

  alarm('DeadLettersAlarm', 'dead-letters', {
    alarmDescription:
      'Messages were put aside after several tries: a bug, or something that nobody can read. Clusters are looked after by the sweep meanwhile.',
    ...ofQueue(deadLetters, 'ApproximateNumberOfMessagesVisible'),
    threshold: 0,
  });
  alarm('WaitingAlarm', 'nudges-waiting', {
    alarmDescription:
      'Nobody has looked at a message for half an hour: drops are answered late or not at all.',
    ...ofQueue(nudges, 'ApproximateAgeOfOldestMessage'),
    threshold: HALF_AN_HOUR,
  });
  for (const [id, name, target] of [
    ['ReconcileErrorsAlarm', 'reconcile-errors', reconcile],
    ['SweepErrorsAlarm', 'sweep-errors', sweep],
    ['PricesErrorsAlarm', 'prices-errors', prices],
  ] as const)
    alarm(id, name, {
      alarmDescription: 'A function failed as a whole, or took too long: its log says why.',
      ...ofFunction(target, 'Errors'),
      period: FIVE_MINUTES,
      threshold: 0,
    });
  alarm('SweepMissingAlarm', 'sweep-missing', {
    alarmDescription: 'No sweep for half an hour: ends of clusters, lost events and mail wait.',
    ...ofFunction(sweep, 'Invocations'),
    period: HALF_AN_HOUR,
    comparisonOperator: 'LessThanThreshold',
    threshold: 1,
    treatMissingData: 'breaching',
  } as CfnAlarmProps);
  return topic;
}

function ofQueue(queue: CfnQueue, metricName: string) {
  return {
    namespace: 'AWS/SQS',
    metricName,
    dimensions: [{ name: 'QueueName', value: queue.attrQueueName }],
    statistic: 'Maximum',
    period: FIVE_MINUTES,
  };
}

function ofFunction(target: CfnFunction, metricName: string) {
  return {
    namespace: 'AWS/Lambda',
    metricName,
    dimensions: [{ name: 'FunctionName', value: target.ref }],
    statistic: 'Sum',
  };
}

/** Not encrypted with a key: AWS's own one does not let CloudWatch publish, and an alarm tells nothing but that it rang. */
function alarmTopic(stack: Stack, email: CfnParameter): CfnTopic {
  const topic = new CfnTopic(stack, 'Alarms', { topicName: named('alarms') });
  const ringing: Statement = {
    Sid: 'Alarms',
    Effect: 'Allow',
    Principal: { Service: 'cloudwatch.amazonaws.com' },
    Action: 'sns:Publish',
    Resource: topic.ref,
    Condition: {
      StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID },
      ArnLike: { 'aws:SourceArn': arn('cloudwatch', '${AWS::Region}', 'alarm:${InstallationName}-*') },
    },
  };
  new CfnTopicPolicy(stack, 'AlarmsPolicy', {
    topics: [topic.ref],
    policyDocument: policy(ringing, tlsOnly('TlsOnly', 'sns:Publish', topic.ref)),
  });
  const subscription = new CfnSubscription(stack, 'AlarmsByMail', {
    topicArn: topic.ref,
    protocol: 'email',
    endpoint: email.valueAsString,
  });
  subscription.cfnOptions.condition = isGiven(stack, 'HasAlarmEmail', email);
  return topic;
}
