import { openLocalTown } from './local-town.ts';
import { answerAll, dropAll, untilQuiet } from './start-all.ts';

export interface DropsResult {
  readonly drops: number;
  readonly seconds: number;
  /** CPU of this process, user and system, for one drop from file to address. */
  readonly cpuMsPerDrop: number;
}

/** Stacks are there at once: what is measured is what we do, not how long AWS takes. */
const SPEED = 1e5;

/** So many drops at once by 100 users, from the files to the last `.cf-created`. */
export async function measureDrops(drops: number): Promise<DropsResult> {
  const town = await openLocalTown(100, SPEED);
  try {
    dropAll(town, drops);
    await untilQuiet();
    const cpu = process.cpuUsage();
    const begin = performance.now();
    await answerAll(town);
    const seconds = (performance.now() - begin) / 1000;
    const { user, system } = process.cpuUsage(cpu);
    return { drops, seconds, cpuMsPerDrop: (user + system) / 1000 / drops };
  } finally {
    town.close();
  }
}
