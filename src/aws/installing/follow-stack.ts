import {
  type CloudFormationClient,
  paginateDescribeStackEvents,
  type StackEvent,
} from '@aws-sdk/client-cloudformation';
import { ProblemError, problem } from '../../core/problems.ts';
import { type HistoryEvent, rootCauseOf } from '../../core/stack-status.ts';
import { describeStack, type Operation } from './control-stacks.ts';
import { Interrupted, type Patience } from './install-progress.ts';

/** CloudFormation publishes no rates; stacks take minutes. */
const LOOK_EVERY = 4_000;
const GOOD: Readonly<Record<Operation['verb'], string>> = {
  create: 'CREATE_COMPLETE',
  update: 'UPDATE_COMPLETE',
  delete: 'DELETE_COMPLETE',
};

/** Waits for the end of a change and tells each of its events. @throws ProblemError `control-stack-failed` with the first cause */
export async function followStack(operation: Operation, patience: Patience): Promise<void> {
  const status = await settled(operation, patience, operation.token);
  if (status === undefined || status === GOOD[operation.verb]) return;
  const { client, id, stack, region, token } = operation;
  const cause = rootCauseOf((await eventsOf(client, id)).map(historyEvent), token);
  throw new ProblemError(
    problem('control-stack-failed', {
      stack,
      region,
      status,
      resource: cause?.resource ?? stack,
      reason: cause?.reason ?? 'CloudFormation gave no reason',
    }),
  );
}

/** Waits until nothing is under way. @returns the status then; `undefined` when there is no such stack any more */
export async function settled(
  { client, id, stack }: Pick<Operation, 'client' | 'id' | 'stack'>,
  patience: Patience,
  token?: string,
): Promise<string | undefined> {
  const told = new Set<string>();
  // CloudFormation tells of a resource's beginning twice.
  const lines = new Set<string>();
  const tell = (line: string) => {
    if (!lines.has(line)) patience.progress.say(line);
    lines.add(line);
  };
  for (;;) {
    const now = await describeStack(client, id);
    if (token !== undefined)
      for (const event of (await eventsOf(client, id, told)).toReversed())
        if (event.ClientRequestToken === token) tell(eventWords(stack, event));
    if (!now?.StackStatus?.endsWith('_IN_PROGRESS')) return now?.StackStatus;
    if (patience.signal.aborted) throw new Interrupted();
    patience.progress.now(`${stack}: ${now.StackStatus}`);
    await patience.pause(LOOK_EVERY);
  }
}

/** Newest first; with `told` only those that are new, which are remembered there. */
async function eventsOf(
  client: CloudFormationClient,
  id: string,
  told: Set<string> = new Set(),
): Promise<StackEvent[]> {
  const events: StackEvent[] = [];
  for await (const { StackEvents = [] } of paginateDescribeStackEvents({ client }, { StackName: id })) {
    const fresh = StackEvents.filter(({ EventId = '' }) => !told.has(EventId));
    events.push(...fresh);
    if (fresh.length < StackEvents.length) break;
  }
  for (const { EventId = '' } of events) told.add(EventId);
  return events;
}

function eventWords(stack: string, event: StackEvent): string {
  const {
    LogicalResourceId: resource = '',
    ResourceStatus: status = '',
    ResourceStatusReason: reason,
  } = event;
  const why = reason === undefined || !status.endsWith('_FAILED') ? '' : `: ${reason}`;
  return `  ${stack}  ${resource}  ${status}${why}`;
}

function historyEvent(event: StackEvent): HistoryEvent {
  return {
    at: event.Timestamp?.getTime() ?? 0,
    logicalId: event.LogicalResourceId ?? '',
    type: event.ResourceType ?? '',
    status: event.ResourceStatus ?? '',
    ...(event.ResourceStatusReason !== undefined && { reason: event.ResourceStatusReason }),
    ...(event.ClientRequestToken !== undefined && { token: event.ClientRequestToken }),
  };
}
