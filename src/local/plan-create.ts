import type { BlueprintResource } from '../core/blueprint.ts';
import type { Instant } from '../core/instant.ts';
import {
  fullMilliseconds,
  listed,
  ofResource,
  ofStack,
  type PlannedEvent,
  shortMilliseconds,
  sorted,
} from './planned-event.ts';
import { reversed } from './resource-order.ts';
import { type Slot, scheduleOf } from './resource-schedule.ts';
import type { CreateOperation, ResourceFault } from './stack-record.ts';

/**
 * A creation from beginning to end, with its rollback if a resource is to fail.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stack-failure-options.html
 */
export function planCreate(
  resources: readonly BlueprintResource[],
  operation: CreateOperation,
): readonly PlannedEvent[] {
  const { at, speed, fails, rollbackFails } = operation;
  const schedule = scheduleOf(resources, at, (r) => fullMilliseconds(r, speed), fails?.resource);
  const { failed, cancelled, end } = schedule;
  const made = schedule.slots.filter((slot) => slot !== failed && !cancelled.includes(slot));
  const events = [
    ofStack(at, 'CREATE_IN_PROGRESS', 'User Initiated'),
    // Slot by slot: on one instant, what is done comes before what waited for it.
    ...sorted(
      schedule.slots.flatMap((slot) => [
        ...begun(slot),
        ...(made.includes(slot) ? [over(slot, 'CREATE_COMPLETE')] : []),
      ]),
    ),
  ];
  if (!failed || !fails) return [...events, ofStack(end, 'CREATE_COMPLETE')];

  const lost = [failed, ...cancelled].map((slot) => slot.resource);
  const reason = `The following resource(s) failed to create: ${listed(lost.map((r) => r.logicalId))}. Rollback requested by user.`;
  return [
    ...events.filter((event) => event.at <= end),
    ofResource(failed.resource, end, 'CREATE_FAILED', fails.reason),
    ...cancelled.map((slot) =>
      ofResource(slot.resource, end, 'CREATE_FAILED', 'Resource creation cancelled'),
    ),
    ofStack(end, 'ROLLBACK_IN_PROGRESS', reason),
    ...undo(
      schedule.slots.map((slot) => slot.resource),
      end,
      speed,
      rollbackFails,
      'ROLLBACK',
    ),
  ];
}

/**
 * Takes resources away, what waits for others first, and closes with `<word>_COMPLETE`; or with `<word>_FAILED`, when one of them
 * will not go. What the stuck one rests on stays too.
 */
export function undo(
  resources: readonly BlueprintResource[],
  from: Instant,
  speed: number,
  fault: ResourceFault | undefined,
  word: 'ROLLBACK' | 'DELETE',
): readonly PlannedEvent[] {
  const backwards = reversed(resources);
  const stuck = backwards.find((resource) => resource.logicalId === fault?.resource)?.logicalId;
  const blocked = new Set<string>();
  const all = scheduleOf(backwards, from, (r) => shortMilliseconds(r, speed)).slots;
  for (const { resource } of all)
    if ((resource.after ?? []).some((id) => id === stuck || blocked.has(id))) blocked.add(resource.logicalId);

  const tried = all.filter((slot) => !blocked.has(slot.resource.logicalId));
  const end = tried.reduce((latest, slot) => Math.max(latest, slot.end), from);
  const events = sorted(
    tried.flatMap((slot) => [
      ofResource(slot.resource, slot.start, 'DELETE_IN_PROGRESS'),
      slot.resource.logicalId === stuck
        ? ofResource(slot.resource, slot.end, 'DELETE_FAILED', fault?.reason)
        : over(slot, 'DELETE_COMPLETE'),
    ]),
  );
  const closing =
    stuck === undefined
      ? ofStack(end, `${word}_COMPLETE`)
      : ofStack(end, `${word}_FAILED`, `The following resource(s) failed to delete: ${listed([stuck])}.`);
  return [...events, closing];
}

/** CloudFormation says it twice: when it takes the resource up, and when the service has taken the order. */
function begun({ resource, start, end }: Slot): readonly PlannedEvent[] {
  const initiated = Math.min(end, start + Math.min(1000, Math.floor((end - start) / 2)));
  return [
    ofResource(resource, start, 'CREATE_IN_PROGRESS'),
    ofResource(resource, initiated, 'CREATE_IN_PROGRESS', 'Resource creation Initiated'),
  ];
}

function over({ resource, end }: Slot, status: string): PlannedEvent {
  return ofResource(resource, end, status);
}
