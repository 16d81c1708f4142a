import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { type StackOrder, Throttled } from '../../src/engine/ports.ts';
import { SimulatedStacks } from '../../src/local/simulated-stacks.ts';
import { stacksContract } from '../contract/stacks.contract.ts';
import { moreNodes, SLURM, slurmOrder } from './slurm-orders.ts';

const START = Date.UTC(2026, 10, 22, 12);
const MINUTE = 60_000;
const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A fresh simulated CloudFormation and the clock it reads; `again()` is what another process sees. */
function fresh({ speed = 1, rules }: { speed?: number; rules?: readonly object[] } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'clusterdrop-stacks-'));
  folders.push(folder);
  const faultsFile = join(folder, 'faults.json');
  const script = (content: readonly object[] | string) => {
    const text = typeof content === 'string' ? content : JSON.stringify({ version: 1, rules: content });
    writeFileSync(faultsFile, text);
  };
  if (rules) script(rules);
  const clock = {
    at: START,
    now() {
      return this.at;
    },
  };
  const again = () =>
    new SimulatedStacks({
      folder: join(folder, 'stacks'),
      clock,
      speed,
      blueprintOf: () => Promise.resolve(SLURM),
      faultsFile,
    });
  const pass = (milliseconds: number) => {
    clock.at += milliseconds;
  };
  return { stacks: again(), again, clock, pass, script, folder };
}

async function begun(stacks: SimulatedStacks, order: StackOrder): Promise<string> {
  const outcome = await stacks.create(order);
  if (outcome.kind !== 'begun') throw new Error(JSON.stringify(outcome));
  return outcome.id;
}

async function all<T>(source: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of source) items.push(item);
  return items;
}

stacksContract('simulated CloudFormation', () => {
  const { stacks, pass } = fresh();
  return Promise.resolve({
    stacks,
    advance: pass,
    order: slurmOrder,
    changed: moreNodes,
    addressOutput: 'LoginAddress',
  });
});

