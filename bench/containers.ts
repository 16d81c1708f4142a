import { setTimeout as pause } from 'node:timers/promises';
import { Lab } from '../test/containers/lab.ts';
import { Running } from '../test/containers/running.ts';
import { labMemoryMiB } from './lab-memory.ts';
import { median } from './median.ts';

/** Medians, in seconds. */
export interface ContainersResult {
  /** `docker run` of the hosts' image that does nothing: the least that a host costs. */
  readonly bareRun: number;
  /** As many of these at once as `nodes`. */
  readonly bareRuns: number;
  readonly login: number;
  readonly coldRun: number;
  readonly tearDown: number;
  readonly nodes: number;
  readonly coldRunOnAll: number;
  readonly tearDownOfAll: number;
  readonly engineMiB: number;
  readonly loginHostMiB: number;
  readonly computeHostMiB: number;
}

const CLUSTER = 'mycluster';
const OWNER = `alice/${CLUSTER}`;

/** Clusters in containers, in a lab of their own; ours and the bare engine take turns. */
export async function measureContainers(rounds: number, nodes: number): Promise<ContainersResult> {
  const lab = await Lab.start();
  // Nodes stay while the memory of them all is looked at.
  const town = new Running(lab.place, { CLUSTERDROP_SHRINK_AFTER: '600' });
  try {
    await town.start();
    // The first one builds the image; it warms everything else up, too.
    await oneRound(town, '1');
    const [image = ''] = await town.world.images();
    const bareRun = () => town.world.docker('run', '--rm', '--entrypoint', 'true', image);
    const engineMiB = labMemoryMiB(lab.place.process);
    const bare: number[] = [];
    const small: Round[] = [];
    for (let round = 0; round < rounds; round++) {
      bare.push(await secondsOf(bareRun));
      small.push(await oneRound(town, '2'));
    }
    const bareRuns = await secondsOf(() => Promise.all(Array.from({ length: nodes }, bareRun)));

    let loginMiB = 0;
    let allMiB = 0;
    const all = await oneRound(town, String(nodes), async (moment) => {
      if (moment === 'login') loginMiB = await restingMiB(lab.place.process);
      else allMiB = await restingMiB(lab.place.process);
    });
    const medianOf = (pick: (one: Round) => number) => median(small.map(pick));
    return {
      bareRun: median(bare),
      bareRuns,
      login: medianOf(({ login }) => login),
      coldRun: medianOf(({ coldRun }) => coldRun),
      tearDown: medianOf(({ tearDown }) => tearDown),
      nodes,
      coldRunOnAll: all.coldRun,
      tearDownOfAll: all.tearDown,
      engineMiB,
      loginHostMiB: loginMiB - engineMiB,
      computeHostMiB: (allMiB - loginMiB) / nodes,
    };
  } finally {
    await town.close();
    await lab.stop();
  }
}

interface Round {
  readonly login: number;
  readonly coldRun: number;
  readonly tearDown: number;
}

/** A cluster's life: dropped, logged in to, `srun` on `nodes` that are not there yet, deleted. */
async function oneRound(
  town: Running,
  nodes: string,
  look: (moment: 'login' | 'all') => Promise<void> = () => Promise.resolve(),
): Promise<Round> {
  const login = await secondsOf(async () => {
    town.create('alice', CLUSTER, { ComputeMaxNodes: nodes, Lifetime: '8h' });
    await town.untilRunning('alice', CLUSTER, 300_000);
    await town.login('alice', CLUSTER, 'true');
  });
  await look('login');
  let names = '';
  const coldRun = await secondsOf(async () => {
    names = await town.login('alice', CLUSTER, `srun -N${nodes} hostname`);
  });
  if (new Set(names.trim().split('\n')).size !== Number(nodes))
    throw new Error(`srun -N${nodes} hostname said\n${names}`);
  await look('all');
  const tearDown = await secondsOf(() => town.delete('alice', CLUSTER));
  const left = await town.world.counts(OWNER);
  if (Object.values(left).some((count) => count > 0)) throw new Error(`left behind: ${JSON.stringify(left)}`);
  return { login, coldRun, tearDown };
}

async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  await work();
  return (performance.now() - begin) / 1000;
}

/** Programs that have just done something hold more than they do at rest: the least of a few looks. */
async function restingMiB(process: number): Promise<number> {
  const looks: number[] = [];
  for (let look = 0; look < 4; look++) {
    await pause(1000);
    looks.push(labMemoryMiB(process));
  }
  return Math.min(...looks);
}
