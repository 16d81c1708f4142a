import { afterEach, beforeEach, expect, test } from 'vitest';
import { portsThrough } from './ports-through.ts';
import { Town } from './town.ts';

let town: Town;
beforeEach(async () => {
  town = await Town.open(['alice']);
});
afterEach(() => town.close());

class Crash extends Error {}

/** One process has written a change down and died; two others carry it on, one of them between two reads of the other. */
test.each([
  ['its first change', []],
  [
    'a change after one that was rolled back',
    [{ do: 'fail', on: 'update', resource: 'ComputeGroup', times: 1 }],
  ],
])(
  '%s that begins between two reads of another process is not taken for one that failed',
  async (_, faults) => {
    await town.put('alice/c.cf-create');
    await town.converge();
    town.faults(faults);
    if (faults.length > 0) {
      await town.put('alice/c.cf-create', '{"ComputeMaxNodes": 7}');
      await town.converge();
    }
    await town.put('alice/c.cf-create', '{"ComputeMaxNodes": 9}');
    const dying = portsThrough(town.world(), async (label, go) => {
      if (label.startsWith('stacks.update')) throw new Crash();
      return go();
    });
    await expect(town.reconcile('alice/c', dying)).rejects.toThrow(Crash);
    let other = false;
    const slow = portsThrough(town.world(), async (label, go) => {
      if (label.startsWith('stacks.events') && !other) {
        other = true;
        await town.reconcile('alice/c');
      }
      return go();
    });
    await town.reconcile('alice/c', slow);
    await town.converge();
    expect(other).toBe(true);
    expect(town.files('alice')).toEqual(['c.cf-created', 'c.cf-status']);
    expect((await town.stacks()).get('alice/c')?.[0]?.parameters).toMatchObject({ ComputeMaxNodes: '9' });
    const { clusters } = await town.world().ledgers.read('alice');
    expect(clusters['local/home/alice/c']?.settings.ComputeMaxNodes).toBe(9);
  },
);
