import type { Blueprint } from '../core/blueprint.ts';
import type { Cluster } from '../core/identity.ts';
import type { Installation } from '../core/installation.ts';
import { loginAccountOf } from '../core/login-account.ts';
import type { SystemValues } from '../core/parameters.ts';

/** What only the system may set of a cluster's template parameters. Without an installation: what the path alone tells. */
export function systemValues(cluster: Cluster, installation?: Installation): SystemValues {
  const network = installation?.network;
  return {
    account: loginAccountOf(cluster.user),
    user: cluster.user,
    profiles: cluster.user,
    cluster: cluster.name,
    vpc: network?.vpc ?? '',
    subnets: network?.subnets.join(',') ?? '',
    subnet: network?.subnets[0] ?? '',
    'ssh-from': network?.sshFrom ?? '',
    boundary: network?.boundary ?? '',
    'role-path': network?.rolePath ?? '/',
  };
}

/**
 * The parameters of a running cluster's change, with everything that the system sets left as it runs: an installation that prefers
 * another subnet since then must not replace anybody's login node.
 */
export function keptInPlace(
  { parameters: sources }: Pick<Blueprint, 'parameters'>,
  running: Readonly<Record<string, string>>,
  wanted: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(wanted).map(([name, value]) => {
      const source = sources[name];
      return [name, source && 'system' in source ? (running[name] ?? value) : value];
    }),
  );
}
