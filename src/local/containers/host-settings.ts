import { type HostShape, memoryForJobs } from './host-shape.ts';
import type { SlurmParameters } from './slurm-parameters.ts';

/** Name of the login host in its cluster's network. */
export const LOGIN = 'login';

type Lines = Readonly<Record<string, string | number>>;

/** What `/etc/clusterdrop/settings` of the login host says; a shell reads it. */
export function loginSettings(parameters: SlurmParameters, shape: HostShape, shrinkAfter: number): string {
  const nodes = Number(parameters.ComputeMaxNodes);
  return settingsText({
    ...common(parameters),
    ROLE: 'master',
    POLICY: parameters.AutoscalingPolicy,
    INITIAL_NODES: Math.min(Number(parameters.ComputeInitialNodes), nodes),
    MAX_NODES: nodes,
    NODE_CPUS: shape.cpus,
    NODE_MEMORY_MB: memoryForJobs(shape),
    SHRINK_AFTER: shrinkAfter,
  });
}

export function computeSettings(parameters: SlurmParameters, node: string): string {
  return settingsText({ ...common(parameters), ROLE: 'slave', NODE: node });
}

function common({ ClusterName, AccessUsername, Profiles }: SlurmParameters): Lines {
  return {
    PLACE: 'containers',
    CLUSTER: ClusterName,
    ACCOUNT: AccessUsername,
    // What holds for everybody comes first, so that a user's own can build on it.
    PROFILES: `all ${Profiles}`,
    LOGIN,
  };
}

function settingsText(lines: Lines): string {
  return Object.entries(lines)
    .map(([key, value]) => {
      const text = String(value);
      if (/['\p{Cc}]/u.test(text)) throw new Error(`${key} cannot be written for a shell`);
      return `${key}='${text}'\n`;
    })
    .join('');
}
