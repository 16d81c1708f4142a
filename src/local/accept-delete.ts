import type { RemoveOutcome } from '../engine/ports.ts';
import type { CallContext } from './accept-call.ts';
import { deletionFaults } from './operation-faults.ts';
import { stackAt } from './simulate-stack.ts';
import type { DeleteOperation, StackRecord } from './stack-record.ts';
import { standingAfter } from './stack-timeline.ts';

/**
 * What DeleteStack answers for this stack, or the operation that it begins. A token is good for one attempt: a deletion that got
 * stuck is tried again with a new one.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DeleteStack.html
 */
export function acceptDelete(
  record: StackRecord,
  token: string,
  { now, speed, due }: CallContext,
): RemoveOutcome | { readonly operation: DeleteOperation } {
  const { report, events } = stackAt(record, now);
  const { status } = report;
  if (status === 'DELETE_COMPLETE') return { kind: 'absent' };
  if (status === 'DELETE_IN_PROGRESS') return { kind: 'begun' };
  const deletions = record.operations.filter((operation) => operation.kind === 'delete');
  if (deletions.some((operation) => operation.token === token)) return { kind: 'begun' };
  if (status.startsWith('UPDATE_') && status.endsWith('_IN_PROGRESS'))
    return { kind: 'busy', reason: `Stack [${record.id}] cannot be deleted while in status ${status}` };

  const standing = standingAfter(events);
  const { factor, fails } = deletionFaults(
    due(),
    record.resources.filter((resource) => standing.has(resource.logicalId)),
    1 + deletions.filter((operation) => operation.fails).length,
  );
  const base = { kind: 'delete', at: now, token, speed: speed / factor } as const;
  return { operation: { ...base, ...(fails ? { fails } : {}) } };
}
