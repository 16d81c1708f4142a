import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ContainerStacks } from '../../src/local/containers/container-stacks.ts';
import { HostedBook } from '../../src/local/containers/hosted-book.ts';
import { type HostedStack, statusOf, withTurn } from '../../src/local/containers/hosted-stack.ts';
import { SoleCaretaker } from '../../src/local/containers/sole-caretaker.ts';
import { StackFolder } from '../../src/local/stack-folder.ts';
import { moreNodes, SLURM, slurmOrder } from './slurm-orders.ts';

const PARAMETERS = {
  ClusterName: 'mycluster',
  AccessUsername: 'alice',
  Profiles: 'alice',
  MasterInstanceType: 't3.medium',
  MasterSystemVolumeSize: '32',
  ComputeInstanceType: 'c7i.large',
  ComputeSpotPrice: 'spot',
  AutoscalingPolicy: 'enabled',
  ComputeInitialNodes: '0',
  ComputeMaxNodes: '4',
};

// What becomes of an order without anybody who looks after the hosts: the calls only write down. With an engine: test/containers/.
let folder: string;
let book: HostedBook;
let stacks: ContainerStacks;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'container-stacks-'));
  book = new HostedBook(folder);
  stacks = open();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const open = () =>
  new ContainerStacks({
    book: new HostedBook(folder),
    clock: Date,
    blueprintOf: () => Promise.resolve(SLURM),
  });
const order = (overrides: Parameters<typeof slurmOrder>[0] = {}) =>
  slurmOrder({ parameters: PARAMETERS, ...overrides });

async function begun(wish = order()): Promise<string> {
  const outcome = await stacks.create(wish);
  if (outcome.kind !== 'begun') throw new Error(`expected begun, got ${JSON.stringify(outcome)}`);
  return outcome.id;
}

/** As if the hosts had come so far. */
async function reached(
  id: string,
  name: string,
  ...statuses: readonly string[]
): Promise<HostedStack | undefined> {
  let stack: HostedStack | undefined;
  for (const status of statuses)
    stack = await book.change({ id, name }, (one) => withTurn(one, { status }, Date.now()));
  return stack;
}

async function all<T>(things: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const thing of things) found.push(thing);
  return found;
}

