import type { Installation } from '../../core/installation.ts';
import type { ObjectStore } from '../ports.ts';

/** First files of a user's folder: a bucket has no empty folders, and whoever opens it wants to know what to do. */
export async function welcomeUser(
  users: ObjectStore,
  installation: Installation,
  user: string,
): Promise<void> {
  const home = `home/${user}`;
  await users.put(`${home}/README.txt`, readme(installation), { ifAbsent: true });
  await users.put(`${home}/example.json`, EXAMPLE, { ifAbsent: true });
}

const EXAMPLE = `{
    "ComputeMaxNodes": 4,
    "Lifetime": "8h"
}
`;

function readme({ contact, simulated }: Installation): string {
  return `Drop a file here, get a cluster. Drop another, and it is gone.

1. Start a cluster called "mycluster": copy the example to mycluster.cf-create

       cp example.json mycluster.cf-create

   A file that holds just {} works as well: then every setting is a default.

2. Watch mycluster.cf-status. When the cluster is ready, mycluster.cf-created
   appears and holds the address to log in to. If something is wrong,
   mycluster.cf-failed says what, where, and what to change.

3. Done? An empty file ends it:

       touch mycluster.cf-delete

   mycluster.cf-deleted appears when it is really gone, and says what it cost.

To log in you need a key: put the public half into a file authorized_keys here,
one line each. Questions? Ask ${contact}.
${simulated ? SIMULATED : ''}`;
}

const SIMULATED = `
Clusters here are simulated: they come and go as on AWS, with real prices, limits
and mistakes, but nothing answers at their address, and nothing is paid.
`;
