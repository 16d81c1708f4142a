import type { StackOrder, UpdateOutcome } from '../engine/ports.ts';
import { type CallContext, refusalOf } from './accept-call.ts';
import { operationFaults } from './operation-faults.ts';
import { orderFault } from './order-fault.ts';
import { stackAt } from './simulate-stack.ts';
import type { StackRecord, Touch, UpdateOperation } from './stack-record.ts';
import { differing, updateTouches } from './update-touches.ts';

const UPDATABLE = ['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE'];

/**
 * What UpdateStack answers for this stack, or the operation that it begins.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_UpdateStack.html
 */
export function acceptUpdate(
  record: StackRecord,
  order: Omit<StackOrder, 'name' | 'blueprint'>,
  { now, speed, due }: CallContext,
): UpdateOutcome | { readonly operation: UpdateOperation } {
  const before = record.operations.find((operation) => operation.token === order.token);
  if (before?.kind === 'update') return { kind: 'begun' };
  if (before)
    return { kind: 'refused', reason: `Token [${order.token}] already exists for another operation` };

  const { report } = stackAt(record, now);
  if (!UPDATABLE.includes(report.status))
    return {
      kind: 'busy',
      reason: `Stack:${record.id} is in ${report.status} state and can not be updated.`,
    };
  const { resources } = record;
  const fault = orderFault(order, Object.keys(record.operations[0].parameters), resources);
  if (fault !== undefined) return { kind: 'refused', reason: fault };
  const { token, parameters, tags } = order;
  const changed = differing(parameters, report.parameters);
  if (changed.length === 0 && differing(tags, report.tags).length === 0) return { kind: 'unchanged' };

  const rules = due();
  const refused = refusalOf(rules);
  if (refused !== undefined) return { kind: 'refused', reason: refused };
  const planned = updateTouches(resources, changed);
  const touched = resources.filter((resource) => isTouched(planned, resource.logicalId));
  const { factor, ...faults } = operationFaults(rules, resources, touched.length > 0 ? touched : resources);
  const failing = faults.fails?.resource;
  // A scripted failure needs a resource to happen on, even one that this update would leave alone.
  const extra: readonly Touch[] =
    failing === undefined || isTouched(planned, failing) ? [] : [{ resource: failing, how: 'modify' }];
  const touches = [...planned, ...extra];
  const base = { kind: 'update', at: now, token, speed: speed / factor } as const;
  return { operation: { ...base, parameters, tags, touches, ...faults } };
}

function isTouched(touches: readonly Touch[], logicalId: string): boolean {
  return touches.some((touch) => touch.resource === logicalId);
}
