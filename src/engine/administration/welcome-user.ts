import type { Installation } from '../../core/installation.ts';
import type { ObjectStore } from '../ports.ts';

/** Puts a first file into a user's folder: a bucket has no empty folders, and whoever opens it wants to know what to do. */
export async function welcomeUser(
  users: ObjectStore,
  installation: Installation,
  user: string,
): Promise<void> {
  await users.put(`home/${user}/README.txt`, readme(installation), { ifAbsent: true });
}

function readme({ contact, simulated }: Installation): string {
  return `Drop a file here, get a cluster. Drop another, and it is gone.

1. Start a cluster called "mycluster": upload a file mycluster.cf-create that
   holds {}, or the settings that you want, such as {"ComputeMaxNodes": 4}

2. Watch mycluster.cf-status. When the cluster is ready, mycluster.cf-created
   appears and holds the address to log in to. If something is wrong,
   mycluster.cf-failed says what, where, and what to change.

3. Done? An empty file mycluster.cf-delete ends it; mycluster.cf-deleted appears
   when it is really gone, and says what it cost.

To log in you need a key: put the public half into a file authorized_keys here,
one line each. Questions? Ask ${contact}.
${simulated ? '\nClusters here are simulated: nothing answers at their address, and nothing is paid.\n' : ''}`;
}
