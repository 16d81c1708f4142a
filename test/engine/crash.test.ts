import { describe, expect, test } from 'vitest';
import { attend } from '../../src/engine/attend.ts';
import { sweep } from '../../src/engine/sweep.ts';
import { portsThrough } from './ports-through.ts';
import { Town } from './town.ts';

const MINUTE = 60_000;

class Crash extends Error {}

/** A story in acts; between them the world comes to rest. */
interface Story {
  readonly name: string;
  readonly acts: readonly ((town: Town) => Promise<void>)[];
  readonly faults?: readonly object[];
  /** What is left in alice's folder, whatever crashed on the way. */
  readonly files: readonly string[];
  /** Letters that must have been sent, each at least once. */
  readonly letters: readonly string[];
  readonly stacks: number;
}

const create =
  (text = '{}') =>
  async (town: Town) =>
    void (await town.put('alice/c.cf-create', text));
const remove = async (town: Town) => void (await town.put('alice/c.cf-delete', 'enough'));
const both = async (town: Town) => {
  await town.put('alice/c.cf-create', '{"//": "kept"}');
  await remove(town);
};
const again = async (town: Town) => {
  await remove(town);
  await town.put('alice/c.cf-create', '{"ComputeMaxNodes": 7}');
};

const STORIES: readonly Story[] = [
  {
    name: 'create',
    acts: [create()],
    files: ['c.cf-created', 'c.cf-status'],
    letters: ['starting', 'ready'],
    stacks: 1,
  },
  {
    name: 'create, delete',
    acts: [create(), remove],
    files: ['c.cf-deleted', 'c.cf-status'],
    letters: ['starting', 'ready', 'gone'],
    stacks: 0,
  },
  {
    name: 'create, change',
    acts: [create(), create('{"ComputeMaxNodes": 6}')],
    files: ['c.cf-created', 'c.cf-status'],
    letters: ['starting', 'ready'],
    stacks: 1,
  },
  {
    name: 'create, new end',
    acts: [create(), create('{"Lifetime": "9d"}')],
    files: ['c.cf-created', 'c.cf-status'],
    letters: ['starting', 'ready'],
    stacks: 1,
  },
  {
    name: 'refused',
    acts: [create('{"ComputMaxNodes": 1}')],
    files: ['c.cf-failed', 'c.cf-status'],
    letters: [],
    stacks: 0,
  },
  {
    name: 'refused change',
    acts: [create(), create('{"MasterInstanceType": "m7i.large"}')],
    files: ['c.cf-created', 'c.cf-failed', 'c.cf-status'],
    letters: ['starting', 'ready'],
    stacks: 1,
  },
  {
    name: 'both at once, the delete newer',
    acts: [both],
    files: ['c.cf-deleted', 'c.cf-status'],
    letters: [],
    stacks: 0,
  },
  {
    name: 'delete and create anew',
    acts: [create(), again],
    files: ['c.cf-created', 'c.cf-status'],
    letters: ['starting', 'ready', 'gone'],
    stacks: 1,
  },
  {
    name: 'creation fails',
    faults: [{ do: 'fail', on: 'create', resource: 'LoginNode' }],
    acts: [create()],
    files: ['c.cf-failed', 'c.cf-status'],
    letters: ['starting', 'failed'],
    stacks: 0,
  },
  {
    name: 'creation refused',
    faults: [{ do: 'refuse', on: 'create', reason: 'no' }],
    acts: [create()],
    files: ['c.cf-failed', 'c.cf-status'],
    letters: ['failed'],
    stacks: 0,
  },
  {
    name: 'change fails',
    faults: [{ do: 'fail', on: 'update', resource: 'ComputeGroup' }],
    acts: [create(), create('{"ComputeMaxNodes": 6}')],
    files: ['c.cf-created', 'c.cf-failed', 'c.cf-status'],
    letters: ['starting', 'ready'],
    stacks: 1,
  },
  {
    name: 'misdrop',
    acts: [async (town) => void (await town.put('alice/1.cf-create'))],
    files: ['1.cf-failed'],
    letters: [],
    stacks: 0,
  },
];

/** Between two writes a process only thinks and reads: dying anywhere there is dying before the second. */
const WRITES = /\.(?:put|remove|create|update|send) /;

/**
 * Runs the story in a process that dies before its `at`-th write; the process that follows knows only what is in the folder.
 * @returns whether it came to the crash at all.
 */
async function play(story: Story, at: number): Promise<boolean> {
  const town = await Town.open(['alice'], { speed: 1000 });
  try {
    town.faults(story.faults ?? []);
    let writes = 0;
    let crashed = false;
    const dying = portsThrough(town.world(), async (label, call) => {
      if (WRITES.test(label) && ++writes === at) crashed = true;
      if (crashed) throw new Crash();
      return call();
    });
    for (const act of story.acts) {
      await act(town);
      // Once round is the crash, the reservation's lease and the sweep that finds it have to pass as well.
      for (let round = 0; round < (crashed ? 13 : 4); round++) {
        try {
          const world = crashed ? town.world() : dying;
          for await (const nudge of sweep(world)) await attend(world, nudge);
        } catch (error) {
          if (!(error instanceof Crash)) throw error;
          round = -1;
        }
        expect((await town.stacks()).get('alice/c') ?? []).toHaveLength(
          Math.min(1, (await town.stacks()).size),
        );
        town.clock.advance(MINUTE);
      }
    }
    const context = `${story.name}, crash before write ${at}`;
    expect(town.files('alice'), context).toEqual(story.files);
    expect([...(await town.stacks()).values()].flat(), context).toHaveLength(story.stacks);
    expect(new Set(town.letters()), context).toEqual(new Set(story.letters));
    const ledger = await town.world().ledgers.read('alice');
    expect(Object.keys(ledger.clusters), context).toHaveLength(story.stacks);
    expect(ledger.mail, context).toEqual([]);
    return crashed;
  } finally {
    town.close();
  }
}

describe('a crash between any two writes is healed by the next look', () => {
  test.each(STORIES)('$name', { timeout: 120_000 }, async (story) => {
    let at = 1;
    while (await play(story, at)) at++;
    // The story must have been long enough to crash in.
    expect(at).toBeGreaterThan(2);
  });
});
