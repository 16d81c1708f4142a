import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { attendMessages } from '../../src/aws/attend-messages.ts';
import { nudgeText } from '../../src/aws/nudge-message.ts';
import { Throttled } from '../../src/engine/ports.ts';
import { Town } from '../engine/town.ts';
import { objectCreated, stackChanged } from './events.ts';

const BUCKET = 'local';

describe('a batch of messages', () => {
  let town: Town;
  beforeEach(async () => {
    town = await Town.open();
  });
  afterEach(() => town.close());

  const give = (bodies: readonly string[], world = town.world()) =>
    attendMessages(
      world,
      bodies.map((body, index) => ({ id: `m${index}`, body })),
    );
  const dropped = (path: string) => objectCreated(BUCKET, `home/${path}.cf-create`);

  async function stackOf(path: string) {
    const [stack] = (await town.stacks()).get(path) ?? [];
    if (!stack) throw new Error(`${path} has no stack`);
    return stack;
  }

  it('starts one stack, however many messages name the cluster and in whatever order', async () => {
    await town.put('alice/one.cf-create');
    await town.put('bob/one.cf-create');
    const { failed } = await give([
      dropped('alice/one'),
      dropped('bob/one'),
      dropped('alice/one'),
      nudgeText({ kind: 'cluster', cluster: town.cluster('alice/one') }),
    ]);
    expect([...failed]).toEqual([]);
    const stacks = await town.stacks();
    expect([...stacks.keys()].toSorted()).toEqual(['alice/one', 'bob/one']);
    expect([...stacks.values()].map((all) => all.length)).toEqual([1, 1]);
  });

  it('takes a cluster from its drop to its address and to its end by events alone', async () => {
    await town.put('alice/one.cf-create');
    await give([dropped('alice/one')]);
    town.clock.advance(60 * 60_000);
    await give([stackChanged((await stackOf('alice/one')).id, 'CREATE_COMPLETE')]);
    expect(town.read('alice/one.cf-created')).toMatch(/^\d+\.\d+\.\d+\.\d+\n$/);
    expect(town.read('alice/one.cf-create')).toBeUndefined();

    await town.put('alice/one.cf-delete', '');
    const { id } = await stackOf('alice/one');
    await give([objectCreated(BUCKET, 'home/alice/one.cf-delete')]);
    town.clock.advance(60 * 60_000);
    // After its end a stack is found by its id only.
    await give([stackChanged(id, 'DELETE_COMPLETE')]);
    expect(town.files('alice').filter((name) => name.startsWith('one.'))).toEqual([
      'one.cf-deleted',
      'one.cf-status',
    ]);
    expect(town.letters()).toContain('ready');
  });

  it('believes nothing that an event says', async () => {
    await give([dropped('alice/one'), objectCreated(BUCKET, 'home/alice/one.cf-delete')]);
    expect((await town.stacks()).size).toBe(0);
    expect(town.files('alice')).toEqual([]);

    await town.put('alice/two.cf-create');
    await give([dropped('alice/two')]);
    await give([stackChanged((await stackOf('alice/two')).id, 'DELETE_COMPLETE')]);
    expect((await stackOf('alice/two')).status).toBe('CREATE_IN_PROGRESS');
  });

  it('fails only what cannot be read, and attends to the rest', async () => {
    await town.put('alice/one.cf-create');
    const { failed } = await give(['{"no": "nudge"}', dropped('alice/one'), 'not even JSON']);
    expect([...failed]).toEqual(['m0', 'm2']);
    expect((await town.stacks()).size).toBe(1);
    expect(town.troubles).toHaveLength(2);
  });

  it('passes over what is none of this installation', async () => {
    const elsewhere = 'arn:aws:cloudformation:eu-west-2:123456789012:stack/cd-x-0011223344556677/1';
    const { failed, later } = await give([
      objectCreated('another-bucket', 'home/alice/one.cf-create'),
      objectCreated(BUCKET, 'home/alice/notes.txt'),
      stackChanged(elsewhere, 'CREATE_COMPLETE'),
      stackChanged(elsewhere.replace('cd-x', 'somebody-elses'), 'CREATE_COMPLETE'),
      nudgeText({ kind: 'cluster', cluster: { ...town.cluster('alice/one'), bucket: 'another-bucket' } }),
    ]);
    expect({ failed: [...failed], later, troubles: town.troubles }).toEqual({
      failed: [],
      later: [],
      troubles: [],
    });
  });

  it('asks for a second look where no event would come, and leaves what is far away to the sweep', async () => {
    await town.put('alice/one.cf-create');
    const { later } = await give([dropped('alice/one')]);
    for (const { delaySeconds } of later) expect(delaySeconds).toBeLessThanOrEqual(900);
    town.faults([{ do: 'throttle', on: 'create' }]);
    await town.put('alice/two.cf-create');
    const slowed = await give([dropped('alice/two')]);
    expect([...slowed.failed]).toEqual([]);
    expect(slowed.later).toEqual([
      {
        nudge: { kind: 'cluster', cluster: town.cluster('alice/two') },
        delaySeconds: expect.any(Number),
        looks: 1,
      },
    ]);
  });

  it('never has more and more looks, however long a cluster has to wait and however often the sweep names it', async () => {
    await town.put('alice/one.cf-create');
    const fresh = nudgeText({ kind: 'cluster', cluster: town.cluster('alice/one') });
    const world = town.world();
    const slow = async () => {
      throw new Throttled();
    };
    const ports = { ...world, stacks: Object.assign(Object.create(world.stacks), { describe: slow }) };
    let waiting: string[] = [];
    for (let sweeps = 0; sweeps < 40; sweeps++) {
      // Each in a batch of its own, the worst case.
      const given = await Promise.all([fresh, ...waiting].map((body) => give([body], ports)));
      waiting = given.flatMap(({ later }) => later.map(({ nudge, looks }) => nudgeText(nudge, looks)));
    }
    expect(waiting).toHaveLength(10);
    // News begins a row anew, also beside a message that is at its end.
    const { later } = await give([waiting.at(-1) ?? '', fresh], ports);
    expect(later).toMatchObject([{ looks: 1 }]);
  });

  it('takes being slowed down for no failure, wherever it happens', async () => {
    const world = town.world();
    const slow = async () => {
      throw new Throttled();
    };
    const { failed } = await give(
      [
        dropped('alice/one'),
        stackChanged('arn:aws:cloudformation:eu-west-2:1:stack/cd-x/1', 'CREATE_COMPLETE'),
      ],
      { ...world, stacks: Object.assign(Object.create(world.stacks), { describe: slow }) },
    );
    expect({ failed: [...failed], troubles: town.troubles }).toEqual({ failed: [], troubles: [] });
  });

  it('gives again what only broke on the way', async () => {
    await town.put('alice/one.cf-create');
    const world = town.world();
    const broken = async () => {
      throw new Error('socket hang up');
    };
    const ports = { ...world, stacks: Object.assign(Object.create(world.stacks), { describe: broken }) };
    expect([...(await give([dropped('alice/one')], ports)).failed]).toEqual(['m0']);
    await give([dropped('alice/one')]);
    expect((await town.stacks()).size).toBe(1);
  });
});
