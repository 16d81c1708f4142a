import type { Nudge } from '../../engine/sweep.ts';
import { sweep } from '../../engine/sweep.ts';
import { functionWorld } from './function-world.ts';

const BATCH = 10;

/** Finds what no event told of and puts it into the queue: it does no work itself, so that one hanging cluster keeps none from being found. */
export async function handler(): Promise<{ readonly nudges: number }> {
  const begin = performance.now();
  const world = await functionWorld();
  const { queue } = world;
  if (!queue) throw new Error('this installation has no queue');
  let nudges = 0;
  let batch: Nudge[] = [];
  const send = async () => {
    await queue.send(batch.map((nudge) => ({ nudge, delaySeconds: 0 })));
    nudges += batch.length;
    batch = [];
  };
  for await (const nudge of sweep(world)) {
    batch.push(nudge);
    if (batch.length === BATCH) await send();
  }
  await send();
  world.log.metrics(Math.round(performance.now() - begin), nudges);
  return { nudges };
}
