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
