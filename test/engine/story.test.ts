import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Town } from './town.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

let town: Town;
beforeEach(async () => {
  town = await Town.open();
});
afterEach(() => town.close());

const status = (path: string) => JSON.parse(town.read(`${path}.cf-status`) ?? '{}');

describe('a cluster comes and goes', () => {
  test('a dropped file leads to an address, and the file is gone', async () => {
    await town.put('alice/c.cf-create', '{"ComputeMaxNodes": "25"}');
    await town.converge();
    expect(town.files('alice')).toEqual(['c.cf-created', 'c.cf-status']);
    expect(town.read('alice/c.cf-created')).toMatch(/^(?:192\.0\.2|198\.51\.100|203\.0\.113)\.\d+\n$/);
    expect(status('alice/c')).toMatchObject({
      version: 1,
      state: 'running',
      simulated: true,
      settings: { ComputeMaxNodes: 25 },
    });
    expect(town.letters()).toEqual(['ready', 'starting']);
  });

  test('a blank .cf-delete ends it; what is left is the answer', async () => {
    await town.put('alice/c.cf-create');
    await town.converge();
    await town.put('alice/c.cf-delete', '');
    await town.converge();
    expect(town.files('alice')).toEqual(['c.cf-deleted', 'c.cf-status']);
    expect(await town.stacks()).toEqual(new Map());
    expect(town.read('alice/c.cf-deleted')).toContain('you asked for it');
    expect(town.letters()).toEqual(['gone', 'ready', 'starting']);
  });

  test('the same name can be used again, with the very same text', async () => {
    for (let life = 0; life < 2; life++) {
      await town.put('alice/c.cf-create');
      await town.converge();
      expect(town.files('alice')).toContain('c.cf-created');
      await town.put('alice/c.cf-delete');
      await town.converge();
      expect(town.files('alice')).toContain('c.cf-deleted');
    }
    expect(town.letters()).toEqual(['gone', 'gone', 'ready', 'ready', 'starting', 'starting']);
  });

  test('users and folders with one cluster name do not meet', async () => {
    await town.put('alice/c.cf-create');
    await town.put('bob/c.cf-create');
    await town.put('alice/sub/c.cf-create');
    await town.converge();
    expect([...(await town.stacks()).keys()].toSorted()).toEqual(['alice/c', 'alice/sub/c', 'bob/c']);
    const alice = town.read('alice/c.cf-created');
    await town.put('bob/c.cf-delete');
    await town.converge();
    expect([...(await town.stacks()).keys()].toSorted()).toEqual(['alice/c', 'alice/sub/c']);
    expect(town.read('alice/c.cf-created')).toBe(alice);
  });
});

describe('mistakes', () => {
  test('all are told at once, and the file is gone', async () => {
    await town.put(
      'alice/c.cf-create',
      '{"ComputeMaxNodes": "twenty-five", "ComputMaxNodes": 3, "ComputeSpotPrice": 5}',
    );
    await town.converge();
    expect(town.files('alice')).toEqual(['c.cf-failed', 'c.cf-status']);
    const reply = town.read('alice/c.cf-failed') ?? '';
    expect(reply).toContain('twenty-five');
    expect(reply).toContain('"ComputMaxNodes"');
    expect(reply).toMatch(/spot/i);
    expect(reply).toContain('{"ComputeMaxNodes": "twenty-five", "ComputMaxNodes": 3, "ComputeSpotPrice": 5}');
    expect(status('alice/c')).toMatchObject({ state: 'refused', drop: { outcome: 'refused' } });
  });

  test('a user without a profile starts nothing, and is told whom to ask', async () => {
    await town.put('carol/c.cf-create');
    await town.converge();
    expect(await town.stacks()).toEqual(new Map());
    expect(town.read('carol/c.cf-failed')).toContain('clusterdrop admin add-user carol');
  });

  test('near misses are answered once, left alone, and contradict no later answer', async () => {
    await town.put('alice/x.cf-create.txt');
    await town.put('alice/y.CF-CREATE');
    await town.put('alice/1z.cf-create');
    await town.converge();
    expect(town.files('alice')).toEqual([
      '1z.cf-failed',
      'x.cf-create.txt',
      'x.cf-failed',
      'y.CF-CREATE',
      'y.cf-failed',
    ]);
    await town.put('alice/x.cf-create');
    await town.converge();
    expect(town.files('alice')).toEqual([
      '1z.cf-failed',
      'x.cf-create.txt',
      'x.cf-created',
      'x.cf-status',
      'y.CF-CREATE',
      'y.cf-failed',
    ]);
  });

  test('deleting what is not there is answered', async () => {
    await town.put('alice/c.cf-delete', '');
    await town.converge();
    expect(town.files('alice')).toEqual(['c.cf-deleted', 'c.cf-status']);
    expect(town.read('alice/c.cf-deleted')).toMatch(/no cluster/i);
  });

  test('a user cannot end somebody else’s cluster by naming it', async () => {
    await town.put('alice/c.cf-create');
    await town.converge();
    const [stack] = (await town.stacks()).get('alice/c') ?? [];
    await town.put(`bob/${stack?.name.slice(0, 40)}.cf-delete`);
    await town.put('bob/c.cf-delete');
    await town.put('bob/alice/c.cf-delete');
    await town.converge();
    expect((await town.stacks()).has('alice/c')).toBe(true);
  });
});

