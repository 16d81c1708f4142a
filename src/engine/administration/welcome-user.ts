import type { Installation } from '../../core/installation.ts';
import type { ObjectStore } from '../ports.ts';

/** First files of a user's folder: a bucket has no empty folders, and whoever opens it wants to know what to do. */
export async function welcomeUser(
  users: ObjectStore,
  installation: Installation,
  user: string,
): Promise<void> {
  const home = `home/${user}`;
  const here = installation.network === undefined ? undefined : `s3://${users.bucket}/${home}`;
  await users.put(`${home}/README.txt`, readme(installation, here), { ifAbsent: true });
  await users.put(`${home}/example.json`, EXAMPLE, { ifAbsent: true });
}

const EXAMPLE = `{
    "ComputeMaxNodes": 4,
    "Lifetime": "8h"
}
`;

/** @param here the folder's address in S3; without one it is a folder of this machine */
function readme({ contact, simulated, containers }: Installation, here: string | undefined): string {
  return `Drop a file here, get a cluster. Drop another, and it is gone.

1. Start a cluster called "mycluster": copy the example to mycluster.cf-create

${here === undefined ? '       cp example.json mycluster.cf-create' : `       aws s3 cp ${here}/example.json ${here}/mycluster.cf-create`}

   A file that holds just {} works as well: then every setting is a default.
${here === undefined ? '' : '   In the S3 console: upload a file of that name into this folder.\n'}
2. Watch mycluster.cf-status. When the cluster is ready, mycluster.cf-created
   appears and holds the address to log in to. If something is wrong,
   mycluster.cf-failed says what, where, and what to change.

3. Done? A file mycluster.cf-delete ends it, whatever it holds:

${here === undefined ? '       touch mycluster.cf-delete' : `       aws s3 cp ${here}/example.json ${here}/mycluster.cf-delete`}

   mycluster.cf-deleted appears when it is really gone, and says what it cost.

${containers ? LOGIN_HERE : LOGIN}
one line each. Questions? Ask ${contact}.
${simulated ? SIMULATED : ''}`;
}

const LOGIN = `To log in you need a key: before you start a cluster, put its public half into a file
authorized_keys here,`;
const LOGIN_HERE = `To log in, paste the command that mycluster.cf-status tells under "ssh", or type
"clusterdrop ssh mycluster". More keys: public halves in a file authorized_keys here,`;

const SIMULATED = `
Clusters here are simulated: they come and go as on AWS, with real prices, limits
and mistakes, but nothing answers at their address, and nothing is paid.
`;
