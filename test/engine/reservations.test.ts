import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { clusterAt, isInput } from '../../src/core/identity.ts';
import { attend } from '../../src/engine/attend.ts';
import { reconcile } from '../../src/engine/reconcile.ts';
import { sweep } from '../../src/engine/sweep.ts';
import { FolderStore } from '../../src/local/folder-store.ts';
import { portsThrough } from './ports-through.ts';
import { Town } from './town.ts';

const MINUTE = 60_000;

let town: Town;
beforeEach(async () => {
  town = await Town.open(['alice'], { limits: { clusters: 1 } });
});
afterEach(() => town.close());

class Crash extends Error {}
const clusters = async () => Object.keys((await town.world().ledgers.read('alice')).clusters);

/** Reserves, and dies before CreateStack. */
async function reserveOnly(path: string): Promise<void> {
  await town.put(`${path}.cf-create`);
  const dying = portsThrough(town.world(), async (label, go) => {
    if (label.startsWith('stacks.create')) throw new Crash();
    return go();
  });
  await expect(town.reconcile(path, dying)).rejects.toThrow(Crash);
  expect(await clusters()).toEqual([`local/home/${path}`]);
}

async function sweepOnce(): Promise<void> {
  for await (const nudge of sweep(town.world())) await attend(town.world(), nudge);
}

describe('a reservation without a stack', () => {
  test('counts, goes on while its drop is there, and is given back 10 minutes after that was removed', async () => {
    await reserveOnly('alice/c');
    town.removeByHand('alice/c.cf-create');
    await town.put('alice/d.cf-create');
    await town.reconcile('alice/d');
    expect(town.read('alice/d.cf-failed')).toMatch(/1/);
    town.clock.advance(10 * MINUTE - 1);
    await sweepOnce();
    expect(await clusters()).toEqual(['local/home/alice/c']);
    town.clock.advance(1);
    await sweepOnce();
    expect(await clusters()).toEqual([]);
    await town.put('alice/d.cf-create');
    await town.converge();
    expect(town.files('alice')).toContain('d.cf-created');
    expect((await town.stacks()).size).toBe(1);
  });

  test('is carried on even if the limits have changed since', async () => {
    await reserveOnly('alice/c');
    await town.world().admin.put('limits/default.json', '{"version":1,"clusters":0}');
    await town.converge();
    expect(town.files('alice')).toEqual(['c.cf-created', 'c.cf-status']);
  });

  test('and a delete: waits until nothing can come of it any more, then answers both', async () => {
    await reserveOnly('alice/c');
    await town.put('alice/c.cf-delete');
    const { again } = await town.reconcile('alice/c');
    expect(town.files('alice')).toEqual(['c.cf-create', 'c.cf-delete', 'c.cf-status']);
    expect(again).toBe(town.clock.now() + 2 * MINUTE);
    town.clock.advance(2 * MINUTE);
    await town.reconcile('alice/c');
    expect(town.files('alice')).toEqual(['c.cf-deleted', 'c.cf-status']);
    expect(await clusters()).toEqual([]);
  });

  test('whose stack comes late, after a delete: the stack is found and deleted', async () => {
    await town.put('alice/c.cf-create');
    // One process is about to create the stack while the user deletes and another process looks.
    const slow = portsThrough(town.world(), async (label, go) => {
      if (label.startsWith('stacks.create')) {
        await town.put('alice/c.cf-delete');
        await town.reconcile('alice/c');
      }
      return go();
    });
    await town.reconcile('alice/c', slow);
    await town.converge();
    expect(town.files('alice')).toEqual(['c.cf-deleted', 'c.cf-status']);
    expect((await town.stacks()).size).toBe(0);
    expect(await clusters()).toEqual([]);
  });
});

describe('two buckets', () => {
  /** The same installation with a second bucket for users. */
  function twoBuckets() {
    const world = town.world();
    const second = new FolderStore({
      root: join(town.dir, 'second'),
      internal: join(town.dir, 'own', 'second'),
      bucket: 'second',
      clock: town.clock,
      quietMs: 0,
      isInput,
    });
    return { ...world, users: [...world.users, second], second };
  }

  test('hold one name each: two clusters, two addresses, one book', async () => {
    await town.world().admin.put('limits/default.json', '{"version":1,"clusters":2}');
    await town.put('alice/c.cf-create', '{"ComputeMaxNodes": 2}');
    await twoBuckets().second.put('home/alice/c.cf-create', '{"ComputeMaxNodes": 3}');
    await town.converge({ world: twoBuckets() });
    expect((await clusters()).toSorted()).toEqual(['local/home/alice/c', 'second/home/alice/c']);
    const addresses = [
      town.read('alice/c.cf-created'),
      new TextDecoder().decode((await twoBuckets().second.get('home/alice/c.cf-created'))?.body),
    ];
    expect(new Set(addresses).size).toBe(2);
    expect((await town.stacks()).get('alice/c')).toHaveLength(2);

    await twoBuckets().second.put('home/alice/c.cf-delete', '');
    await town.converge({ world: twoBuckets() });
    expect(await clusters()).toEqual(['local/home/alice/c']);
    expect(town.read('alice/c.cf-created')).toBe(addresses[0]);
    expect(await twoBuckets().second.get('home/alice/c.cf-deleted')).toBeDefined();
  });

  test('share a user’s limits', async () => {
    await town.put('alice/c.cf-create');
    await twoBuckets().second.put('home/alice/other.cf-create', '{}');
    await town.converge({ world: twoBuckets() });
    expect((await town.stacks()).size).toBe(1);
    expect(await twoBuckets().second.get('home/alice/other.cf-failed')).toBeDefined();
  });

  test('a bucket that is none of ours is a fault, not an empty one', async () => {
    await expect(reconcile(town.world(), clusterAt('elsewhere', 'home/alice/c'))).rejects.toThrow(
      /elsewhere/,
    );
  });
});