describe('changes', () => {
  beforeEach(async () => {
    await town.put('alice/c.cf-create', '{"ComputeMaxNodes": 5, "Lifetime": "2d"}');
    await town.converge();
  });

  test('the keys it names change, the others keep their running values', async () => {
    await town.world().admin.put('limits/default.json', '{"version":1,"nodes":7}');
    await town.put('alice/c.cf-create', '{"ComputeMaxNodes": 6}');
    await town.converge();
    expect(town.files('alice')).toEqual(['c.cf-created', 'c.cf-status']);
    expect((await town.stacks()).get('alice/c')?.[0]).toMatchObject({
      status: 'UPDATE_COMPLETE',
      parameters: { ComputeMaxNodes: '6' },
    });
    expect(status('alice/c')).toMatchObject({
      state: 'running',
      settings: { ComputeMaxNodes: 6, Lifetime: '2d' },
      drop: { outcome: 'done' },
    });
  });

  test('Lifetime moves the end and leaves the stack alone', async () => {
    const before = (await town.stacks()).get('alice/c')?.[0];
    const now = town.clock.now();
    await town.put('alice/c.cf-create', '{"Lifetime": "3d"}');
    await town.converge();
    expect((await town.stacks()).get('alice/c')?.[0]).toEqual(before);
    expect(Date.parse(status('alice/c').ends)).toBeGreaterThanOrEqual(now + 3 * DAY);
  });

  test('what cannot change is refused with the way round, and the cluster runs on', async () => {
    await town.put('alice/c.cf-create', '{"MasterInstanceType": "m7i.large"}');
    await town.converge();
    expect(town.files('alice')).toEqual(['c.cf-created', 'c.cf-failed', 'c.cf-status']);
    expect(town.read('alice/c.cf-failed')).toMatch(/cannot be changed/);
    expect(status('alice/c')).toMatchObject({
      state: 'running',
      drop: { outcome: 'refused' },
      settings: { ComputeMaxNodes: 5 },
    });
  });

  test('a change that CloudFormation rolls back is told, and the cluster runs on as it was', async () => {
    town.faults([{ do: 'fail', on: 'update', resource: 'ComputeGroup', reason: 'no capacity' }]);
    await town.put('alice/c.cf-create', '{"ComputeMaxNodes": 9}');
    await town.converge();
    expect(town.files('alice')).toEqual(['c.cf-created', 'c.cf-failed', 'c.cf-status']);
    expect(town.read('alice/c.cf-failed')).toContain('no capacity');
    expect(status('alice/c')).toMatchObject({ state: 'running', settings: { ComputeMaxNodes: 5 } });
    expect((await town.stacks()).get('alice/c')?.[0]).toMatchObject({ status: 'UPDATE_ROLLBACK_COMPLETE' });
  });
});

