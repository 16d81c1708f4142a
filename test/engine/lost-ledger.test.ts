import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { World } from '../../src/engine/world.ts';
import { Town } from './town.ts';

const HOUR = 60 * 60_000;
const DAY = 24 * HOUR;

let town: Town;
beforeEach(async () => {
  town = await Town.open(['alice', 'bob']);
});
afterEach(() => town.close());

const ledgerFile = () => join(town.dir, 'admin', 'ledger', 'alice.json');
const loseLedger = () => rmSync(ledgerFile());
const read = (user = 'alice') => town.world().ledgers.read(user);
const entryOf = async (path = 'alice/c') => (await read()).clusters[`local/home/${path}`];

describe('a ledger that is lost', () => {
  test('is rebuilt from the stacks, which go on as they were', async () => {
    await town.put('alice/c.cf-create', '{"ComputeMaxNodes": 6, "IdleTimeout": "2h", "Lifetime": "3d"}');
    await town.put('alice/sub/c.cf-create', '{"ComputeMaxNodes": 2, "ComputeSpotPrice": 0.05}');
    await town.converge();
    const before = await read();
    const address = town.read('alice/c.cf-created');
    loseLedger();
    await town.converge({ horizon: HOUR });

    const after = await read();
    expect(Object.keys(after.clusters).toSorted()).toEqual(Object.keys(before.clusters).toSorted());
    for (const [key, old] of Object.entries(before.clusters)) {
      const rebuilt = after.clusters[key];
      expect(rebuilt?.settings).toEqual({ ...old.settings, NotifyEmail: rebuilt?.settings.NotifyEmail });
      expect(rebuilt).toMatchObject({
        cluster: old.cluster,
        stackName: old.stackName,
        stackId: old.stackId,
        blueprint: old.blueprint,
        parameters: old.parameters,
        address: old.address,
        notify: 'alice@example.org',
      });
      expect(rebuilt?.drop.id).toBe(old.drop.id);
      expect(rebuilt?.price.usdPerHour).toBeCloseTo(old.price.usdPerHour ?? Number.NaN, 9);
      // Told from the stack's own time, which is at most a moment after the reservation.
      expect(Math.abs((rebuilt?.endsAt ?? 0) - old.endsAt)).toBeLessThan(1000);
    }
    expect(town.read('alice/c.cf-created')).toBe(address);
    expect((await town.stacks()).size).toBe(2);
  });

  test('keeps the limits: what stacks cost still counts', async () => {
    await town.world().admin.put('limits/default.json', '{"version":1,"clusters":1,"usdPerMonth":1000}');
    await town.put('alice/c.cf-create');
    await town.converge();
    loseLedger();
    await town.put('alice/d.cf-create');
    await town.converge();
    expect(town.files('alice')).toContain('c.cf-created');
    // Whichever of them is looked at first, no third one comes.
    expect((await town.stacks()).size).toBeLessThanOrEqual(2);
    await town.put('alice/e.cf-create');
    await town.converge();
    expect(town.files('alice')).toContain('e.cf-failed');
  });

  test('while a drop is being carried out: the same stack is found, and no second one begun', async () => {
    await town.put('alice/c.cf-create', '{"ComputeMaxNodes": 6}');
    await town.reconcile('alice/c');
    expect(town.files('alice')).toContain('c.cf-create');
    loseLedger();
    await town.converge();
    expect(town.files('alice')).toEqual(['c.cf-created', 'c.cf-status']);
    expect((await town.stacks()).get('alice/c')).toHaveLength(1);
  });

  test('and a delete: the cluster is found, ended, and its end told', async () => {
    await town.put('alice/c.cf-create');
    await town.converge();
    loseLedger();
    await town.put('alice/c.cf-delete');
    await town.converge();
    expect(town.files('alice')).toEqual(['c.cf-deleted', 'c.cf-status']);
    expect((await town.stacks()).size).toBe(0);
    expect(town.read('alice/c.cf-deleted')).toContain('is gone');
  });

  test('past the end that the stack tells: it goes, a day later, since that end may have been moved', async () => {
    await town.put('alice/c.cf-create', '{"Lifetime": "1d"}');
    await town.converge();
    loseLedger();
    town.clock.advance(2 * DAY);
    await town.converge();
    expect(town.files('alice')).toEqual(['c.cf-created', 'c.cf-status']);
    await town.converge({ horizon: DAY });
    expect(town.files('alice')).toEqual(['c.cf-deleted', 'c.cf-status']);
  });

  test('a change of it is still a change', async () => {
    await town.put('alice/c.cf-create', '{"ComputeMaxNodes": 6}');
    await town.converge();
    loseLedger();
    await town.put('alice/c.cf-create', '{"MasterSystemVolumeSize": 64}');
    await town.converge();
    expect((await town.stacks()).get('alice/c')?.[0]?.parameters).toMatchObject({ ComputeMaxNodes: '6' });
    expect((await entryOf())?.settings.ComputeMaxNodes).toBe(6);
  });
});

