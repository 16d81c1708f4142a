import { ProblemError, problem } from '../core/problems.ts';
import type { Stacks } from '../engine/ports.ts';
import { ContainerStacks } from './containers/container-stacks.ts';
import { engineFile, homeOf } from './containers/engine-home.ts';
import { findEngine, type NoEngine } from './containers/find-engine.ts';
import { HostedBook } from './containers/hosted-book.ts';
import type { OpenedEngine } from './containers/open-engine.ts';
import { foldersOf, systemClock } from './open-folder-stores.ts';
import { SimulatedStacks } from './simulated-stacks.ts';

export const HOST_KINDS = ['auto', 'containers', 'simulated'] as const;
export type HostKind = (typeof HOST_KINDS)[number];

/** What clusters of a folder are made of, and why. */
export type ChosenHosts =
  | { readonly kind: 'containers'; readonly found: OpenedEngine; readonly why: string }
  | {
      readonly kind: 'simulated';
      readonly why: string;
      /** How to get containers, for somebody who did not ask for simulated ones. */
      readonly help?: string;
    };

/**
 * A folder has hosts of one kind as long as clusters live in it: what words, prices and addresses mean depends on it. `auto` takes
 * containers where an engine answers, and where some live already, that is the engine that they live in.
 * @throws ProblemError `other-hosts`, `no-engine`, `engine-away`
 */
export async function chooseHosts(
  dir: string,
  wanted: HostKind,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<ChosenHosts> {
  const { simulated, containers } = await livingIn(dir);
  const living = containers > 0 ? 'containers' : simulated > 0 ? 'simulated' : undefined;
  const clusters = containers || simulated;
  if (living !== undefined && wanted !== 'auto' && wanted !== living)
    throw new ProblemError(problem('other-hosts', { wanted, clusters, living }));
  const kind = wanted === 'auto' ? living : wanted;
  if (wanted === 'simulated') return { kind: wanted, why: 'as was asked for' };
  const { hosts } = foldersOf(dir);
  const home = await homeOf(hosts);
  const found = await findEngine(environment, home);
  if (kind === 'simulated')
    return {
      kind,
      why: `${clusters} simulated ${clusters === 1 ? 'cluster lives' : 'clusters live'} in this folder`,
      help: `${'engine' in found ? '' : `${found.help} `}End ${clusters === 1 ? 'it' : 'them'}, or use another folder (--dir).`,
    };
  if ('engine' in found)
    return { kind: 'containers', found, why: `${found.name} answers at ${found.socket}` };
  if (home) {
    const { name, socket } = home.kept;
    const away = { clusters: containers, engine: `${name} at ${socket}`, tried: triedWords(found) };
    throw new ProblemError(problem('engine-away', { ...away, hint: found.help, file: engineFile(hosts) }));
  }
  if (kind === 'containers')
    throw new ProblemError(
      problem('no-engine', { tried: triedWords(found), clusters: containers, hint: found.help }),
    );
  return { kind: 'simulated', why: `no container engine answers (${triedWords(found)})`, help: found.help };
}

/** How many clusters live, by what they are made of. */
async function livingIn(dir: string): Promise<{ readonly simulated: number; readonly containers: number }> {
  const folders = foldersOf(dir);
  const blueprintOf = () => Promise.reject(new Error('nothing is created here'));
  const clock = systemClock;
  return {
    simulated: await count(new SimulatedStacks({ folder: folders.stacks, clock, speed: 1, blueprintOf })),
    containers: await count(new ContainerStacks({ book: new HostedBook(folders.hosts), clock, blueprintOf })),
  };
}

async function count(stacks: Stacks): Promise<number> {
  let living = 0;
  for await (const page of stacks.list()) living += page.length;
  return living;
}

function triedWords({ tried }: NoEngine): string {
  const there = tried.filter(({ why }) => why !== 'there is no such socket');
  if (there.length === 0)
    return tried.length === 1
      ? `nothing is at ${tried[0]?.socket}`
      : `nothing is at ${tried[0]?.socket} or at the other usual places`;
  return there.map(({ socket, why }) => `${socket}: ${why}`).join('; ');
}