describe('failures', () => {
  test('a stack that fails is told by its root cause, then cleared', async () => {
    town.faults([
      {
        do: 'fail',
        on: 'create',
        resource: 'LoginNode',
        reason: 'We currently do not have sufficient capacity',
      },
    ]);
    await town.put('alice/c.cf-create', '{"ComputeMaxNodes": 3}');
    await town.converge();
    expect(town.files('alice')).toEqual(['c.cf-failed', 'c.cf-status']);
    expect(town.read('alice/c.cf-failed')).toMatch(/sufficient capacity[\s\S]*"ComputeMaxNodes": 3/);
    expect(await town.stacks()).toEqual(new Map());
    expect(town.letters()).toEqual(['failed', 'starting']);
    expect((await town.world().ledgers.read('alice')).clusters).toEqual({});
  });

  test('a deletion that fails three times is the administrator’s, and still counts', async () => {
    town.faults([{ do: 'stick', resource: 'LoginNode', reason: 'has dependencies' }]);
    await town.put('alice/c.cf-create');
    await town.converge();
    await town.put('alice/c.cf-delete');
    await town.converge({ horizon: 6 * HOUR });
    expect(status('alice/c')).toMatchObject({ state: 'stuck' });
    expect(town.letters()).toContain('stuck');
    expect(town.files('alice')).toContain('c.cf-delete');
    town.faults([]);
    const { stacks } = town.world();
    await stacks.remove((await town.stacks()).get('alice/c')?.[0]?.id ?? '', 'by-hand');
    await town.converge();
    expect(town.files('alice')).toEqual(['c.cf-deleted', 'c.cf-status']);
  });

  test('throttling is nobody’s failure', async () => {
    town.faults([{ do: 'throttle', every: 3, on: ['describe', 'create', 'update', 'delete', 'events'] }]);
    await town.put('alice/c.cf-create');
    await town.converge();
    expect(town.files('alice')).toEqual(['c.cf-created', 'c.cf-status']);
    expect(town.troubles).toEqual([]);
  });
});

describe('the end', () => {
  test('warned a day and an hour before, then gone', async () => {
    await town.put('alice/c.cf-create', '{"Lifetime": "2d"}');
    await town.converge({ horizon: 3 * DAY });
    expect(town.letters()).toEqual(['ending', 'ending', 'gone', 'ready', 'starting'].toSorted());
    expect(town.files('alice')).toEqual(['c.cf-deleted', 'c.cf-status']);
  });

  test('a new request that names Lifetime keeps it', async () => {
    await town.put('alice/c.cf-create', '{"Lifetime": "1d"}');
    await town.converge({ horizon: 20 * HOUR });
    await town.put('alice/c.cf-create', '{"Lifetime": "1d"}');
    await town.converge({ horizon: 20 * HOUR });
    expect(town.files('alice')).toContain('c.cf-created');
  });

  test('IdleTimeout ends a cluster whose own report says that nobody uses it', async () => {
    await town.put('alice/c.cf-create', '{"IdleTimeout": "1h", "Lifetime": "2d"}');
    await town.converge();
    expect(town.files('alice')).toContain('c.cf-created');
    const world = town.world();
    const [stack] = (await town.stacks()).get('alice/c') ?? [];
    const iso = (ms: number) => new Date(ms).toISOString();
    await world.admin.put(
      `reports/${stack?.tags['clusterdrop:cluster']}.json`,
      JSON.stringify({ version: 1, at: iso(town.clock.now()), lastUse: iso(town.clock.now() - 50 * MINUTE) }),
    );
    await town.converge({ horizon: 5 * MINUTE });
    expect(town.files('alice')).toContain('c.cf-created');
    town.clock.advance(10 * HOUR);
    // The report is old now: unknown use is never idleness.
    await town.converge({ horizon: MINUTE });
    expect(town.files('alice')).toContain('c.cf-created');
    await world.admin.put(
      `reports/${stack?.tags['clusterdrop:cluster']}.json`,
      JSON.stringify({ version: 1, at: iso(town.clock.now()), lastUse: iso(town.clock.now() - 2 * HOUR) }),
    );
    await town.converge({ horizon: HOUR });
    expect(town.read('alice/c.cf-deleted')).toMatch(/nobody|idle/i);
  });
});
