import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Town } from './town.ts';

const HOUR = 60 * 60_000;
const DAY = 24 * HOUR;

let town: Town;
beforeEach(async () => {
  town = await Town.open(['alice']);
  await town.put('alice/c.cf-create', '{"Lifetime": "1d"}');
  await town.converge();
});
afterEach(() => town.close());

const status = () => JSON.parse(town.read('alice/c.cf-status') ?? '{}');
const stackStatus = async () => (await town.stacks()).get('alice/c')?.[0]?.status;

/** A change fails, and undoing it fails as well. */
async function getStuck(): Promise<void> {
  town.faults([
    {
      do: 'fail',
      on: 'update',
      resource: 'ComputeGroup',
      reason: 'no capacity',
      rollback: { reason: 'no way back' },
    },
  ]);
  await town.put('alice/c.cf-create', '{"ComputeMaxNodes": 9}');
  await town.converge();
  expect(await stackStatus()).toBe('UPDATE_ROLLBACK_FAILED');
}

describe('a stack whose change could not be undone', () => {
  test('is told to the administrator once, and to whoever asks for something', async () => {
    await getStuck();
    expect(status()).toMatchObject({ state: 'stuck' });
    expect(town.letters().filter((letter) => letter === 'stuck')).toHaveLength(1);
    expect(town.read('alice/c.cf-failed')).toContain('UPDATE_ROLLBACK_FAILED');
    await town.put('alice/c.cf-create', '{"ComputeMaxNodes": 3}');
    await town.converge();
    expect(town.files('alice')).not.toContain('c.cf-create');
    expect(town.read('alice/c.cf-failed')).toContain('{"ComputeMaxNodes": 3}');
    expect(town.letters().filter((letter) => letter === 'stuck')).toHaveLength(1);
  });

  test('goes at its end like any other: it costs money all the time', async () => {
    await getStuck();
    await town.converge({ horizon: 2 * DAY });
    expect(await town.stacks()).toEqual(new Map());
    expect(town.files('alice')).toContain('c.cf-deleted');
    expect(town.letters()).toContain('gone');
  });

  test('goes when it is asked to go', async () => {
    await getStuck();
    await town.put('alice/c.cf-delete');
    await town.converge();
    expect(await town.stacks()).toEqual(new Map());
    expect(town.files('alice')).toEqual(['c.cf-deleted', 'c.cf-status']);
  });
});

test('a deletion that fails is explained by itself, not by a change that failed before', async () => {
  town.faults([{ do: 'fail', on: 'update', resource: 'ComputeGroup', reason: 'no capacity' }]);
  await town.put('alice/c.cf-create', '{"ComputeMaxNodes": 9}');
  await town.converge();
  town.faults([{ do: 'stick', resource: 'LoginNode', reason: 'has dependencies' }]);
  await town.put('alice/c.cf-delete');
  await town.converge({ horizon: 6 * HOUR });
  expect(status().why).toContain('LoginNode: has dependencies');
  expect(status().why).not.toContain('no capacity');
});

test('a deletion is tried four times: at once, and after 1, 10 and 60 minutes', async () => {
  town.faults([{ do: 'stick', resource: 'LoginNode' }]);
  await town.put('alice/c.cf-delete');
  await town.converge({ horizon: 12 * HOUR });
  const [stack] = (await town.stacks()).get('alice/c') ?? [];
  const failed: number[] = [];
  for await (const event of town.world().stacks.events(stack?.id ?? ''))
    if (event.logicalId === stack?.name && event.status === 'DELETE_IN_PROGRESS') failed.push(event.at);
  expect(failed).toHaveLength(4);
  const pauses = failed.toReversed().map((at, n, all) => at - (all[n - 1] ?? at));
  for (const [n, least] of [0, 1, 10, 60].entries()) expect(pauses[n]).toBeGreaterThanOrEqual(least * 60_000);
});

test('a deletion that was given up is tried once more for each new .cf-delete', async () => {
  town.faults([{ do: 'stick', resource: 'LoginNode', attempts: 5 }]);
  await town.put('alice/c.cf-delete');
  await town.converge({ horizon: 12 * HOUR });
  expect(status()).toMatchObject({ state: 'stuck' });
  await town.put('alice/c.cf-delete');
  await town.converge({ horizon: 12 * HOUR });
  expect(status()).toMatchObject({ state: 'stuck' });
  expect(await stackStatus()).toBe('DELETE_FAILED');
  expect(town.letters().filter((letter) => letter === 'stuck')).toHaveLength(2);
  await town.put('alice/c.cf-delete');
  await town.converge();
  expect(await town.stacks()).toEqual(new Map());
  expect(town.files('alice')).toEqual(['c.cf-deleted', 'c.cf-status']);
});

test('a deletion that fails at first and then goes well is no trouble of anybody', async () => {
  town.faults([{ do: 'stick', resource: 'LoginNode', attempts: 2 }]);
  await town.put('alice/c.cf-delete');
  await town.converge();
  expect(town.files('alice')).toEqual(['c.cf-deleted', 'c.cf-status']);
  expect(town.letters()).not.toContain('stuck');
});

describe('a stack that CloudFormation refuses to take down', () => {
  /** As with termination protection: to the stack itself nothing happens. */
  function protectedWorld() {
    const world = town.world();
    world.stacks.remove = async () => ({ kind: 'refused', reason: 'TerminationProtection is enabled' });
    return world;
  }

  test('is tried again, then told to the administrator once, and its owner sees why', async () => {
    await town.put('alice/c.cf-delete', '');
    await town.converge({ world: protectedWorld(), horizon: 4 * HOUR });
    expect(await stackStatus()).toBe('CREATE_COMPLETE');
    expect(status()).toMatchObject({ state: 'stuck' });
    expect(status().why).toContain('TerminationProtection is enabled');
    expect(town.letters().filter((letter) => letter === 'stuck')).toHaveLength(1);
    expect(town.files('alice')).toContain('c.cf-delete');
  });

  test('goes once it may', async () => {
    await town.put('alice/c.cf-delete', '');
    await town.converge({ world: protectedWorld(), horizon: HOUR / 12 });
    expect(status()).toMatchObject({ state: 'stopping' });
    await town.converge({ horizon: 4 * HOUR });
    expect(await town.stacks()).toEqual(new Map());
    expect(town.files('alice')).toContain('c.cf-deleted');
  });
});
