import { afterEach, describe, expect, it, vi } from 'vitest';

import { rootCauseOf } from '../../src/core/stack-status.ts';
import { type StackOrder, Throttled } from '../../src/engine/ports.ts';
import { stacksContract } from '../contract/stacks.contract.ts';
import { moreNodes } from '../local/slurm-orders.ts';
import { type SimulatedCloudFormationOptions, simulatedCloudFormation } from './cloudformation-simulated.ts';

const MINUTE = 60_000;

// Many calls, each over a socket.
vi.setConfig({ testTimeout: 30_000 });

// What AWS does with a token that was used before is not written down: each of the three ways must do.
for (const tokens of ['answered', 'refused', 'forgotten'] as const)
  stacksContract(`CloudFormation, with tokens used before ${tokens},`, async () => ({
    ...(await simulatedCloudFormation({ tokens })),
    changed: moreNodes,
    addressOutput: 'LoginAddress',
  }));

type World = Awaited<ReturnType<typeof simulatedCloudFormation>>;
let opened: World | undefined;
async function world(options?: SimulatedCloudFormationOptions): Promise<World> {
  opened = await simulatedCloudFormation(options);
  return opened;
}
afterEach(async () => {
  await opened?.close();
  opened = undefined;
});

async function begun({ stacks }: World, order: StackOrder): Promise<string> {
  const outcome = await stacks.create(order);
  if (outcome.kind !== 'begun') throw new Error(JSON.stringify(outcome));
  return outcome.id;
}

async function all<T>(source: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of source) items.push(item);
  return items;
}

describe('a stack under way', () => {
  it('is seen in every state, with nothing given out before it is complete', async () => {
    const town = await world();
    const { stacks, order, advance } = town;
    const id = await begun(town, order());
    expect(await stacks.describe({ name: '', id })).toMatchObject({
      status: 'CREATE_IN_PROGRESS',
      outputs: {},
    });
    advance(10 * MINUTE);
    expect(await stacks.describe({ name: '', id })).toMatchObject({ status: 'CREATE_COMPLETE' });
  });

  it('is busy for a change, and for a deletion during a change', async () => {
    const town = await world();
    const { stacks, order, advance } = town;
    const asked = order();
    const id = await begun(town, asked);
    const update = { ...asked, token: 'update-1', parameters: moreNodes(asked.parameters) };
    expect(await stacks.update(id, update)).toEqual({
      kind: 'busy',
      reason: `Stack:${id} is in CREATE_IN_PROGRESS state and can not be updated.`,
    });
    advance(10 * MINUTE);
    expect(await stacks.update(id, update)).toEqual({ kind: 'begun' });
    expect(await stacks.remove(id, 'delete-1')).toMatchObject({ kind: 'busy' });
  });

  it('that failed tells the cause, gives way to nobody, and can be taken away', async () => {
    const town = await world();
    const { stacks, order, advance, script } = town;
    script([{ do: 'fail', resource: 'LoginNode', reason: 'no <capacity> & no hope' }]);
    const asked = order();
    const id = await begun(town, asked);
    advance(10 * MINUTE);
    expect(await stacks.describe(asked)).toMatchObject({ status: 'ROLLBACK_COMPLETE' });
    expect(rootCauseOf(await all(stacks.events(id)))).toEqual({
      resource: 'LoginNode',
      reason: 'no <capacity> & no hope',
    });
    expect(await stacks.create(order({ name: asked.name }))).toEqual({ kind: 'exists' });
    expect(await stacks.update(id, { ...asked, token: 'update-1' })).toMatchObject({ kind: 'busy' });
    expect(await stacks.remove(id, 'delete-1')).toEqual({ kind: 'begun' });
    advance(10 * MINUTE);
    script([]);
    expect(await begun(town, order({ name: asked.name }))).not.toBe(id);
  });

  it('that would not go is tried again with a new token only', async () => {
    const town = await world({ tokens: 'refused' });
    const { stacks, order, advance, script } = town;
    script([{ do: 'stick', attempts: 1 }]);
    const id = await begun(town, order());
    for (const token of ['delete-1', 'delete-1']) {
      advance(10 * MINUTE);
      expect(await stacks.remove(id, token)).toEqual({ kind: 'begun' });
    }
    advance(10 * MINUTE);
    expect(await stacks.describe({ name: '', id })).toMatchObject({ status: 'DELETE_FAILED' });
    await stacks.remove(id, 'delete-2');
    advance(10 * MINUTE);
    expect(await stacks.describe({ name: '', id })).toMatchObject({ status: 'DELETE_COMPLETE' });
  });

  it('protects what the blueprint protects from replacement and deletion, and nothing else', async () => {
    const town = await world();
    const id = await begun(town, town.order());
    expect(JSON.parse(town.server.policyOf(id) ?? '')).toEqual({
      Statement: [
        { Effect: 'Allow', Principal: '*', Action: 'Update:*', Resource: '*' },
        {
          Effect: 'Deny',
          Principal: '*',
          Action: ['Update:Replace', 'Update:Delete'],
          Resource: ['LogicalResourceId/LoginVolume', 'LogicalResourceId/LoginNode'],
        },
      ],
    });
  });
});

