import type { BlueprintResource } from '../core/blueprint.ts';
import type { Instant } from '../core/instant.ts';
import { inOrder } from './resource-order.ts';

/** When one resource is worked on. */
export interface Slot {
  readonly resource: BlueprintResource;
  readonly start: Instant;
  readonly end: Instant;
}

export interface Schedule {
  /** What is begun at all, in order of `start`. */
  readonly slots: readonly Slot[];
  /** Begun, and still going when another one failed: CloudFormation cancels these. */
  readonly cancelled: readonly Slot[];
  readonly failed?: Slot;
  /** When the last of it is over, or the instant of the failure. */
  readonly end: Instant;
}

/**
 * Each resource begins when everything it waits for is done, as CloudFormation does it, until the one named `failing` comes to its
 * end; what has not begun by then never does.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-dependson.html
 */
export function scheduleOf(
  resources: readonly BlueprintResource[],
  from: Instant,
  milliseconds: (resource: BlueprintResource) => number,
  failing?: string,
): Schedule {
  const ends = new Map<string, Instant>();
  const all = inOrder(resources).map((resource): Slot => {
    const start = Math.max(from, ...(resource.after ?? []).map((id) => ends.get(id) ?? from));
    const end = start + Math.max(0, Math.round(milliseconds(resource)));
    ends.set(resource.logicalId, end);
    return { resource, start, end };
  });
  const last = all.reduce((latest, slot) => Math.max(latest, slot.end), from);
  const failed = all.find((slot) => slot.resource.logicalId === failing);
  if (!failed) return { slots: all, cancelled: [], end: last };

  // What waits for the failed one has not begun, even where both fall on one instant.
  const blocked = new Set([failed.resource.logicalId]);
  for (const { resource } of all)
    if ((resource.after ?? []).some((id) => blocked.has(id))) blocked.add(resource.logicalId);
  // Of what takes no time at all, only what stands before the failed one in the order had its turn.
  const before = new Set(all.slice(0, all.indexOf(failed)));
  const others = all.filter(
    (slot) =>
      !blocked.has(slot.resource.logicalId) &&
      (slot.start < failed.end || (slot.end <= failed.end && before.has(slot))),
  );
  return {
    slots: [...others, failed].toSorted((a, b) => a.start - b.start),
    cancelled: others.filter((slot) => slot.end > failed.end),
    failed,
    end: failed.end,
  };
}
