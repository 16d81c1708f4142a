import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Town } from './town.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

let town: Town;
beforeEach(async () => {
  town = await Town.open(['alice', 'bob']);
});
afterEach(() => town.close());

describe('replies are written and never believed', () => {
  test('those of a cluster that does not exist start, end and change nothing', async () => {
    await town.put('alice/c.cf-created', '203.0.113.9\n');
    await town.put('alice/c.cf-status', '{"version":1,"state":"running","ends":"2099-01-01T00:00:00Z"}');
    await town.put('alice/c.cf-deleted', 'gone');
    await town.put('alice/c.cf-failed', 'failed');
    const before = town.snapshot();
    await town.converge({ horizon: HOUR });
    await town.reconcile('alice/c');
    expect(town.snapshot()).toBe(before);
    await town.put('alice/c.cf-create');
    await town.converge();
    expect(town.files('alice')).toEqual(['c.cf-created', 'c.cf-status']);
    expect(town.read('alice/c.cf-created')).not.toContain('203.0.113.9');
    expect(JSON.parse(town.read('alice/c.cf-status') ?? '').ends).toMatch(/^2026-11-09/);
  });

  test('a forged address and a forged status are put right at the next look', async () => {
    await town.put('alice/c.cf-create');
    await town.converge();
    const [address, status] = [town.read('alice/c.cf-created'), town.read('alice/c.cf-status')];
    await town.put('alice/c.cf-created', '198.51.100.66 is mine\n');
    await town.put('alice/c.cf-status', '{"version":1,"state":"stopped"}');
    await town.reconcile('alice/c');
    expect(town.read('alice/c.cf-created')).toBe(address);
    expect(town.read('alice/c.cf-status')).toBe(status);
    expect((await town.stacks()).get('alice/c')?.[0]?.status).toBe('CREATE_COMPLETE');
  });

  test('a forged end, price or drop in the status does not reach the ledger', async () => {
    await town.put('alice/c.cf-create', '{"Lifetime": "2h"}');
    await town.converge({ horizon: 30 * MINUTE });
    const before = (await town.world().ledgers.read('alice')).clusters;
    const forged = { ...JSON.parse(town.read('alice/c.cf-status') ?? '{}'), ends: '2027-01-01T00:00:00Z' };
    await town.put('alice/c.cf-status', JSON.stringify(forged));
    await town.reconcile('alice/c');
    expect((await town.world().ledgers.read('alice')).clusters).toEqual(before);
    await town.converge({ horizon: 3 * HOUR });
    expect(town.files('alice')).toContain('c.cf-deleted');
  });
});

describe('replies that somebody removed', () => {
  test.each(['c.cf-created', 'c.cf-status'])(
    '%s of a running cluster comes back by the sweep',
    async (file) => {
      await town.put('alice/c.cf-create');
      await town.converge();
      const text = town.read(`alice/${file}`);
      town.removeByHand(`alice/${file}`);
      await town.converge({ horizon: HOUR });
      expect(town.read(`alice/${file}`)).toBe(text);
    },
  );

  test('the answer to a failure is written even if the request was removed meanwhile', async () => {
    town.faults([{ do: 'fail', on: 'create', resource: 'LoginNode', reason: 'no capacity' }]);
    await town.put('alice/c.cf-create', '{"ComputeMaxNodes": 3}');
    await town.reconcile('alice/c');
    town.removeByHand('alice/c.cf-create');
    await town.converge();
    expect(town.files('alice')).toEqual(['c.cf-failed', 'c.cf-status']);
    expect(town.read('alice/c.cf-failed')).toMatch(/no capacity[\s\S]*"ComputeMaxNodes": 3/);
    expect((await town.stacks()).size).toBe(0);
  });

  test('a request removed by hand cancels nothing', async () => {
    await town.put('alice/c.cf-create');
    await town.reconcile('alice/c');
    town.removeByHand('alice/c.cf-create');
    await town.converge();
    expect(town.files('alice')).toEqual(['c.cf-created', 'c.cf-status']);
  });

  test('a delete removed by hand cancels nothing, and its end is told', async () => {
    await town.put('alice/c.cf-create');
    await town.converge();
    await town.put('alice/c.cf-delete');
    await town.reconcile('alice/c');
    town.removeByHand('alice/c.cf-delete');
    await town.converge();
    expect(town.files('alice')).toEqual(['c.cf-deleted', 'c.cf-status']);
  });

  test('a new request takes earlier answers away, and leaves other names’ alone', async () => {
    await town.put('alice/c.cf-create', '{"nonsense": 1}');
    await town.put('alice/d.cf-create', '{"nonsense": 1}');
    await town.converge();
    expect(town.files('alice')).toEqual(['c.cf-failed', 'c.cf-status', 'd.cf-failed', 'd.cf-status']);
    await town.put('alice/c.cf-create');
    await town.converge();
    expect(town.files('alice')).toEqual(['c.cf-created', 'c.cf-status', 'd.cf-failed', 'd.cf-status']);
  });
});

test('a stack that somebody removed is told as such, in its reply, by mail and in the books', async () => {
  await town.put('alice/c.cf-create');
  await town.converge();
  const [stack] = (await town.stacks()).get('alice/c') ?? [];
  await town.world().stacks.remove(stack?.id ?? '', 'by-hand');
  await town.converge();
  expect(town.files('alice')).toEqual(['c.cf-deleted', 'c.cf-status']);
  expect(town.read('alice/c.cf-deleted')).toMatch(/outside|somebody|administrator/i);
  expect(town.letters()).toContain('gone');
});

test('files of a cluster are never looked through, whatever a job writes there', async () => {
  await town.put('alice/c.files/job.cf-create');
  await town.put('alice/c.files/deep/job.cf-delete');
  await town.put('alice/c.files/1.cf-create.txt');
  await town.converge({ horizon: HOUR });
  expect((await town.stacks()).size).toBe(0);
  expect(town.files('alice')).toEqual([]);
  expect(town.read('alice/c.files/job.cf-create')).toBe('{}');
});
