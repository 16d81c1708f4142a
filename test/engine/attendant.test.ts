import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Attendant } from '../../src/engine/attendant.ts';
import type { Nudge } from '../../src/engine/sweep.ts';
import { portsThrough } from './ports-through.ts';
import { Town } from './town.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

let town: Town;
beforeEach(async () => {
  town = await Town.open(['alice'], { speed: 1000 });
});
afterEach(() => town.close());

const nudgeOf = (path: string): Nudge => ({ kind: 'cluster', cluster: town.cluster(path) });

test('one nudge is all it takes: the looks that follow are its own', async () => {
  const attendant = new Attendant({ world: town.world() });
  await town.put('alice/c.cf-create');
  attendant.nudge(nudgeOf('alice/c'));
  await attendant.settled();
  for (let minute = 0; minute < 5; minute++) {
    town.clock.advance(MINUTE);
    attendant.tick();
    await attendant.settled();
  }
  expect(town.files('alice')).toEqual(['c.cf-created', 'c.cf-status']);
  expect(town.letters()).toEqual(['ready', 'starting']);
});

test('without any nudge the sweep finds it, as often as it is told to sweep', async () => {
  const attendant = new Attendant({ world: town.world(), sweepEvery: HOUR });
  attendant.tick();
  await attendant.settled();
  await town.put('alice/c.cf-create');
  town.clock.advance(HOUR - 1);
  attendant.tick();
  await attendant.settled();
  expect(town.files('alice')).toEqual(['c.cf-create']);
  expect(attendant.nextDue()).toBe(town.clock.now() + 1);
  town.clock.advance(1);
  attendant.tick();
  await attendant.settled();
  expect((await town.stacks()).size).toBe(1);
});

describe('nudges', () => {
  test('for one cluster are followed up one at a time, for several at once, and never more than told', async () => {
    const paths = ['alice/a', 'alice/b', 'alice/c', 'alice/d'];
    const active = new Map<string, number>();
    let most = 0;
    let mostOfOne = 0;
    const world = portsThrough(town.world(), async (label, go) => {
      const path = paths.find((one) => label.includes(`home/${one}.cf-`));
      if (!path) return go();
      active.set(path, (active.get(path) ?? 0) + 1);
      mostOfOne = Math.max(mostOfOne, active.get(path) ?? 0);
      most = Math.max(most, [...active.values()].filter((n) => n > 0).length);
      try {
        return await go();
      } finally {
        active.set(path, (active.get(path) ?? 0) - 1);
      }
    });
    const attendant = new Attendant({ world, atOnce: 2 });
    for (const path of paths) await town.put(`${path}.cf-create`);
    for (let n = 0; n < 5; n++) for (const path of paths) attendant.nudge(nudgeOf(path));
    await attendant.settled();
    expect(most).toBe(2);
    expect(mostOfOne).toBe(1);
    expect(town.troubles).toEqual([]);
    expect((await town.stacks()).size).toBe(4);
  });

  test('that come while a cluster is looked at lead to one more look', async () => {
    let looks = 0;
    const attendant: Attendant = new Attendant({
      world: portsThrough(town.world(), async (label, go) => {
        const seen = await go();
        // Written after this process has listed the folder: only another look can find it.
        if (label.startsWith('bucket.list') && ++looks === 1) {
          await town.put('alice/c.cf-create');
          for (let n = 0; n < 3; n++) attendant.nudge(nudgeOf('alice/c'));
        }
        return seen;
      }),
    });
    attendant.nudge(nudgeOf('alice/c'));
    await attendant.settled();
    expect((await town.stacks()).size).toBe(1);
  });
});

test('a look that fails is told once, and tried again after ever longer pauses, a minute at most', async () => {
  let broken = true;
  let tries = 0;
  const world = portsThrough(town.world(), async (label, go) => {
    if (label.startsWith('stacks.describe') && broken) {
      tries++;
      throw new Error('no route to CloudFormation');
    }
    return go();
  });
  const attendant = new Attendant({ world, sweepEvery: 365 * 24 * HOUR });
  attendant.tick();
  await attendant.settled();
  await town.put('alice/c.cf-create');
  attendant.nudge(nudgeOf('alice/c'));
  await attendant.settled();
  const pauses: number[] = [];
  for (let n = 0; n < 8; n++) {
    const pause = attendant.nextDue() - town.clock.now();
    pauses.push(pause / SECOND);
    town.clock.advance(pause - 1);
    attendant.tick();
    await attendant.settled();
    expect(tries).toBe(n + 1);
    town.clock.advance(1);
    attendant.tick();
    await attendant.settled();
  }
  expect(pauses).toEqual([1, 2, 4, 8, 16, 32, 60, 60]);
  expect(town.troubles).toEqual([expect.stringContaining('no route to CloudFormation')]);
  expect(town.files('alice')).toEqual(['c.cf-create']);

  broken = false;
  town.clock.advance(MINUTE);
  attendant.tick();
  await attendant.settled();
  expect((await town.stacks()).size).toBe(1);
});

test('a sweep that fails is told, and the next one comes in its time', async () => {
  let broken = true;
  const world = portsThrough(town.world(), async (label, go) => {
    if (label.startsWith('stacks.list') && broken) throw new Error('no listing');
    return go();
  });
  const attendant = new Attendant({ world });
  await town.put('alice/c.cf-create');
  attendant.tick();
  await attendant.settled();
  expect(town.troubles).toEqual([expect.stringContaining('no listing')]);
  expect((await town.stacks()).size).toBe(0);
  broken = false;
  town.clock.advance(MINUTE);
  attendant.tick();
  await attendant.settled();
  expect((await town.stacks()).size).toBe(1);
});

test('stopped, it takes nothing new, ends what is under way, and the next process goes on', async () => {
  const first = new Attendant({ world: town.world() });
  await town.put('alice/c.cf-create');
  first.nudge(nudgeOf('alice/c'));
  await first.stopped();
  expect((await town.stacks()).size).toBe(1);
  await town.put('alice/d.cf-create');
  first.nudge(nudgeOf('alice/d'));
  await first.settled();
  expect((await town.stacks()).size).toBe(1);

  const next = new Attendant({ world: town.world() });
  for (let minute = 0; minute < 5; minute++) {
    next.tick();
    await next.settled();
    town.clock.advance(MINUTE);
  }
  expect(town.files('alice')).toEqual(['c.cf-created', 'c.cf-status', 'd.cf-created', 'd.cf-status']);
});