describe('pages', () => {
  it('are all read, or the reading fails: half a listing is none', async () => {
    const town = await world({ page: 2 });
    const ids = [];
    for (let n = 0; n < 7; n++) ids.push(await begun(town, town.order()));
    const found = (await all(town.stacks.list())).flat().map(({ id }) => id);
    expect(found.toSorted()).toEqual(ids.toSorted());
    town.script([{ do: 'throttle', on: 'list', every: 3 }]);
    await expect(all(town.stacks.list())).rejects.toBeInstanceOf(Throttled);
  });

  it('hold no stacks inside others, though these inherit our tags', async () => {
    const town = await world();
    const id = await begun(town, town.order());
    await begun(town, town.order({ tags: { 'nested-in': id } }));
    expect((await all(town.stacks.list())).flat().map((report) => report.id)).toEqual([id]);
  });

  it('of events are read no further than they are wanted', async () => {
    const town = await world({ page: 2 });
    const id = await begun(town, town.order());
    town.advance(10 * MINUTE);
    town.script([{ do: 'throttle', on: 'events', every: 2 }]);
    for await (const event of town.stacks.events(id)) {
      expect(event.status).toBe('CREATE_COMPLETE');
      break;
    }
  });
});

describe('being asked to slow down', () => {
  it('is told as that at every call, and changes nothing', async () => {
    const town = await world();
    const { stacks, order, script, advance } = town;
    const asked = order();
    const id = await begun(town, asked);
    advance(10 * MINUTE);
    const before = await town.behind.describe(asked);
    script([{ do: 'throttle' }]);
    for (const call of [
      () => stacks.describe(asked),
      () => stacks.create(order()),
      () => stacks.update(id, { ...asked, token: 'update-1' }),
      () => stacks.remove(id, 'delete-1'),
      () => all(stacks.events(id)),
      () => all(stacks.list()),
    ])
      await expect(call()).rejects.toBeInstanceOf(Throttled);
    script([]);
    expect((await all(stacks.list())).flat()).toEqual([before]);
  });

  it('once does not reach the engine: the client itself tries again', async () => {
    const town = await world({ attempts: 4 });
    town.script([{ do: 'throttle', times: 1 }]);
    expect(await town.stacks.describe(town.order())).toBeUndefined();
  });
});

describe('what CloudFormation says', () => {
  const told = (on: string, code: string, message: string) => ({
    fault: (action: string) => (action === on ? { code, message } : undefined),
  });

  it.each([
    ['InsufficientCapabilitiesException', 'Requires capabilities : [CAPABILITY_NAMED_IAM]'],
    ['ValidationError', 'Template format error: unsupported structure'],
    ['LimitExceededException', 'Limit for stack has been exceeded'],
  ])('%s of a creation or an update is a refusal, with its words', async (code, reason) => {
    const creating = await world(told('CreateStack', code, reason));
    expect(await creating.stacks.create(creating.order())).toEqual({ kind: 'refused', reason });
    await creating.close();
    const updating = await world(told('UpdateStack', code, reason));
    const order = updating.order();
    const id = await begun(updating, order);
    expect(await updating.stacks.update(id, { ...order, token: 'update-1' })).toEqual({
      kind: 'refused',
      reason,
    });
  });

  it.each([
    'Throttling',
    'ThrottlingException',
    'RequestLimitExceeded',
    'ServiceUnavailable',
    'InternalFailure',
  ])('%s is a request to come back later', async (code) => {
    const { stacks } = await world(told('DescribeStacks', code, 'Stack with id x does not exist'));
    await expect(stacks.describe({ name: 'x' })).rejects.toBeInstanceOf(Throttled);
  });

  it.each([
    ['AccessDenied', 'User: x is not authorized to perform: cloudformation:DescribeStacks'],
    ['ValidationError', 'Stack with id another does not exist'],
    ['ValidationError', '1 validation error detected: Value at stackName failed: Stack x does not exist'],
  ])('%s (%s) is a failed read, not an absent stack', async (code, message) => {
    const { stacks } = await world(told('DescribeStacks', code, message));
    await expect(stacks.describe({ name: 'x' })).rejects.toThrow(message);
    await expect(stacks.remove('x', 'delete-1')).rejects.toThrow(message);
  });

  it('of a missing right is for the administrator', async () => {
    const { stacks } = await world(told('DescribeStacks', 'AccessDenied', 'User: x is not authorized'));
    await expect(all(stacks.list())).rejects.toMatchObject({
      problems: [{ code: 'access-denied', owner: 'operator' }],
    });
  });

  it('of a known token without a stack is a refusal: nothing would ever come of it', async () => {
    const { stacks, order } = await world(told('CreateStack', 'TokenAlreadyExistsException', 'exists'));
    expect(await stacks.create(order())).toMatchObject({ kind: 'refused' });
  });

  it('of a name whose stack has just gone is a clash all the same: another look tells', async () => {
    const { stacks, order } = await world(told('CreateStack', 'AlreadyExistsException', 'exists'));
    expect(await stacks.create(order())).toEqual({ kind: 'exists' });
  });

  it('of termination protection is a refusal, with its words', async () => {
    const reason = 'Stack [x] cannot be deleted while TerminationProtection is enabled';
    const town = await world(told('DeleteStack', 'ValidationError', reason));
    const order = town.order();
    const id = await begun(town, order);
    expect(await town.stacks.remove(id, 'delete-1')).toEqual({
      kind: 'refused',
      reason: expect.stringContaining(reason) as string,
    });
  });

  it('of a stack that goes between look and deletion is that it is absent', async () => {
    let id = '';
    const town = await world({
      fault: (action) =>
        action === 'DeleteStack'
          ? { code: 'ValidationError', message: `Stack [${id}] does not exist` }
          : undefined,
    });
    id = await begun(town, town.order());
    expect(await town.stacks.remove(id, 'delete-1')).toEqual({ kind: 'absent' });
  });
});
