import {
  DescribeRuleCommand,
  EventBridgeClient,
  ListRuleNamesByTargetCommand,
} from '@aws-sdk/client-eventbridge';
import { ok, type Verdict } from '../../core/finding.ts';
import { clientConfig } from '../access.ts';
import { type AwsSubject, deployAgain, functionName, partitionOf, sqsArn } from './aws-subject.ts';
import { judgeRules, judgeSchedule, type RuleFacts } from './judge-rules.ts';

const LATE_DROPS = 'drops are found by the sweep only, minutes late';
const LATE_STACKS = 'what stacks do is noticed by later looks only, minutes late';
const NO_SWEEP = 'ends of clusters do not come, and lost events are not made good';
const OLD_PRICES = 'estimates and money limits are reckoned with old prices';

/** Every way that an event takes, from the users' buckets, CloudFormation and the clock; through another region if need be. */
export async function checkRules(subject: AwsSubject): Promise<readonly Verdict[]> {
  const { aws } = subject.installation;
  if (aws.queueUrl === undefined) return [ok('there is no queue that events could go to')];
  const again = deployAgain(subject);
  const [toQueue, toSweep, toPrices, forwarding] = await Promise.all([
    rulesTo(subject, aws.region, sqsArn(subject, aws.queueUrl)),
    rulesTo(subject, aws.region, functionArn(subject, 'sweep')),
    rulesTo(subject, aws.region, functionArn(subject, 'prices')),
    aws.clustersRegion === aws.region ? undefined : rulesTo(subject, aws.clustersRegion, homeBus(subject)),
  ]);
  const home = { region: aws.region, target: 'the queue' };
  const drops = { ...home, source: 'aws.s3', buckets: aws.buckets, otherwise: LATE_DROPS } as const;
  const stacks = { ...home, source: 'aws.cloudformation', buckets: [], otherwise: LATE_STACKS } as const;
  const away = { ...stacks, region: aws.clustersRegion, target: aws.region };
  const wrong = [
    ...judgeRules(toQueue, drops, again),
    ...judgeRules(toQueue, stacks, again),
    ...(forwarding ? judgeRules(forwarding, away, again) : []),
    ...judgeSchedule(toSweep, { name: functionName(subject, 'sweep'), otherwise: NO_SWEEP }, again),
    ...judgeSchedule(toPrices, { name: functionName(subject, 'prices'), otherwise: OLD_PRICES }, again),
  ];
  if (wrong.length > 0) return wrong;
  const names = [toQueue, toSweep, toPrices, forwarding ?? []].flat().map(({ name }) => name);
  return [ok(`${names.join(', ')} are enabled`)];
}

function functionArn(subject: AwsSubject, name: 'sweep' | 'prices'): string {
  const { region, account } = subject.installation.aws;
  return `arn:${partitionOf(subject)}:lambda:${region}:${account}:function:${functionName(subject, name)}`;
}

function homeBus(subject: AwsSubject): string {
  const { region, account } = subject.installation.aws;
  return `arn:${partitionOf(subject)}:events:${region}:${account}:event-bus/default`;
}

async function rulesTo(
  { access }: AwsSubject,
  region: string,
  target: string,
): Promise<readonly RuleFacts[]> {
  const events = new EventBridgeClient(clientConfig(access, region));
  const { RuleNames = [] } = await events.send(new ListRuleNamesByTargetCommand({ TargetArn: target }));
  return Promise.all(
    RuleNames.map(async (Name): Promise<RuleFacts> => {
      const { State, EventPattern = '{}' } = await events.send(new DescribeRuleCommand({ Name }));
      return { name: Name, region, isEnabled: State?.startsWith('ENABLED') ?? false, pattern: EventPattern };
    }),
  );
}
