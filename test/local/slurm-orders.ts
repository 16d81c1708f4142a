import { readFileSync } from 'node:fs';
import type { Blueprint } from '../../src/core/blueprint.ts';
import type { StackOrder } from '../../src/engine/ports.ts';

export const SLURM = JSON.parse(
  readFileSync(new URL('../../blueprints/slurm/blueprint.json', import.meta.url), 'utf8'),
) as Blueprint;

let serial = 0;

/** An order for a stack of the blueprint that we ship; name and token are new at each call. */
export function slurmOrder(overrides: Partial<StackOrder> = {}): StackOrder {
  serial += 1;
  return {
    name: `cd-alice-test-${serial}`,
    blueprint: { name: 'slurm', hash: 'a'.repeat(64) },
    parameters: Object.fromEntries(Object.keys(SLURM.parameters).map((name) => [name, `${name}-1`])),
    tags: { 'clusterdrop:drop': 'd1' },
    capabilities: SLURM.capabilities,
    token: `create-${serial}`,
    ...overrides,
  };
}

/** Changed in a way that a running cluster takes over. */
export function moreNodes(parameters: StackOrder['parameters'], nodes = '9'): StackOrder['parameters'] {
  return { ...parameters, ComputeMaxNodes: nodes };
}
