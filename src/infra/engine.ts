import { CfnOutput, Fn, type Stack } from 'aws-cdk-lib';
import { alarms } from './alarms.ts';
import { dropEvents, stackEvents } from './event-patterns.ts';
import { engineFunction, PRICES, RECONCILE, SWEEP } from './functions.ts';
import { isGiven, optional, parameter } from './parameters.ts';
import { pricesStatements } from './prices-rights.ts';
import { letRulesSend, queues } from './queues.ts';
import { reconcileStatements } from './reconcile-rights.ts';
import { eventRule, scheduledRule } from './rules.ts';
import { sweepStatements } from './sweep-rights.ts';
import { UsersBuckets } from './users-buckets.ts';
import { wake } from './wake.ts';

/** Days for which CloudWatch Logs can keep a group: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
const RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/** What makes drops into clusters: events and a clock -> queue -> functions, and alarms where that stops. Keeps nothing of its own. */
export function engine(stack: Stack): void {
  parameter(stack, 'InstallationName');
  parameter(stack, 'InstallationId');
  parameter(stack, 'AdminBucketName');
  const codeKey = parameter(stack, 'CodeKey', {
    description: "Key of the functions' zip in the administrator's bucket.",
  });
  const buckets = new UsersBuckets(stack, parameter(stack, 'UsersBucketNames'));
  parameter(stack, 'ClustersRegion');
  optional(stack, 'MailRegion', 'Region of the address that mail comes from; empty: no mail.');
  const mailFrom = optional(stack, 'MailFrom', 'Address that mail comes from; empty: no mail.');
  const sendsMail = isGiven(stack, 'SendsMail', mailFrom);
  parameter(stack, 'ExecutionRoleArn', { description: "CloudFormation's role for the stacks of clusters." });
  const alarmEmail = optional(stack, 'AlarmEmail', 'Address that alarms go to; empty: to nobody yet.');
  const logDays = parameter(stack, 'LogRetentionDays', {
    type: 'Number',
    default: '90',
    allowedValues: RETENTION_DAYS.map(String),
  });
  parameter(stack, 'SweepMinutes', {
    type: 'Number',
    description: 'How often everything is looked through for what no event told of, in minutes.',
    default: 5,
    // A rate of one would be written differently, and the alarm for a missing sweep waits for half an hour.
    minValue: 2,
    maxValue: 15,
  });

  const { nudges, deadLetters } = queues(stack);
  const common = { codeKey: codeKey.valueAsString, logDays: logDays.valueAsNumber };
  const reconcile = engineFunction(stack, {
    ...RECONCILE,
    ...common,
    rights: reconcileStatements(nudges, buckets, sendsMail),
  });
  const sweep = engineFunction(stack, { ...SWEEP, ...common, rights: sweepStatements(nudges, buckets) });
  const prices = engineFunction(stack, { ...PRICES, ...common, rights: pricesStatements() });

  wake(stack, reconcile, nudges);
  const drops = eventRule(stack, { id: 'DropRule', name: 'drops', pattern: dropEvents(), queue: nudges });
  const stacks = eventRule(stack, {
    id: 'StackRule',
    name: 'stacks',
    pattern: stackEvents('${ClustersRegion}'),
    queue: nudges,
  });
  letRulesSend(stack, nudges, [drops, stacks]);
  const rate = Fn.sub('rate(${SweepMinutes} minutes)');
  scheduledRule(stack, { id: 'SweepRule', name: 'sweep', rate, target: sweep });
  scheduledRule(stack, { id: 'PricesRule', name: 'prices', rate: 'rate(1 day)', target: prices });
  const topic = alarms(stack, { nudges, deadLetters, reconcile, sweep, prices, email: alarmEmail });

  new CfnOutput(stack, 'QueueUrl', { value: nudges.ref });
  new CfnOutput(stack, 'QueueArn', { value: nudges.attrArn });
  new CfnOutput(stack, 'DeadLetterQueueUrl', { value: deadLetters.ref });
  new CfnOutput(stack, 'AlarmTopicArn', { value: topic.ref });
  new CfnOutput(stack, 'ReconcileFunction', { value: reconcile.ref });
  new CfnOutput(stack, 'SweepFunction', { value: sweep.ref });
  new CfnOutput(stack, 'PricesFunction', { value: prices.ref });
}
