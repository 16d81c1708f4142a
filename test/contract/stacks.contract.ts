import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { StackEvent, StackOrder, StackReport, Stacks } from '../../src/engine/ports.ts';

/** One implementation of `Stacks`, opened fresh for each test. */
export interface StacksUnderTest {
  readonly stacks: Stacks;
  /** Lets so much time pass; a real service waits, a simulated one turns its clock. */
  advance(milliseconds: number): void | Promise<void>;
  /** An order that succeeds. Different names and tokens at each call, unless they are given. */
  order(overrides?: Partial<StackOrder>): StackOrder;
  /** `parameters`, changed in a way that a running stack takes over in place. */
  changed(parameters: StackOrder['parameters']): StackOrder['parameters'];
  /** The output in which the address of a stack made by `order` is found, if its template has one. */
  readonly addressOutput?: string;
  close?(): void | Promise<void>;
}

const LONGEST_WAIT = 60 * 60_000;

/**
 * What every implementation of the port promises, and nothing that only one of them can do. `cannotShow`: promises that the service
 * behind it, an emulator, cannot show, each with the reason. Such a promise has to fail there: once it can be kept, that is told.
 */
export function stacksContract(
  title: string,
  open: () => Promise<StacksUnderTest>,
  cannotShow: Readonly<Record<string, string>> = {},
): void {
  const excused = new Map(Object.entries(cannotShow));
  const promise = (what: string, test: () => Promise<void>) => {
    const why = excused.get(what);
    excused.delete(what);
    if (why === undefined) it(what, test);
    else it.fails(`${what} (not here: ${why})`, test);
  };

  describe(`${title} keeps the contract of Stacks`, () => {
    let world: StacksUnderTest;
    beforeEach(async () => {
      world = await open();
    });
    afterEach(async () => {
      await world.close?.();
    });

    async function settled(id: string): Promise<StackReport> {
      for (let waited = 0; waited <= LONGEST_WAIT; waited += 10_000) {
        const report = await world.stacks.describe({ name: nameIn(id), id });
        if (report && !report.status.endsWith('_IN_PROGRESS')) return report;
        await world.advance(10_000);
      }
      throw new Error(`${id} did not come to rest`);
    }
    async function begun(order: StackOrder): Promise<string> {
      const outcome = await world.stacks.create(order);
      if (outcome.kind !== 'begun') throw new Error(`expected begun, got ${JSON.stringify(outcome)}`);
      return outcome.id;
    }
    async function running(order: StackOrder): Promise<string> {
      const id = await begun(order);
      expect((await settled(id)).status).toBe('CREATE_COMPLETE');
      return id;
    }
    async function eventsOf(id: string): Promise<readonly StackEvent[]> {
      const events: StackEvent[] = [];
      for await (const event of world.stacks.events(id)) events.push(event);
      return events;
    }
    async function listed(): Promise<readonly StackReport[]> {
      const reports: StackReport[] = [];
      for await (const page of world.stacks.list()) reports.push(...page);
      return reports;
    }

    it('is excused from promises of the contract only', () => {
      expect([...excused.keys()]).toEqual([]);
    });

    describe('create', () => {
      promise('begins a stack that is described by name and by id, with what was ordered', async () => {
        const order = world.order({ tags: { 'clusterdrop:drop': 'd1', USER: 'alice' } });
        const id = await begun(order);
        const byName = await world.stacks.describe({ name: order.name });
        expect(byName).toMatchObject({
          id,
          name: order.name,
          tags: order.tags,
          parameters: order.parameters,
        });
        expect(byName?.status).toMatch(/^CREATE_(?:IN_PROGRESS|COMPLETE)$/);
        expect(await world.stacks.describe({ name: order.name, id })).toMatchObject({
          id,
          created: byName?.created,
        });
      });

      promise('completes, and gives an address if the template has one', async () => {
        const report = await settled(await begun(world.order()));
        expect(report.status).toBe('CREATE_COMPLETE');
        if (world.addressOutput !== undefined)
          expect(report.outputs[world.addressOutput]).toMatch(/^\d{1,3}(?:\.\d{1,3}){3}$/);
      });

      promise(
        'answers a repeat with the same token with the same stack, at any time, and makes no second one',
        async () => {
          const order = world.order();
          const id = await begun(order);
          expect(await world.stacks.create(order)).toEqual({ kind: 'begun', id });
          await settled(id);
          expect(await world.stacks.create(order)).toEqual({ kind: 'begun', id });
          expect((await listed()).filter((report) => report.name === order.name)).toHaveLength(1);
        },
      );

      promise('leaves a stack alone when another request wants its name', async () => {
        const order = world.order({ tags: { owner: 'first' } });
        const id = await begun(order);
        const second = world.order({ name: order.name, tags: { owner: 'second' } });
        expect(await world.stacks.create(second)).toEqual({ kind: 'exists' });
        expect(await world.stacks.describe({ name: order.name })).toMatchObject({
          id,
          tags: { owner: 'first' },
        });
      });

      promise('lets exactly one of several racing requests have the name', async () => {
        const { name } = world.order();
        const orders = Array.from({ length: 5 }, () => world.order({ name }));
        const outcomes = await Promise.all(orders.map((order) => world.stacks.create(order)));
        expect(outcomes.map((outcome) => outcome.kind).toSorted()).toEqual([
          'begun',
          ...Array.from({ length: 4 }, () => 'exists'),
        ]);
      });

      promise(
        'refuses parameters that the template does not know, names them, and leaves nothing behind',
        async () => {
          const order = world.order();
          const outcome = await world.stacks.create({
            ...order,
            parameters: { ...order.parameters, NoSuchThing: '1' },
          });
          expect(outcome).toMatchObject({
            kind: 'refused',
            reason: expect.stringContaining('NoSuchThing') as string,
          });
          expect(await world.stacks.describe({ name: order.name })).toBeUndefined();
        },
      );
    });

    describe('update', () => {
      promise('changes parameters and tags of the same stack', async () => {
        const order = world.order({ tags: { drop: 'one' } });
        const id = await running(order);
        const created = (await settled(id)).created;
        const update = {
          ...bare(world.order()),
          parameters: world.changed(order.parameters),
          tags: { drop: 'two' },
        };
        expect(await world.stacks.update(id, update)).toEqual({ kind: 'begun' });
        expect(await settled(id)).toMatchObject({
          id,
          created,
          status: 'UPDATE_COMPLETE',
          parameters: update.parameters,
          tags: { drop: 'two' },
        });
      });

      promise('takes a change of tags alone for a change', async () => {
        const order = world.order({ tags: { drop: 'one' } });
        const id = await running(order);
        const update = { ...bare(world.order()), parameters: order.parameters, tags: { drop: 'two' } };
        expect(await world.stacks.update(id, update)).toEqual({ kind: 'begun' });
        expect((await settled(id)).tags).toEqual({ drop: 'two' });
      });

      promise('says so when there is nothing to change', async () => {
        const order = world.order();
        const id = await running(order);
        const update = { ...bare(world.order()), parameters: order.parameters, tags: order.tags };
        expect(await world.stacks.update(id, update)).toEqual({ kind: 'unchanged' });
      });

      promise('never performs one request twice, not even after another one', async () => {
        const order = world.order({ tags: { drop: 'one' } });
        const id = await running(order);
        const first = {
          ...bare(world.order()),
          parameters: world.changed(order.parameters),
          tags: order.tags,
        };
        await world.stacks.update(id, first);
        await settled(id);
        const back = { ...bare(world.order()), parameters: order.parameters, tags: order.tags };
        expect(await world.stacks.update(id, back)).toEqual({ kind: 'begun' });
        await settled(id);
        const before = await eventsOf(id);
        expect(await world.stacks.update(id, first)).toEqual({ kind: 'begun' });
        expect(await eventsOf(id)).toEqual(before);
        expect((await settled(id)).parameters).toEqual(order.parameters);
      });

      promise('refuses unknown parameters and leaves the stack as it is', async () => {
        const order = world.order();
        const id = await running(order);
        const update = { ...bare(world.order()), parameters: { ...order.parameters, NoSuchThing: '1' } };
        expect(await world.stacks.update(id, update)).toMatchObject({ kind: 'refused' });
        expect(await settled(id)).toMatchObject({ status: 'CREATE_COMPLETE', parameters: order.parameters });
      });

      promise('asks to look again when the stack has gone: the caller is late, not wrong', async () => {
        const order = world.order();
        const id = await running(order);
        await world.stacks.remove(id, `delete-${order.token}`);
        await settled(id);
        const update = { ...bare(world.order()), parameters: world.changed(order.parameters) };
        expect(await world.stacks.update(id, update)).toMatchObject({ kind: 'busy' });
      });
    });

    describe('remove', () => {
      promise('ends with a stack that only its id still finds', async () => {
        const order = world.order();
        const id = await running(order);
        expect(await world.stacks.remove(id, `delete-${order.token}`)).toEqual({ kind: 'begun' });
        expect((await settled(id)).status).toBe('DELETE_COMPLETE');
        expect(await world.stacks.describe({ name: order.name })).toBeUndefined();
        expect((await listed()).map((report) => report.id)).not.toContain(id);
      });

      promise('may be asked for again: while it goes on, and when it is over', async () => {
        const order = world.order();
        const id = await running(order);
        await world.stacks.remove(id, `delete-${order.token}`);
        const again = await world.stacks.remove(id, `again-${order.token}`);
        const { status } = await settled(id);
        expect(['begun', 'absent']).toContain(again.kind);
        expect(status).toBe('DELETE_COMPLETE');
        expect(await world.stacks.remove(id, `late-${order.token}`)).toEqual({ kind: 'absent' });
      });

      promise('frees the name for another stack, and never touches that one by the old id', async () => {
        const order = world.order();
        const old = await running(order);
        await world.stacks.remove(old, `delete-${order.token}`);
        await settled(old);
        const id = await running(world.order({ name: order.name }));
        expect(id).not.toBe(old);
        expect(await world.stacks.describe({ name: order.name })).toMatchObject({ id });
        expect(await world.stacks.describe({ name: order.name, id: old })).toMatchObject({
          id: old,
          status: 'DELETE_COMPLETE',
        });
        expect(await world.stacks.remove(old, `late-${order.token}`)).toEqual({ kind: 'absent' });
        expect((await settled(id)).status).toBe('CREATE_COMPLETE');
      });
    });

    describe('describe, events and list', () => {
      promise('knows no stack of a name that was never used', async () => {
        expect(await world.stacks.describe({ name: world.order().name })).toBeUndefined();
      });

      promise(
        'gives events newest first, each with an id of its own and the token of the call behind it',
        async () => {
          const order = world.order();
          const id = await running(order);
          const events = await eventsOf(id);
          const times = events.map((event) => event.at);
          expect(times).toEqual(times.toSorted((a, b) => b - a));
          expect(new Set(events.map((event) => event.id)).size).toBe(events.length);
          const own = events.filter((event) => event.type === 'AWS::CloudFormation::Stack');
          expect(own[0]).toMatchObject({
            logicalId: order.name,
            status: 'CREATE_COMPLETE',
            token: order.token,
          });
        },
      );

      promise('shows the token of an update in the events, so that a repeat can be recognised', async () => {
        const order = world.order();
        const id = await running(order);
        const update = { ...bare(world.order()), parameters: world.changed(order.parameters) };
        await world.stacks.update(id, update);
        await settled(id);
        expect((await eventsOf(id)).map((event) => event.token)).toContain(update.token);
      });

      promise('lists every stack that is not gone, once', async () => {
        const ids = [await begun(world.order()), await begun(world.order()), await begun(world.order())];
        const found = (await listed()).map((report) => report.id).filter((id) => ids.includes(id));
        expect(found.toSorted()).toEqual(ids.toSorted());
      });
    });
  });
}

/** What an update takes of an order. */
function bare({
  name: _name,
  blueprint: _blueprint,
  ...rest
}: StackOrder): Omit<StackOrder, 'name' | 'blueprint'> {
  return rest;
}

function nameIn(id: string): string {
  return id.split('/')[1] ?? id;
}
