import { CloudWatchClient, paginateDescribeAlarms } from '@aws-sdk/client-cloudwatch';
import { ok, type Verdict } from '../../core/finding.ts';
import { clientConfig } from '../access.ts';
import { type AwsSubject, deployAgain } from './aws-subject.ts';
import { type AlarmFacts, judgeAlarms } from './judge-alarms.ts';

/** Alarms look all the time, at what a single look cannot see: how old the oldest message is, and when the sweep ran last. */
export async function checkAlarms(subject: AwsSubject): Promise<readonly Verdict[]> {
  const { aws, prefix } = subject.installation;
  if (aws.queueUrl === undefined) return [ok('there are none')];
  const client = new CloudWatchClient(clientConfig(subject.access, aws.region));
  const alarms: AlarmFacts[] = [];
  for await (const { MetricAlarms = [] } of paginateDescribeAlarms(
    { client },
    { AlarmNamePrefix: `${prefix}-` },
  ))
    for (const one of MetricAlarms)
      alarms.push({
        name: one.AlarmName ?? '',
        state: one.StateValue ?? '',
        reason: one.StateReason ?? '',
        ...(one.AlarmDescription !== undefined && { about: one.AlarmDescription }),
        since: one.StateUpdatedTimestamp?.getTime() ?? 0,
        isHeard: one.ActionsEnabled !== false && (one.AlarmActions ?? []).length > 0,
      });
  return judgeAlarms(alarms, deployAgain(subject));
}