describe('a stack of containers', () => {
  it('is known to every process from the moment it was ordered, with what it is made of', async () => {
    const wish = order();
    const id = await begun(wish);
    expect(await open().describe({ name: wish.name })).toMatchObject({
      id,
      status: 'CREATE_IN_PROGRESS',
      parameters: PARAMETERS,
      tags: wish.tags,
      outputs: {},
      resources: 5,
    });
  });

  it('is made once for one token, and its name is taken for others', async () => {
    const wish = order();
    const id = await begun(wish);
    expect(await open().create(wish)).toEqual({ kind: 'begun', id });
    expect(await open().create({ ...wish, token: 'create-other' })).toEqual({ kind: 'exists' });
  });

  it('is refused where a host could not be told its settings, or the blueprint has no hosts', async () => {
    const odd = order({ parameters: { ...PARAMETERS, AccessUsername: "x'; reboot" } });
    expect(await stacks.create(odd)).toMatchObject({
      kind: 'refused',
      reason: expect.stringContaining('AccessUsername'),
    });
    const other = order({ blueprint: { name: 'alces-flight', hash: 'a'.repeat(64) } });
    expect(await stacks.create(other)).toMatchObject({
      kind: 'refused',
      reason: expect.stringContaining('alces-flight'),
    });
    expect(await book.named(odd.name)).toBeUndefined();
  });

  it('is not changed before it stands, then once for one token, and never for nothing', async () => {
    const wish = order();
    const id = await begun(wish);
    const change = { ...wish, parameters: moreNodes(PARAMETERS), token: 'update-1' };
    expect(await stacks.update(id, change)).toMatchObject({ kind: 'busy' });
    await reached(id, wish.name, 'CREATE_COMPLETE');
    expect(await stacks.update(id, { ...wish, token: 'update-0' })).toEqual({ kind: 'unchanged' });
    expect(await stacks.update(id, change)).toEqual({ kind: 'begun' });
    expect(await stacks.update(id, change)).toEqual({ kind: 'begun' });
    expect(await stacks.update(id, { ...change, token: 'update-2' })).toMatchObject({ kind: 'busy' });
    const stack = await reached(id, wish.name, 'UPDATE_COMPLETE');
    expect(stack).toMatchObject({ mostNodes: 9, before: { parameters: PARAMETERS } });
    expect(stack?.events.filter(({ status }) => status === 'UPDATE_IN_PROGRESS')).toHaveLength(1);
  });

  it('can be deleted at any time but during a change, and gives its name away when it has gone', async () => {
    const wish = order();
    const id = await begun(wish);
    expect(await stacks.remove(id, 'delete-1')).toEqual({ kind: 'begun' });
    expect(await stacks.remove(id, 'delete-2')).toEqual({ kind: 'begun' });
    await reached(id, wish.name, 'DELETE_COMPLETE');
    expect(await stacks.describe({ name: wish.name })).toBeUndefined();
    expect(await stacks.describe({ name: wish.name, id })).toMatchObject({ status: 'DELETE_COMPLETE' });
    expect(await stacks.remove(id, 'delete-3')).toEqual({ kind: 'absent' });
    expect(await begun({ ...wish, token: 'create-again' })).not.toBe(id);
    const listed = (await all(stacks.list())).flat();
    expect(listed).toHaveLength(1);
  });

  it('gives its name away also if a process died just before it did', async () => {
    const wish = order();
    const id = await begun(wish);
    await stacks.remove(id, 'delete-1');
    const stack = await book.byId(id);
    if (!stack) throw new Error('it is written down');
    new StackFolder<HostedStack>(folder).replaceSync(
      withTurn(stack, { status: 'DELETE_COMPLETE' }, Date.now()),
    );
    expect(await open().describe({ name: wish.name })).toBeUndefined();
    expect(await all(book.living())).toEqual([]);
    expect(await begun({ ...wish, token: 'create-again' })).not.toBe(id);
    expect(await open().describe({ name: wish.name, id })).toMatchObject({ status: 'DELETE_COMPLETE' });
  });

  it('is tried again with a new token after a deletion that failed', async () => {
    const wish = order();
    const id = await begun(wish);
    await stacks.remove(id, 'delete-1');
    await reached(id, wish.name, 'DELETE_FAILED');
    await stacks.remove(id, 'delete-1');
    expect((await stacks.describe({ name: wish.name }))?.status).toBe('DELETE_FAILED');
    await stacks.remove(id, 'delete-2');
    expect((await stacks.describe({ name: wish.name }))?.status).toBe('DELETE_IN_PROGRESS');
  });

  it('tells its events newest first, and throws for one that never was', async () => {
    const wish = order();
    const id = await begun(wish);
    await reached(id, wish.name, 'CREATE_COMPLETE');
    const events = await all(stacks.events(id));
    expect(events.map(({ status }) => status)).toEqual(['CREATE_COMPLETE', 'CREATE_IN_PROGRESS']);
    expect(new Set(events.map((event) => event.id)).size).toBe(2);
    await expect(all(stacks.events(id.replace(/.$/, 'x')))).rejects.toThrow('does not exist');
  });

  it('is changed by nobody who saw another life of its name', async () => {
    const wish = order();
    const id = await begun(wish);
    const other = await book.change({ id: `${id}x`, name: wish.name }, (one) =>
      withTurn(one, { status: 'GONE' }, 0),
    );
    expect(other).toBeUndefined();
    const stack = await book.byId(id);
    expect(stack && statusOf(stack).status).toBe('CREATE_IN_PROGRESS');
  });
});

describe('the post of looking after the hosts of a folder', () => {
  const child = () =>
    spawn(process.execPath, ['--import', 'tsx', 'test/local/sole-caretaker-child.ts', folder], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });

  it('is held by one process, and free again when that was killed', async () => {
    const other = child();
    const [said] = await once(other.stdout, 'data');
    expect(String(said)).toBe('true\n');
    const post = new SoleCaretaker(folder);
    expect(await post.take()).toBe(false);
    expect(post.holder()).toBe(String(other.pid));
    other.kill('SIGKILL');
    await once(other, 'exit');
    expect(await post.take()).toBe(true);
    expect(await post.take()).toBe(true);
    await post.release();
    expect(post.holder()).toBe('');
  });
});
