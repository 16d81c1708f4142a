import type { BlueprintResource } from '../core/blueprint.ts';
import { cleanup, undoUpdate } from './plan-update-rollback.ts';
import {
  fullMilliseconds,
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

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-update-behaviors.html */
const REPLACING = 'Requested update requires the creation of a new physical resource; hence creating one.';

/** An update from beginning to end, with its rollback if the stack policy or the control file stops it. */
export function planUpdate(
  resources: readonly BlueprintResource[],
  operation: UpdateOperation,
): readonly PlannedEvent[] {
  const { at, speed } = operation;
  const how = new Map(operation.touches.map((touch) => [touch.resource, touch.how]));
  const touched = restricted(resources, new Set(how.keys()));
  const milliseconds = (resource: BlueprintResource) => {
    const kind = how.get(resource.logicalId);
    if (kind === 'denied') return 0;
    return kind === 'replace' ? fullMilliseconds(resource, speed) : shortMilliseconds(resource, speed);
  };
  const fault = faultOf(operation);
  const schedule = scheduleOf(touched, at, milliseconds, fault?.resource);
  const { slots, failed, cancelled, end } = schedule;
  const done = slots.filter((slot) => slot !== failed && !cancelled.includes(slot));
  const events = [
    ofStack(at, 'UPDATE_IN_PROGRESS', 'User Initiated'),
    ...sorted(
      slots.flatMap((slot) => [
        ...begun(slot, how.get(slot.resource.logicalId)),
        ...(done.includes(slot) ? [ofResource(slot.resource, slot.end, 'UPDATE_COMPLETE')] : []),
      ]),
    ),
  ];
  if (!failed || !fault) {
    const replaced = slots.filter((slot) => how.get(slot.resource.logicalId) === 'replace');
    return [
      ...events,
      ...cleanup(replaced, end, speed, 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', 'UPDATE_COMPLETE'),
    ];
  }
  const lost = [failed, ...cancelled].map((slot) => slot.resource.logicalId);
  return [
    ...events.filter((event) => event.at <= end),
    ofResource(failed.resource, end, 'UPDATE_FAILED', fault.reason),
    ...cancelled.map((slot) => ofResource(slot.resource, end, 'UPDATE_FAILED', 'Resource update cancelled')),
    ofStack(
      end,
      'UPDATE_ROLLBACK_IN_PROGRESS',
      `The following resource(s) failed to update: ${listed(lost)}.`,
    ),
    ...undoUpdate(resources, slots, how, end, operation),
  ];
}

/** A denied resource stops the update before any scripted failure could. https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/protect-stack-resources.html */
function faultOf({ touches, fails }: UpdateOperation) {
  const denied = touches.find((touch) => touch.how === 'denied');
  if (!denied) return fails;
  const reason = `Action denied by stack policy: Statement [#1] does not allow [Update:Replace] for resource [LogicalResourceId/${denied.resource}]`;
  return { resource: denied.resource, reason };
}

function begun({ resource, start, end }: Slot, how: Touch['how'] | undefined): readonly PlannedEvent[] {
  if (how !== 'replace') return [ofResource(resource, start, 'UPDATE_IN_PROGRESS')];
  const initiated = Math.min(end, start + Math.min(1000, Math.floor((end - start) / 2)));
  return [
    ofResource(resource, start, 'UPDATE_IN_PROGRESS', REPLACING),
    ofResource(resource, initiated, 'UPDATE_IN_PROGRESS', 'Resource creation Initiated'),
  ];
}
