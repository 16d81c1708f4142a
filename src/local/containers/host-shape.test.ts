import { expect, it } from 'vitest';
import type { InstanceCatalogue } from '../../core/instance-catalogue.ts';
import { pretenceNotice } from './host-shape.ts';
import { slurmParameters } from './slurm-parameters.ts';

const SHAPES: Readonly<Record<string, { vcpus: number; memoryMiB: number }>> = {
  't3.medium': { vcpus: 2, memoryMiB: 4096 },
  'c7i.large': { vcpus: 2, memoryMiB: 4096 },
  'x1.huge': { vcpus: 2, memoryMiB: 999_424 },
};
const catalogue = {
  lookup: (name: string) => ({ name, usdPerHour: null, shape: SHAPES[name] }),
} as unknown as InstanceCatalogue;

function noticeOf(login: string, node: string, nodes: number): string | undefined {
  const machine = { cpus: 10, memoryBytes: 24 * 2 ** 30, limitsCpus: true, limitsMemory: true };
  const parameters = { MasterInstanceType: login, ComputeInstanceType: node, ComputeMaxNodes: `${nodes}` };
  return pretenceNotice({ catalogue, machine }, slurmParameters(parameters));
}

it('says nothing where the machine has all that the hosts claim', () => {
  expect(noticeOf('t3.medium', 'c7i.large', 4)).toBeUndefined();
});

it.each([
  [
    'nodes that are too many together',
    ['t3.medium', 'c7i.large', 25],
    '25 compute nodes (c7i.large) say that they have 52 CPUs and 104 GiB together; in truth all hosts share the 10 CPUs and 24 GiB',
  ],
  [
    'a login host that is too large',
    ['x1.huge', 'c7i.large', 1],
    'the login node (x1.huge) and up to 1 compute node (c7i.large)',
  ],
  ['a node that is too large', ['t3.medium', 'x1.huge', 1], '980 GiB together'],
] as const)('tells of %s', (_, [login, node, nodes], words) => {
  expect(noticeOf(login, node, nodes)).toContain(words);
});
