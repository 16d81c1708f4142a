import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { portsThrough } from './ports-through.ts';
import { Town } from './town.ts';

const HOUR = 60 * 60_000;
const DAY = 24 * HOUR;

let town: Town;
beforeEach(async () => {
  town = await Town.open(['alice']);
});
afterEach(() => town.close());

class Crash extends Error {}

/** A process that dies just before this call. */
const dyingBefore = (call: string) =>
  portsThrough(town.world(), async (label, go) => {
    if (label.startsWith(call)) throw new Crash();
    return go();
  });
const parameters = async () => (await town.stacks()).get('alice/c')?.[0]?.parameters;
const inBooks = async () => (await town.world().ledgers.read('alice')).clusters['local/home/alice/c'];

describe('a delete that is older than the request beside it', () => {
  test('does not take away the answer to a bad request', async () => {
    await town.put('alice/c.cf-delete', '');
    await town.put('alice/c.cf-create', '{"ComputMaxNodes": 1}');
    await town.converge();
    expect(town.files('alice')).toEqual(['c.cf-failed', 'c.cf-status']);
    expect(town.read('alice/c.cf-failed')).toContain('"ComputMaxNodes"');
  });

  test('does not take away the answer to a cluster that failed while nobody looked', async () => {
    town.faults([{ do: 'fail', on: 'create', resource: 'LoginNode', reason: 'no capacity' }]);
    await town.put('alice/c.cf-delete', '');
    await town.put('alice/c.cf-create');
    // The stack is begun; whoever began it looks again only when all is over.
    await expect(
      town.reconcile(
        'alice/c',
        portsThrough(town.world(), async (label, go) => {
          if ((await town.stacks()).size > 0) throw new Crash(label);
          return go();
        }),
      ),
    ).rejects.toThrow(Crash);
    town.clock.advance(5 * HOUR);
    await town.converge();
    expect(town.files('alice')).toEqual(['c.cf-failed', 'c.cf-status']);
    expect(town.read('alice/c.cf-failed')).toContain('no capacity');
  });

  test('deletes what runs, once, before the new cluster begins', async () => {
    await town.put('alice/c.cf-create', '{"ComputeMaxNodes": 2}');
    await town.converge();
    const [old] = (await town.stacks()).get('alice/c') ?? [];
    await town.put('alice/c.cf-delete');
    await town.put('alice/c.cf-create', '{"ComputeMaxNodes": 3}');
    await town.converge();
    expect(town.files('alice')).toEqual(['c.cf-created', 'c.cf-status']);
    const [fresh] = (await town.stacks()).get('alice/c') ?? [];
    expect(fresh).toMatchObject({ parameters: { ComputeMaxNodes: '3' }, status: 'CREATE_COMPLETE' });
    expect(fresh?.id).not.toBe(old?.id);
    expect(town.letters()).toEqual(['gone', 'ready', 'ready', 'starting', 'starting']);
  });
});

test('a delete that is newer answers the request too, with its text, before either file goes', async () => {
  await town.put('alice/c.cf-create', '{"//": "not now"}');
  await town.put('alice/c.cf-delete');
  await town.converge();
  expect(town.files('alice')).toEqual(['c.cf-deleted', 'c.cf-status']);
  expect(town.read('alice/c.cf-deleted')).toContain('{"//": "not now"}');
  expect((await town.stacks()).size).toBe(0);
});

test('a request that needs no change of the stack waits for one that was written down and not sent', async () => {
  await town.put('alice/c.cf-create', '{"Lifetime": "2d"}');
  await town.converge();
  await town.put('alice/c.cf-create', '{"ComputeMaxNodes": 9}');
  await expect(town.reconcile('alice/c', dyingBefore('stacks.update'))).rejects.toThrow(Crash);
  const before = town.clock.now();
  await town.put('alice/c.cf-create', '{"Lifetime": "5d"}');
  await town.converge();
  expect(town.files('alice')).toEqual(['c.cf-created', 'c.cf-status']);
  expect(await parameters()).toMatchObject({ ComputeMaxNodes: '9' });
  expect(await inBooks()).toMatchObject({ settings: { ComputeMaxNodes: 9, Lifetime: 5 * DAY } });
  expect((await inBooks())?.endsAt).toBeGreaterThanOrEqual(before + 5 * DAY);
});

test('an accepted change outlives its file, and so does the time that it asks for', async () => {
  await town.put('alice/c.cf-create', '{"Lifetime": "1d"}');
  await town.converge();
  town.clock.set(((await inBooks())?.endsAt ?? 0) - 1000);
  town.faults([{ do: 'slow', factor: 50, on: 'update' }]);
  await town.put('alice/c.cf-create', '{"ComputeMaxNodes": 9, "Lifetime": "2d"}');
  await town.reconcile('alice/c');
  town.removeByHand('alice/c.cf-create');
  await town.converge({ horizon: 12 * HOUR });
  expect(town.files('alice')).toEqual(['c.cf-created', 'c.cf-status']);
  expect(await parameters()).toMatchObject({ ComputeMaxNodes: '9' });
  expect(await inBooks()).toMatchObject({ settings: { ComputeMaxNodes: 9, Lifetime: 2 * DAY } });
});