describe('what is kept', () => {
  it('is the same in another process and after a restart, at every step of a life', async () => {
    const { stacks, again, pass } = fresh();
    const order = slurmOrder();
    const id = await begun(stacks, order);
    const look = async (one: SimulatedStacks) => [
      await one.describe({ name: order.name }),
      await one.describe({ name: order.name, id }),
      await all(one.events(id)),
      await all(one.list()),
      await one.nextChanges(),
    ];
    const steps = [
      async () => pass(60_000),
      async () => pass(5 * MINUTE),
      () => stacks.update(id, { ...order, token: 'update-x', parameters: moreNodes(order.parameters) }),
      async () => pass(MINUTE),
      () => again().remove(id, 'delete-x'),
      async () => pass(20_000),
      async () => pass(5 * MINUTE),
    ];
    for (const step of steps) {
      await step();
      expect(await look(again())).toEqual(await look(stacks));
    }
    expect(await stacks.describe({ name: order.name, id })).toMatchObject({ status: 'DELETE_COMPLETE' });
  });

  it('gives one of two instances the name, whatever their order, and both the same picture', async () => {
    const { stacks, again } = fresh();
    const other = again();
    for (let round = 0; round < 20; round++) {
      const { name } = slurmOrder();
      const orders = [slurmOrder({ name }), slurmOrder({ name })] as const;
      const outcomes = await Promise.all([stacks.create(orders[0]), other.create(orders[1])]);
      expect(outcomes.map((outcome) => outcome.kind).toSorted()).toEqual(['begun', 'exists']);
      expect(await other.describe({ name })).toEqual(await stacks.describe({ name }));
    }
  });

  it('gives every name to exactly one of several processes', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'clusterdrop-stacks-'));
    folders.push(folder);
    const names = Array.from({ length: 40 }, (_, n) => `cd-race-${n}`);
    const script = fileURLToPath(new URL('create-in-child.ts', import.meta.url));
    const children = ['one', 'two', 'three'].map((token) =>
      spawn(process.execPath, ['--import', 'tsx', script, folder, token, ...names], {
        stdio: ['pipe', 'pipe', 'inherit'],
      }),
    );
    // Processes take different times to start: nobody begins before all are there.
    await Promise.all(children.map((child) => once(child.stdout, 'data')));
    for (const child of children) child.stdin.write('go\n');
    const got = await Promise.all(
      children.map(async (child) => JSON.parse((await all(child.stdout)).join('')) as string[]),
    );
    expect(got.flat().toSorted()).toEqual(names.toSorted());
  }, 60_000);

  it('reads no file but its own, whatever a name looks like', async () => {
    const { stacks, folder } = fresh();
    const order = slurmOrder({ name: 'cd-a' });
    await begun(stacks, order);
    copyFileSync(join(folder, 'stacks/living/cd-a.json'), join(folder, 'stacks/cd-a.json'));
    expect(await stacks.describe({ name: '../cd-a' })).toBeUndefined();
    expect(await stacks.create({ ...order, name: '../cd-a' })).toMatchObject({ kind: 'refused' });
  });

  it('keeps names apart that differ by case only', async () => {
    const { stacks } = fresh();
    const [lower, upper] = [slurmOrder({ name: 'cd-a-b' }), slurmOrder({ name: 'cd-A-b' })];
    const ids = [await begun(stacks, lower), await begun(stacks, upper)];
    expect((await stacks.describe({ name: 'cd-a-b' }))?.id).toBe(ids[0]);
    expect((await stacks.describe({ name: 'cd-A-b' }))?.id).toBe(ids[1]);
  });

  it('lists more than a page', async () => {
    const { stacks } = fresh({ speed: 1e9 });
    for (let n = 0; n < 205; n++) await begun(stacks, slurmOrder());
    expect((await all(stacks.list())).map((page) => page.length)).toEqual([100, 100, 5]);
  });

  it('frees a name once only, though two notice that its stack is gone', async () => {
    const { stacks, again, pass } = fresh({ speed: 1e9 });
    const old = await begun(stacks, slurmOrder({ name: 'cd-0' }));
    for (let n = 0; n < 101; n++) await begun(stacks, slurmOrder());
    await stacks.remove(old, 'delete-1');
    pass(1000);
    // The listing has noticed, and is held up; meanwhile the name gets a new stack.
    const listing = again().list()[Symbol.asyncIterator]();
    expect((await listing.next()).value).toHaveLength(100);
    const heir = await begun(stacks, slurmOrder({ name: 'cd-0' }));
    await listing.next();
    expect((await stacks.describe({ name: 'cd-0' }))?.id).toBe(heir);
    expect((await again().describe({ name: 'cd-0', id: old }))?.status).toBe('DELETE_COMPLETE');
  });

  it('follows a clock that was set back', async () => {
    const { stacks, pass } = fresh();
    const order = slurmOrder();
    await begun(stacks, order);
    pass(10 * MINUTE);
    expect((await stacks.describe(order))?.status).toBe('CREATE_COMPLETE');
    pass(-9 * MINUTE);
    expect((await stacks.describe(order))?.status).toBe('CREATE_IN_PROGRESS');
  });

  it('does not confuse a name used again with the stack that had it before', async () => {
    const { stacks, again, pass } = fresh({ speed: 1e9 });
    const watcher = again();
    const { name } = slurmOrder();
    for (let round = 0; round < 30; round++) {
      const id = await begun(stacks, slurmOrder({ name }));
      expect((await watcher.describe({ name }))?.id).toBe(id);
      await stacks.remove(id, `delete-${round}`);
      pass(1);
      expect(await watcher.describe({ name })).toBeUndefined();
    }
  });
});

describe('addresses', () => {
  it('are from the networks of RFC 5737, and no two living stacks share one while there are any left', async () => {
    const { stacks, again, pass } = fresh({ speed: 1e9 });
    const ids: string[] = [];
    for (let n = 0; n < 762; n++) ids.push(await begun(n % 2 ? stacks : again(), slurmOrder()));
    const addresses = (await all(stacks.list())).flat().map((report) => report.outputs['LoginAddress']);
    expect(new Set(addresses).size).toBe(762);
    for (const address of addresses) expect(address).toMatch(/^(?:192\.0\.2|198\.51\.100|203\.0\.113)\.\d+$/);
    const addressOf = async (id: string) =>
      (await stacks.describe({ name: '', id }))?.outputs['LoginAddress'];
    const gone = async (...some: readonly string[]) => {
      for (const id of some) await stacks.remove(id, 'delete-it');
      pass(1000);
      await all(stacks.list());
    };
    // The next ones repeat addresses, rather than having none. Their end frees nothing: the address is still somebody's.
    const extras: string[] = [];
    for (let n = 0; n < 5; n++) extras.push(await begun(stacks, slurmOrder()));
    for (const extra of extras) expect(addresses).toContain(await addressOf(extra));
    await gone(...extras);
    // The end of one that was there first does, and its address is found.
    const [first = ''] = ids;
    const free = await addressOf(first);
    await gone(first);
    expect(await addressOf(await begun(stacks, slurmOrder()))).toBe(free);
  }, 60_000);
});

