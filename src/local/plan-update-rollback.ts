import type { BlueprintResource } from '../core/blueprint.ts';
import type { Instant } from '../core/instant.ts';
import {
  listed,
  ofResource,
  ofStack,
  type PlannedEvent,
  shortMilliseconds,
  sorted,
} from './planned-event.ts';
import { restricted } from './resource-order.ts';
import { type Slot, scheduleOf } from './resource-schedule.ts';
import type { Touch, UpdateOperation } from './stack-record.ts';

/** Puts back what the update had changed by `from`; the stack ends where it was, or stuck half-way. */
export function undoUpdate(
  resources: readonly BlueprintResource[],
  slots: readonly Slot[],
  how: ReadonlyMap<string, Touch['how']>,
  from: Instant,
  { speed, rollbackFails }: UpdateOperation,
): readonly PlannedEvent[] {
  // A denied resource was never changed: there is nothing to put back.
  const changed = slots.filter((slot) => how.get(slot.resource.logicalId) !== 'denied');
  const ids = new Set(changed.map((slot) => slot.resource.logicalId));
  // A scripted rollback failure holds even where the update changed nothing that could resist.
  const stuck = resources.find((resource) => resource.logicalId === rollbackFails?.resource);
  if (stuck) ids.add(stuck.logicalId);
  const back = scheduleOf(
    restricted(resources, ids),
    from,
    (resource) => shortMilliseconds(resource, speed),
    stuck?.logicalId,
  );
  const events = sorted(
    back.slots.flatMap((slot) => [
      ofResource(slot.resource, slot.start, 'UPDATE_IN_PROGRESS'),
      ...(slot === back.failed || back.cancelled.includes(slot)
        ? []
        : [ofResource(slot.resource, slot.end, 'UPDATE_COMPLETE')]),
    ]),
  );
  if (back.failed) {
    const lost = [back.failed, ...back.cancelled].map((slot) => slot.resource.logicalId);
    return [
      ...events,
      ofResource(back.failed.resource, back.end, 'UPDATE_FAILED', rollbackFails?.reason),
      ...back.cancelled.map((slot) =>
        ofResource(slot.resource, back.end, 'UPDATE_FAILED', 'Resource update cancelled'),
      ),
      ofStack(
        back.end,
        'UPDATE_ROLLBACK_FAILED',
        `The following resource(s) failed to update: ${listed(lost)}.`,
      ),
    ];
  }
  const halves = changed.filter((slot) => how.get(slot.resource.logicalId) === 'replace');
  return [
    ...events,
    ...cleanup(
      halves,
      back.end,
      speed,
      'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS',
      'UPDATE_ROLLBACK_COMPLETE',
    ),
  ];
}

/** Takes away the halves of replaced resources that are no longer wanted. */
export function cleanup(
  slots: readonly Slot[],
  from: Instant,
  speed: number,
  opening: string,
  closing: string,
): readonly PlannedEvent[] {
  const ends = slots.map((slot) => from + Math.round(shortMilliseconds(slot.resource, speed)));
  const events = slots.flatMap((slot, index) => [
    ofResource(slot.resource, from, 'DELETE_IN_PROGRESS'),
    ofResource(slot.resource, ends[index] ?? from, 'DELETE_COMPLETE'),
  ]);
  return [ofStack(from, opening), ...sorted(events), ofStack(Math.max(from, ...ends), closing)];
}
