import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Town } from './town.ts';

const HOUR = 60 * 60_000;
const DAY = 24 * HOUR;

let town: Town;
beforeEach(async () => {
  town = await Town.open(['alice']);
  await town.put('alice/c.cf-create', '{"ComputeMaxNodes": 5, "Lifetime": "2d"}');
  await town.converge();
});
afterEach(() => town.close());

const entry = async () => (await town.world().ledgers.read('alice')).clusters['local/home/alice/c'];
const stack = async () => (await town.stacks()).get('alice/c')?.[0];

/** Somebody changes the stack past us: the same parameters, and a tag more. */
async function byHand(): Promise<void> {
  const seen = await stack();
  if (!seen) throw new Error('a stack expected');
  const outcome = await town.world().stacks.update(seen.id, {
    parameters: seen.parameters,
    tags: { ...seen.tags, touched: 'by hand' },
    capabilities: ['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM'],
    token: 'by-hand',
  });
  expect(outcome.kind).toBe('begun');
  expect((await stack())?.status).toBe('UPDATE_IN_PROGRESS');
}

test('a change that CloudFormation refuses is told with its reason, is not tried again, and the cluster runs on', async () => {
  const before = await entry();
  town.faults([{ do: 'refuse', on: 'update', reason: 'Parameter ComputeMaxNodes must be even' }]);
  await town.put('alice/c.cf-create', '{"ComputeMaxNodes": 9, "Lifetime": "9d"}');
  await town.converge();
  expect(town.files('alice')).toEqual(['c.cf-created', 'c.cf-failed', 'c.cf-status']);
  expect(town.read('alice/c.cf-failed')).toMatch(/must be even[\s\S]*"ComputeMaxNodes": 9/);
  expect(await stack()).toMatchObject({ status: 'CREATE_COMPLETE', parameters: { ComputeMaxNodes: '5' } });
  const after = await entry();
  expect(after).toMatchObject({ settings: before?.settings, endsAt: before?.endsAt });
  expect(after?.update).toBeUndefined();
});

describe('while somebody else’s change is under way', () => {
  test('a request waits, and is carried out then', async () => {
    await byHand();
    await town.put('alice/c.cf-create', '{"ComputeMaxNodes": 9}');
    await town.reconcile('alice/c');
    expect(town.files('alice')).toContain('c.cf-create');
    expect(town.files('alice')).not.toContain('c.cf-failed');
    await town.converge();
    expect(town.files('alice')).toEqual(['c.cf-created', 'c.cf-status']);
    expect(await stack()).toMatchObject({ parameters: { ComputeMaxNodes: '9' } });
    expect(await entry()).toMatchObject({ settings: { ComputeMaxNodes: 9 } });
  });

  test('a delete that CloudFormation does not take yet is no failure: it waits, and goes on', async () => {
    await byHand();
    await town.put('alice/c.cf-delete');
    const { again } = await town.reconcile('alice/c');
    expect(again).toBeGreaterThan(town.clock.now());
    expect(again).toBeLessThanOrEqual(town.clock.now() + 60_000);
    expect(await entry()).toMatchObject({ ending: { why: 'asked', attempts: 0 } });
    await town.converge();
    expect(town.files('alice')).toEqual(['c.cf-deleted', 'c.cf-status']);
    expect(town.letters()).not.toContain('stuck');
  });

  test('the end comes all the same', async () => {
    town.clock.set(((await entry())?.endsAt ?? 0) - 1000);
    await byHand();
    await town.converge({ horizon: 3 * HOUR });
    expect(town.files('alice')).toEqual(['c.cf-deleted', 'c.cf-status']);
  });
});

test('a request while another is carried out waits for it, and is judged by what came of it', async () => {
  await town.put('alice/c.cf-create', '{"ComputeMaxNodes": 9}');
  await town.reconcile('alice/c');
  await town.put('alice/c.cf-create', '{"Lifetime": "3d"}');
  await town.converge();
  expect(town.files('alice')).toEqual(['c.cf-created', 'c.cf-status']);
  expect(await entry()).toMatchObject({ settings: { ComputeMaxNodes: 9, Lifetime: 3 * DAY } });
  expect((await entry())?.update).toBeUndefined();
});

test('a request that is longer than any sensible one is kept short in the ledger, and is whole in the answer', async () => {
  const long = `{"//": "${'x'.repeat(9000)}", "ComputeMaxNodes": 6}`;
  await town.put('alice/c.cf-create', long);
  await town.converge();
  const text = (await entry())?.drop.text ?? '';
  expect(text.length).toBeLessThan(5000);
  expect(text).toMatch(/shortened/);
  await town.put('alice/c.cf-create', long.replace('ComputeMaxNodes', 'Nonsense'));
  await town.converge();
  expect(town.read('alice/c.cf-failed')).toContain(`${'x'.repeat(9000)}", "Nonsense": 6}`);
});