describe('calls that state forbids', () => {
  it('waits with an update while the stack is being made, and with a deletion while it is being updated', async () => {
    const { stacks, pass } = fresh();
    const order = slurmOrder();
    const id = await begun(stacks, order);
    const update = { ...order, token: 'update-1', parameters: moreNodes(order.parameters) };
    expect(await stacks.update(id, update)).toEqual({
      kind: 'busy',
      reason: `Stack:${id} is in CREATE_IN_PROGRESS state and can not be updated.`,
    });
    pass(5 * MINUTE);
    expect(await stacks.update(id, update)).toEqual({ kind: 'begun' });
    expect(await stacks.remove(id, 'delete-1')).toEqual({
      kind: 'busy',
      reason: `Stack [${id}] cannot be deleted while in status UPDATE_IN_PROGRESS`,
    });
    pass(5 * MINUTE);
    expect(await stacks.remove(id, 'delete-1')).toEqual({ kind: 'begun' });
  });

  it('deletes a stack that is still being made', async () => {
    const { stacks, pass } = fresh();
    const order = slurmOrder();
    const id = await begun(stacks, order);
    pass(20_000);
    expect(await stacks.remove(id, 'delete-1')).toEqual({ kind: 'begun' });
    expect((await stacks.describe({ name: order.name }))?.status).toBe('DELETE_IN_PROGRESS');
    pass(5 * MINUTE);
    expect(await stacks.describe({ name: order.name })).toBeUndefined();
  });

  it('refuses what CloudFormation refuses, in its words', async () => {
    const { stacks } = fresh();
    const { MasterInstanceType: _, ...without } = slurmOrder().parameters;
    const cases: readonly [Partial<StackOrder>, string | RegExp][] = [
      [{ capabilities: [] }, 'Requires capabilities : [CAPABILITY_IAM]'],
      [{ parameters: without }, 'Parameters: [MasterInstanceType] must have values'],
      [
        { parameters: { ...slurmOrder().parameters, X: '1', Y: '' } },
        'Parameters: [X, Y] do not exist in the template',
      ],
      [{ name: '1st' }, /stackName/],
      [{ token: 'has_underscore' }, /clientRequestToken/],
      [{ tags: { 'aws:x': '1' } }, /aws:/],
      [
        { tags: Object.fromEntries(Array.from({ length: 51 }, (__, n) => [`t${n}`, ''])) },
        /more than 50 tags/,
      ],
    ];
    for (const [overrides, reason] of cases)
      expect(await stacks.create(slurmOrder(overrides))).toEqual({
        kind: 'refused',
        reason: typeof reason === 'string' ? reason : expect.stringMatching(reason),
      });
    expect(await all(stacks.list())).toEqual([]);
    expect(await stacks.create(slurmOrder({ capabilities: ['CAPABILITY_NAMED_IAM'] }))).toMatchObject({
      kind: 'begun',
    });
  });

  it('says of an id that never was what CloudFormation says', async () => {
    const { stacks } = fresh();
    const id = `arn:aws:cloudformation:us-east-1:000000000000:stack/cd-x/00000000-0000-4000-8000-000000000000`;
    expect(await stacks.describe({ name: 'cd-x', id })).toBeUndefined();
    expect(await stacks.remove(id, 'delete-1')).toEqual({ kind: 'absent' });
    await expect(all(stacks.events(id))).rejects.toThrow(`Stack [${id}] does not exist`);
  });
});

