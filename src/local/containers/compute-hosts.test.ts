import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ComputeHosts } from './compute-hosts.ts';
import type { Host } from './container-engine.ts';
import type { HostedStack } from './hosted-stack.ts';
import type { Hosting } from './hosting.ts';
import { LABEL } from './labels.ts';

const MINUTE = 60_000;
const SHAPE = { type: 'c7i.large', cpus: 2, memoryMiB: 4096 };

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => void vi.useRealTimers());

function world({ isSticky = false, most = 2 } = {}) {
  const calls: string[] = [];
  const under = { now: 0, most: 0 };
  const engine = {
    createHost: async ({ hostname }: { hostname: string }) => {
      calls.push(`make ${hostname}`);
      under.most = Math.max(under.most, ++under.now);
      return hostname;
    },
    putFiles: async (_id: string, tar: Readable) => void calls.push(`give ${(await buffer(tar)).length}`),
    start: async () => void under.now--,
    images: { id: async (id: string) => id },
    removeHost: async (id: string) => {
      calls.push(`remove ${id}`);
      if (isSticky) throw new Error('it is busy');
    },
  };
  const admin = {
    list: async function* (prefix: string) {
      calls.push(`read ${prefix}`);
      yield { objects: [{ key: `${prefix}manifest.txt` }], folders: [] };
    },
    get: async () => ({ size: 5, body: new Uint8Array(7).subarray(1, 6) }),
  };
  const machine = { cpus: 2, memoryBytes: 1, limitsCpus: false, limitsMemory: false };
  const hosting = { engine, admin, machine, clock: Date } as unknown as Hosting;
  const hosts = new ComputeHosts(hosting, {}, () => undefined);
  const stack = {
    name: 'stack',
    image: 'image',
    mostNodes: 4,
    parameters: { ComputeMaxNodes: String(most), ClusterName: 'c', AccessUsername: 'a', Profiles: 'a' },
  } as unknown as HostedStack;
  return {
    calls,
    /** What is under way ends while the engine is asked, which still gives `there`. */
    convergeLate: async (wanted: readonly number[], there: readonly Host[]) => {
      await hosts.converge(stack, SHAPE, wanted, () => hosts.settled().then(() => there));
      await hosts.settled();
    },
    begin: (wanted: readonly number[], there: readonly Host[]) =>
      hosts.converge(stack, SHAPE, wanted, async () => there),
    made: () => calls.filter((call) => /^make|^remove/.test(call)),
    under,
    hosts,
    converge: async (wanted: readonly number[], there: readonly Host[]) => {
      const rest = await hosts.converge(stack, SHAPE, wanted, async () => there);
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
  isNew: false,
});

it('keeps nodes above a lowered number, and starts none there, whatever the login host asks for', async () => {
  const { made, converge } = world();
  await converge([1, 3, 4, 5], [host('node-3'), host('node-4', false)]);
  expect(made().toSorted()).toEqual(['make node-1', 'remove node-4']);
});

it('makes a dead host anew at once, but lets one that dies again and again wait', async () => {
  const { made, converge } = world();
  await converge([1], []);
  await converge([1], [host('node-1', false)]);
  expect(made()).toEqual(['make node-1', 'make node-1']);
  expect(await converge([1], [host('node-1', false)])).toBeLessThanOrEqual(2000);
  expect(made()).toHaveLength(2);
});

it('takes a host that begins to run while the engine is asked for none that has died', async () => {
  const { made, begin, convergeLate, converge } = world();
  await begin([1], []);
  await convergeLate([1], [host('node-1', false)]);
  expect(made()).toEqual(['make node-1']);
  await converge([1], [host('node-1', false)]);
  expect(made()).toEqual(['make node-1', 'make node-1']);
});

it('takes a host that goes while the engine is asked for none that is there', async () => {
  const { made, begin, convergeLate, converge } = world();
  await begin([], [host('node-1')]);
  await convergeLate([], [host('node-1')]);
  await converge([1], []);
  expect(made()).toEqual(['remove node-1', 'make node-1']);
});

it('takes a host that worked, and went with the queue, for none that dies', async () => {
  const { made, converge } = world();
  for (let time = 0; time < 3; time++) {
    await converge([1], []);
    vi.advanceTimersByTime(MINUTE);
    await converge([], [host('node-1')]);
  }
  await converge([1], []);
  await converge([1], [host('node-1', false)]);
  expect(made().slice(-2)).toEqual(['make node-1', 'make node-1']);
});

it('makes one anew at once that was not needed for a moment', async () => {
  const { made, converge } = world();
  await converge([1], []);
  await converge([], [host('node-1')]);
  await converge([1], []);
  expect(made()).toEqual(['make node-1', 'remove node-1', 'make node-1']);
});

it('makes one that is asked for and not, again and again, less and less often', async () => {
  const { made, converge } = world();
  for (let time = 0; time < 10 * MINUTE; time += 250) {
    const rest = await converge([1], made().at(-1) === 'make node-1' ? [host('node-1')] : []);
    expect(rest).toBeGreaterThan(0);
    if (made().at(-1) === 'make node-1') await converge([], [host('node-1')]);
    vi.advanceTimersByTime(250);
  }
  expect(made().filter((call) => call === 'make node-1').length).toBeLessThan(20);
  vi.advanceTimersByTime(MINUTE);
  await converge([1], []);
  expect(made().at(-1)).toBe('make node-1');
});

it('starts eight at a time, and reads the profiles once for all of them', async () => {
  const { calls, made, under, converge } = world({ most: 20 });
  await converge(
    Array.from({ length: 20 }, (_, at) => at + 1),
    [],
  );
  expect(made()).toHaveLength(20);
  expect(under).toEqual({ now: 0, most: 8 });
  expect(calls.filter((call) => call.startsWith('read'))).toEqual([
    'read customizer/all/',
    'read customizer/a/',
  ]);
  // A head and a body for the settings and two files, and the end.
  expect(calls.filter((call) => call.startsWith('give'))).toEqual(Array(20).fill('give 4096'));
});

it('does not try without a pause to remove a host that cannot be removed', async () => {
  const { calls, hosts, converge } = world({ isSticky: true });
  for (let time = 0; time < 5; time++) await converge([], [host('node-1')]);
  expect(calls).toEqual(['remove node-1']);
  expect(hosts.notices()).toEqual(['node-1 does not go: it is busy']);
  await converge([], []);
  expect(hosts.notices()).toEqual([]);
});
