import type { Blueprint } from '../core/blueprint.ts';
import type { StackOrder } from '../engine/ports.ts';
import { type CallContext, refusalOf } from './accept-call.ts';
import { operationFaults } from './operation-faults.ts';
import type { StackRecord } from './stack-record.ts';

/**
 * The record of a new stack without its address, or the control file's refusal. What the order itself may get wrong has been
 * looked at before (order-fault.ts).
 */
export function acceptCreate(
  id: string,
  order: StackOrder,
  blueprint: Blueprint,
  { now, speed, due }: CallContext,
): { readonly refused: string } | { readonly recordAt: (address: string) => StackRecord } {
  const rules = due();
  const refused = refusalOf(rules);
  if (refused !== undefined) return { refused };
  const { resources, addressOutput = 'LoginAddress' } = blueprint;
  const { factor, ...faults } = operationFaults(rules, resources, resources);
  const { name, token, parameters, tags } = order;
  return {
    recordAt: (address) => ({
      version: 1,
      id,
      name,
      blueprint: { name: order.blueprint.name, hash: order.blueprint.hash },
      resources,
      outputs: { [addressOutput]: address },
      operations: [{ kind: 'create', at: now, token, speed: speed / factor, parameters, tags, ...faults }],
    }),
  };
}