describe('a ledger that cannot be read', () => {
  test.each([
    ['of a later version', '{"version":2,"user":"alice","clusters":{}}', /version/],
    ['that is no JSON', '{"version":1,', /alice\.json/],
    ['that is no object', '[]', /not a JSON object/],
    ['of no version', '{}', /version/],
  ])('%s is never overwritten, and nothing is decided without it', async (_, text, told) => {
    await town.put('alice/c.cf-create');
    await town.converge();
    const stacks = await town.stacks();
    writeFileSync(ledgerFile(), text);
    await town.put('alice/c.cf-delete');
    await town.put('alice/d.cf-create');
    for (const path of ['alice/c', 'alice/d']) await expect(town.reconcile(path)).rejects.toThrow(told);
    expect((await town.world().admin.get('ledger/alice.json'))?.size).toBe(text.length);
    expect(await town.stacks()).toEqual(stacks);
    expect(town.files('alice')).toEqual(['c.cf-created', 'c.cf-delete', 'c.cf-status', 'd.cf-create']);
  });

  test('is tried again: what waited goes on when it is mended', async () => {
    await town.put('alice/c.cf-create');
    await town.converge();
    const good = (await town.world().admin.get('ledger/alice.json'))?.body ?? new Uint8Array();
    writeFileSync(ledgerFile(), '{"version":2}');
    await town.put('alice/c.cf-delete');
    await expect(town.reconcile('alice/c')).rejects.toThrow(/version/);
    writeFileSync(ledgerFile(), good);
    await town.converge();
    expect(town.files('alice')).toEqual(['c.cf-deleted', 'c.cf-status']);
  });
});

test('changes by many at once are all kept', async () => {
  const worlds: readonly World[] = [town.world(), town.world(), town.world()];
  await Promise.all(
    worlds.flatMap((world, n) =>
      Array.from({ length: 10 }, (_, i) =>
        world.ledgers.change('alice', (ledger) => [
          { ...ledger, notices: { ...ledger.notices, [`${n}-${i}`]: 'v' } },
          undefined,
        ]),
      ),
    ),
  );
  expect(Object.keys((await read()).notices)).toHaveLength(30);
});

test('an edit that fails fails for whoever asked, and the ledger stays', async () => {
  const { ledgers } = town.world();
  await ledgers.change('alice', (ledger) => [{ ...ledger, notices: { a: 'v' } }, undefined]);
  await expect(
    ledgers.change('alice', () => {
      throw new Error('no');
    }),
  ).rejects.toThrow('no');
  await ledgers.change('alice', (ledger) => [
    { ...ledger, notices: { ...ledger.notices, b: 'v' } },
    undefined,
  ]);
  expect((await read()).notices).toEqual({ a: 'v', b: 'v' });
  expect((await town.world().ledgers.users()).toSorted()).toEqual(['alice']);
});
