import type { StackEvent as SdkEvent, Stack } from '@aws-sdk/client-cloudformation';
import type { StackEvent, StackReport } from '../engine/ports.ts';

/** What DescribeStacks says of one stack, in the engine's words. Values of `NoEcho` parameters come as asterisks. */
export function reportOf(stack: Stack): StackReport {
  const { StackStatusReason: statusReason } = stack;
  return {
    id: stack.StackId ?? '',
    name: stack.StackName ?? '',
    status: stack.StackStatus ?? '',
    ...(statusReason !== undefined && { statusReason }),
    created: stack.CreationTime?.getTime() ?? 0,
    tags: record(stack.Tags, (tag) => [tag.Key, tag.Value]),
    parameters: record(stack.Parameters, (one) => [one.ParameterKey, one.ParameterValue]),
    outputs: record(stack.Outputs, (output) => [output.OutputKey, output.OutputValue]),
  };
}

export function eventOf(event: SdkEvent): StackEvent {
  const { ResourceStatusReason: reason, ClientRequestToken: token } = event;
  return {
    id: event.EventId ?? '',
    at: event.Timestamp?.getTime() ?? 0,
    logicalId: event.LogicalResourceId ?? '',
    type: event.ResourceType ?? '',
    status: event.ResourceStatus ?? '',
    ...(reason !== undefined && { reason }),
    ...(token !== undefined && { token }),
  };
}

function record<T>(
  items: readonly T[] | undefined,
  pair: (item: T) => readonly [string | undefined, string | undefined],
): Record<string, string> {
  return Object.fromEntries(
    (items ?? []).map(pair).flatMap(([key, value]) => (key === undefined ? [] : [[key, value ?? '']])),
  );
}
