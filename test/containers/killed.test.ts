import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { numbersFrom } from '../end-to-end/seeded.ts';
import { describeInLab } from './describe-in-lab.ts';
import { Running } from './running.ts';
import { NOTHING } from './world.ts';

const SEED = Number(process.env['CLUSTERDROP_SEED'] ?? Date.now() % 100_000);
const ROUNDS = 6;
const ONE = { container: 1, network: 1, volume: 1 };

describeInLab(`Clusterdrop that is killed (CLUSTERDROP_SEED=${SEED})`, (lab) => {
  let town: Running;
  beforeEach(async () => {
    town = new Running(lab);
    await town.start();
  });
  afterEach(() => town?.close());

  test('in the middle of creations and deletions: one cluster that works, and then nothing', {
    timeout: 400_000,
  }, async () => {
    const below = numbersFrom(SEED);
    // The first one needs the image of the hosts.
    town.create('alice', 'mycluster');
    await killedAfter(below(4000));
    await town.untilRunning('alice', 'mycluster', 180_000);
    // Undisturbed, to know how long it takes.
    const deletion = await timeOf(() => town.delete('alice', 'mycluster'));
    town.create('alice', 'mycluster');
    const creation = await timeOf(() => town.untilRunning('alice', 'mycluster'));
    await town.delete('alice', 'mycluster');

    for (let round = 0; round < ROUNDS; round++) {
      await step(`creation, round ${round}`, async () => {
        town.create('alice', 'mycluster');
        await killedAfter(below(creation));
        await town.untilRunning('alice', 'mycluster');
        expect(await town.world.counts()).toEqual(ONE);
        const written = `echo ${round} >>files/rounds; hostname; cat files/rounds | wc -l`;
        expect(await town.login('alice', 'mycluster', written)).toBe(`login\n${round + 1}\n`);
      });
      await step(`deletion, round ${round}`, async () => {
        town.write('alice', 'mycluster.cf-delete', '');
        await killedAfter(below(deletion));
        await town.untilGone('alice', 'mycluster');
        await town.until('nothing is left', async () => same(await town.world.counts(), NOTHING));
        expect(town.read('alice', 'mycluster.files/rounds')?.trim().split('\n')).toHaveLength(round + 1);
      });
    }
  });

  async function killedAfter(ms: number): Promise<void> {
    await pause(ms);
    await town.end('SIGKILL');
    await town.start();
  }
});

async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  await work();
  return Math.ceil(performance.now() - begin);
}

/** Says which one failed. */
async function step(name: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    throw new Error(`${name}: ${String(error)}`, { cause: error });
  }
}

const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);
