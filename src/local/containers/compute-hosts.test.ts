import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { ComputeHosts } from './compute-hosts.ts';
import type { Host } from './container-engine.ts';
import type { HostedStack } from './hosted-stack.ts';
import type { Hosting } from './hosting.ts';
import { LABEL } from './labels.ts';

const SHAPE = { type: 'c7i.large', cpus: 2, memoryMiB: 4096 };

function world({ isSticky = false } = {}) {
  const calls: string[] = [];
  const engine = {
    createHost: async ({ hostname }: { hostname: string }) => calls.push(`make ${hostname}`) && hostname,
    putFiles: async () => undefined,
    start: async () => undefined,
    imageId: async (id: string) => id,
    removeHost: async (id: string) => {
      calls.push(`remove ${id}`);
      if (isSticky) throw new Error('it is busy');
    },
  };
  const admin = { list: async function* () {} };
  const machine = { cpus: 2, memoryBytes: 1, limitsCpus: false, limitsMemory: false };
  const hosting = { engine, admin, machine, clock: Date } as unknown as Hosting;
  const hosts = new ComputeHosts(hosting, {}, () => undefined);
  const stack = {
    name: 'stack',
    image: 'image',
    mostNodes: 4,
    parameters: { ComputeMaxNodes: '2', ClusterName: 'c', AccessUsername: 'a', Profiles: 'a' },
  } as unknown as HostedStack;
  return {
    calls,
    hosts,
    converge: async (wanted: readonly number[], there: readonly Host[]) => {
      const rest = hosts.converge(stack, SHAPE, wanted, there);
      await hosts.settled();
      return rest;
    },
  };
}

const host = (node: string, isRunning = true): Host => ({
  id: node,
  name: node,
  labels: { [LABEL.host]: node },
  isRunning,
});

it('keeps nodes above a lowered number, and starts none there, whatever the login host asks for', async () => {
  const { calls, converge } = world();
  await converge([1, 3, 4, 5], [host('node-3'), host('node-4', false)]);
  expect(calls.toSorted()).toEqual(['make node-1', 'remove node-4']);
});

it('makes a dead host anew at once, but lets one that dies again and again wait', async () => {
  const { calls, converge } = world();
  await converge([1], []);
  await converge([1], [host('node-1', false)]);
  expect(calls).toEqual(['make node-1', 'make node-1']);
  expect(await converge([1], [host('node-1', false)])).toBeLessThanOrEqual(2000);
  expect(calls).toHaveLength(2);
});

it('does not try without a pause to remove a host that cannot be removed', async () => {
  const { calls, hosts, converge } = world({ isSticky: true });
  for (let time = 0; time < 5; time++) {
    await converge([], [host('node-1')]);
    await pause(5);
  }
  expect(calls).toEqual(['remove node-1']);
  expect(hosts.notices()).toEqual(['node-1 does not go: it is busy']);
  await converge([], []);
  expect(hosts.notices()).toEqual([]);
});
