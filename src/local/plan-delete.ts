import type { BlueprintResource } from '../core/blueprint.ts';
import { undo } from './plan-create.ts';
import { ofStack, type PlannedEvent } from './planned-event.ts';
import type { DeleteOperation } from './stack-record.ts';

/**
 * A deletion of what still stands. A stuck one can be tried again later.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DeleteStack.html
 */
export function planDelete(
  standing: readonly BlueprintResource[],
  { at, speed, fails }: DeleteOperation,
): readonly PlannedEvent[] {
  return [ofStack(at, 'DELETE_IN_PROGRESS', 'User Initiated'), ...undo(standing, at, speed, fails, 'DELETE')];
}