describe('nextChange', () => {
  it('is the first moment at which the events differ, and nothing once the stack is at rest', async () => {
    const { stacks, clock } = fresh();
    const id = await begun(stacks, slurmOrder());
    for (let at = await stacks.nextChange(id); at !== undefined; at = await stacks.nextChange(id)) {
      const before = (await all(stacks.events(id))).length;
      clock.at = at - 1;
      expect(await all(stacks.events(id))).toHaveLength(before);
      clock.at = at;
      expect((await all(stacks.events(id))).length).toBeGreaterThan(before);
    }
    expect((await stacks.describe({ name: '', id }))?.status).toBe('CREATE_COMPLETE');
    expect(await stacks.nextChanges()).toEqual([]);
  });

  it('is soonest first over all stacks', async () => {
    const { stacks, pass } = fresh();
    const first = await begun(stacks, slurmOrder());
    pass(250);
    const second = await begun(stacks, slurmOrder());
    const changes = await stacks.nextChanges();
    expect(changes.map((change) => change.id)).toEqual([first, second]);
    expect(changes[0]?.at).toBe(await stacks.nextChange(first));
  });
});

describe('the control file', () => {
  it('makes a creation fail, for the stacks that it names only', async () => {
    const rules = [{ do: 'fail', stack: 'cd-bob-*', resource: 'LoginNode', reason: 'no capacity' }];
    const { stacks, pass } = fresh({ rules });
    const unlucky = await begun(stacks, slurmOrder({ name: 'cd-bob-x' }));
    const lucky = await begun(stacks, slurmOrder({ name: 'cd-alice-bob-x' }));
    pass(10 * MINUTE);
    expect((await stacks.describe({ name: '', id: unlucky }))?.status).toBe('ROLLBACK_COMPLETE');
    expect((await stacks.describe({ name: '', id: lucky }))?.status).toBe('CREATE_COMPLETE');
    const failed = (await all(stacks.events(unlucky))).filter((event) => event.status === 'CREATE_FAILED');
    expect(failed.at(-1)).toMatchObject({ logicalId: 'LoginNode', reason: 'no capacity' });
    // A stack that was rolled back can only be deleted.
    expect(await stacks.update(unlucky, slurmOrder())).toMatchObject({ kind: 'busy' });
    expect(await stacks.remove(unlucky, 'delete-1')).toEqual({ kind: 'begun' });
    pass(MINUTE);
    expect(await stacks.create(slurmOrder({ name: 'cd-bob-x' }))).toMatchObject({ kind: 'begun' });
  });

  it('settles an operation when it is called: later changes of the file do not reach it', async () => {
    const { stacks, script, pass } = fresh();
    const order = slurmOrder();
    await begun(stacks, order);
    script([{ do: 'fail' }, { do: 'slow', factor: 100 }]);
    pass(10 * MINUTE);
    expect((await stacks.describe(order))?.status).toBe('CREATE_COMPLETE');
  });

  it('makes deletions stick so many times, each attempt with a token of its own', async () => {
    const rules = [{ do: 'stick', resource: 'LoginVolume', attempts: 2, reason: 'in use' }];
    const { stacks, pass } = fresh({ rules });
    const order = slurmOrder();
    const id = await begun(stacks, order);
    pass(10 * MINUTE);
    for (const token of ['delete-1', 'delete-2']) {
      expect(await stacks.remove(id, token)).toEqual({ kind: 'begun' });
      pass(10 * MINUTE);
      expect(await stacks.describe(order)).toMatchObject({
        status: 'DELETE_FAILED',
        statusReason: 'The following resource(s) failed to delete: [LoginVolume].',
      });
      // A repeat of the same request is no new attempt.
      expect(await stacks.remove(id, token)).toEqual({ kind: 'begun' });
      expect((await stacks.describe(order))?.status).toBe('DELETE_FAILED');
    }
    expect(await stacks.remove(id, 'delete-3')).toEqual({ kind: 'begun' });
    pass(10 * MINUTE);
    expect((await stacks.describe({ name: '', id }))?.status).toBe('DELETE_COMPLETE');
  });

  it('throttles every call, the next few, or each so-manieth', async () => {
    const { stacks, again, script } = fresh({ rules: [{ do: 'throttle' }] });
    const order = slurmOrder();
    for (const call of [
      () => stacks.describe(order),
      () => stacks.create(order),
      () => stacks.update('x', order),
      () => stacks.remove('x', 't'),
      () => all(stacks.events('x')),
      () => all(stacks.list()),
    ])
      await expect(call()).rejects.toBeInstanceOf(Throttled);

    // The count is shared by all processes on the folder.
    const answers = async () => {
      const heard: string[] = [];
      for (let n = 0; n < 6; n++)
        heard.push(
          await (n % 2 ? again() : stacks).describe(order).then(
            () => 'ok',
            (error: Error) => error.name,
          ),
        );
      return heard;
    };
    script([{ do: 'throttle', on: 'describe', times: 2 }]);
    expect(await answers()).toEqual(['Throttled', 'Throttled', 'ok', 'ok', 'ok', 'ok']);
    script([{ do: 'throttle', on: 'describe', every: 3 }]);
    expect(await answers()).toEqual(['ok', 'ok', 'Throttled', 'ok', 'ok', 'Throttled']);
    script([{ do: 'throttle', on: ['create', 'list'] }]);
    expect(await answers()).toEqual(Array.from({ length: 6 }, () => 'ok'));
  });

  it('counts an operation only when it begins one: repeats and clashes use nothing up', async () => {
    const { stacks, pass } = fresh({ rules: [{ do: 'fail', on: 'create', times: 1 }] });
    const order = slurmOrder();
    await begun(stacks, order);
    await stacks.create(order);
    await stacks.create(slurmOrder({ name: order.name }));
    const next = slurmOrder();
    await begun(stacks, next);
    pass(10 * MINUTE);
    expect((await stacks.describe(order))?.status).toBe('ROLLBACK_COMPLETE');
    expect((await stacks.describe(next))?.status).toBe('CREATE_COMPLETE');
  });

  it('refuses with a reason, and slows down', async () => {
    const rules = [
      { do: 'refuse', stack: '*-big', on: 'create', reason: 'quota' },
      { do: 'slow', stack: '*-slow', factor: 3 },
    ];
    const { stacks, pass } = fresh({ rules });
    expect(await stacks.create(slurmOrder({ name: 'cd-big' }))).toEqual({ kind: 'refused', reason: 'quota' });
    await begun(stacks, slurmOrder({ name: 'cd-slow' }));
    pass(177_000 * 3 - 1);
    expect((await stacks.describe({ name: 'cd-slow' }))?.status).toBe('CREATE_IN_PROGRESS');
    pass(1);
    expect((await stacks.describe({ name: 'cd-slow' }))?.status).toBe('CREATE_COMPLETE');
  });

  it('can be the example of its documentation', async () => {
    const page = readFileSync(new URL('../../docs/simulated-cloudformation.md', import.meta.url), 'utf8');
    const example = /```json\n([\s\S]*?)```/.exec(page)?.[1] ?? '';
    const { stacks, script } = fresh();
    script(example);
    const bob = slurmOrder({ name: 'cd-bob-big-1' });
    expect(await stacks.create(bob)).toMatchObject({ kind: 'refused' });
    expect(await stacks.create(slurmOrder({ name: 'cd-bob-1' }))).toMatchObject({ kind: 'begun' });
  });

  it.each([
    ['{"version":1,\n"rules":[\n{"do":"slow"}]}', /line 3: "slow" needs "factor"/],
    ['{"version":1,\n"rules":[\n{"do":"explode"}]}', /line 3: "do" must be one of fail, stick/],
    [
      '{"version":1,\n"rules":[{"do":"stick","on":"create"}]}',
      /line 2: "on" for "stick" must be from delete/,
    ],
    ['{"version":1,\n"rules":[{"do":"fail",\n"resourse":"X"}]}', /line 2: "fail" knows no key "resourse"/],
    ['{"version":1,\n"rules":[{"do":"fail","times":0}]}', /line 2: "times" must be a whole number/],
    ['{"version":1,\n"rules":[{"do":"fail"}', /line 2: not valid JSON/],
    ['{"version":2,\n"rules":[]}', /line 1: "version" must be 1, found 2/],
    ['{"rules":[]}', /"version": 1 is missing/],
    ['', /faults\.json, line 1/],
  ])('that is broken stops every call and says where: %j', async (text, message) => {
    const { stacks, script } = fresh();
    script(text);
    await expect(stacks.describe({ name: 'cd-x' })).rejects.toThrow(message);
    script([]);
    expect(await stacks.describe({ name: 'cd-x' })).toBeUndefined();
  });
});
