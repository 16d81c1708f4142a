import type { BlueprintResource } from '../core/blueprint.ts';
import { type Instant, SECOND } from '../core/instant.ts';

/** `type` of the events that speak of the stack itself. https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_StackEvent.html */
export const STACK = 'AWS::CloudFormation::Stack';

/** An event of a plan, before it belongs to a stack. `logicalId` is absent for the stack itself. */
export interface PlannedEvent {
  readonly at: Instant;
  readonly logicalId?: string;
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
}

export function ofStack(at: Instant, status: string, reason?: string): PlannedEvent {
  return { at, type: STACK, status, ...(reason === undefined ? {} : { reason }) };
}

export function ofResource(
  { logicalId, type }: BlueprintResource,
  at: Instant,
  status: string,
  reason?: string,
): PlannedEvent {
  return { at, logicalId, type, status, ...(reason === undefined ? {} : { reason }) };
}

/** Oldest first; events of one instant keep the order in which they were planned. */
export function sorted(events: readonly PlannedEvent[]): readonly PlannedEvent[] {
  return events.toSorted((a, b) => a.at - b.at);
}

/** `[A, B]`, as CloudFormation lists resources in its reasons. */
export function listed(ids: readonly string[]): string {
  return `[${ids.join(', ')}]`;
}

/** Undoing and changing in place take a part of the time that making took, and never more than a minute. */
export function shortMilliseconds(resource: BlueprintResource, speed: number): number {
  return (Math.min(resource.seconds / 3, 60) * SECOND) / speed;
}

export function fullMilliseconds(resource: BlueprintResource, speed: number): number {
  return (resource.seconds * SECOND) / speed;
}
