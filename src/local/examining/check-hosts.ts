import { fail, ok, type Verdict, warn } from '../../core/finding.ts';
import type { Installation } from '../../core/installation.ts';
import type { Stacks } from '../../engine/ports.ts';
import { homeOf } from '../containers/engine-home.ts';
import { findEngine } from '../containers/find-engine.ts';
import { LABEL } from '../containers/labels.ts';

export interface HostsSubject {
  readonly installation: Installation;
  readonly stacks: Stacks;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Where stacks of containers are written down. */
  readonly hostsFolder: string;
}

/** What clusters of this folder are made of, and whether it answers. */
export async function checkHosts({
  installation,
  stacks,
  environment,
  hostsFolder,
}: HostsSubject): Promise<readonly Verdict[]> {
  if (installation.simulated) return [ok('clusters are simulated')];
  const home = await homeOf(hostsFolder);
  const found = await findEngine(environment, home);
  if (!('engine' in found)) {
    const tried = found.tried.map(({ socket, why }) => `${socket}: ${why}`).join('; ');
    return [
      fail(
        home
          ? `clusters live in ${home.kept.name} at ${home.kept.socket}, and that engine does not answer (${tried})`
          : `clusters are containers, and no container engine answers (${tried})`,
        `${found.help} Clusters go on where they were.`,
      ),
    ];
  }
  const hosts = await found.engine.hosts({ [LABEL.installation]: installation.id });
  const strays: Verdict[] = [];
  for (const { name, labels } of hosts) {
    const stack = await stacks.describe({ name: '', id: labels[LABEL.stack] ?? '' });
    if (!stack || stack.status === 'DELETE_COMPLETE') strays.push(strayWords(name, stack !== undefined));
  }
  const running = hosts.filter(({ isRunning }) => isRunning).length;
  return [
    ok(`${found.name} at ${found.socket}: ${running} ${running === 1 ? 'host runs' : 'hosts run'}`),
    ...strays,
  ];
}

function strayWords(name: string, hasEnded: boolean): Verdict {
  return hasEnded
    ? warn(
        `the container ${name} is ours, and its cluster has ended`,
        '"clusterdrop local" removes it within five minutes of its start, "clusterdrop local --clean" at once.',
      )
    : warn(
        `the container ${name} is ours, and this folder has no record of its cluster`,
        'The folder is a copy, or older than that cluster. Where no other copy of it has the cluster, "clusterdrop local --clean" removes it.',
      );
}
