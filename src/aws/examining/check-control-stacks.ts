import {
  CloudFormationClient,
  DescribeStacksCommand,
  paginateDescribeStackEvents,
} from '@aws-sdk/client-cloudformation';
import { ok, type Verdict } from '../../core/finding.ts';
import { type Cause, rootCauseOf } from '../../core/stack-status.ts';
import type { StackEvent } from '../../engine/ports.ts';
import { clientConfig } from '../access.ts';
import { isUnknownStack } from '../cloudformation-errors.ts';
import { eventOf } from '../cloudformation-report.ts';
import { CONTROL_PARTS, type ControlPart, controlStackName } from '../installing/control-stack.ts';
import { type AwsSubject, deployAgain } from './aws-subject.ts';
import { type ControlStackFacts, hasCause, judgeControlStack } from './judge-control-stack.ts';

/** The stacks that are the installation itself. */
export async function checkControlStacks(subject: AwsSubject): Promise<readonly Verdict[]> {
  const all = await Promise.all(CONTROL_PARTS.map((part) => factsOf(subject, part)));
  // Where SES knew the address already, mail needs no stack.
  const facts = all.filter(({ status }, index) => CONTROL_PARTS[index] !== 'mail' || status !== undefined);
  const wrong = facts
    .map((one) => judgeControlStack(one, deployAgain(subject)))
    .filter(({ level }) => level !== 'ok');
  return wrong.length > 0 ? wrong : [ok(`${facts.map(({ name }) => name).join(', ')} stand`)];
}

async function factsOf({ access, installation }: AwsSubject, part: ControlPart): Promise<ControlStackFacts> {
  const { region: home, clustersRegion, mail } = installation.aws;
  const region = part === 'clusters' ? clustersRegion : part === 'mail' ? (mail?.region ?? home) : home;
  const name = controlStackName(installation.prefix, part);
  const client = new CloudFormationClient(clientConfig(access, region));
  try {
    const { Stacks: [stack] = [] } = await client.send(new DescribeStacksCommand({ StackName: name }));
    const status = stack?.StackStatus;
    if (status === undefined) return { name, region };
    const cause = hasCause(status) ? await causeOf(client, name) : undefined;
    return { name, region, status, ...(cause && { cause }) };
  } catch (error) {
    if (isUnknownStack(error, name)) return { name, region };
    throw error;
  }
}

/** Of the last operation: an old upgrade that failed long ago is no news. */
async function causeOf(client: CloudFormationClient, name: string): Promise<Cause | undefined> {
  const events: StackEvent[] = [];
  for await (const { StackEvents = [] } of paginateDescribeStackEvents({ client }, { StackName: name }))
    events.push(...StackEvents.map(eventOf));
  return rootCauseOf(events);
}
