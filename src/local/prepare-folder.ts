import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { addUser } from '../engine/administration/add-user.ts';
import { installBlueprint } from '../engine/install-blueprint.ts';
import { INSTALLATION_KEY } from '../engine/installations.ts';
import type { FolderStore } from './folder-store.ts';
import { foldersOf, LOCAL_BUCKET, openFolderStores } from './open-folder-stores.ts';
import { shippedBlueprints, shippedCustomizer } from './shipped.ts';

/** The user that a new installation on one machine begins with. */
export const FIRST_USER = 'alice';

/** Makes the folder an installation, or completes one that was left half made. @returns whether it is new. */
export async function prepareFolder(dir: string): Promise<boolean> {
  const folders = foldersOf(dir);
  mkdirSync(folders.outbox, { recursive: true });
  const { admin } = openFolderStores(dir);
  const isNew = (await admin.get(INSTALLATION_KEY)) === undefined;
  for (const blueprint of shippedBlueprints()) await installBlueprint(admin, blueprint);
  if (!isNew) return false;
  await installCustomizer(admin);
  await admin.put('limits/default.json', '{\n  "version": 1\n}\n', { ifAbsent: true });
  await addUser(admin, { name: FIRST_USER, email: `${FIRST_USER}@localhost`, keys: [] });
  welcome(join(folders.bucket, 'home', FIRST_USER));
  // Last: whoever finds it may rely on all the rest.
  const installation = {
    version: 1,
    id: `local-${randomBytes(4).toString('hex')}`,
    bucket: LOCAL_BUCKET,
    prefix: 'clusterdrop',
    contact: 'the administrator of this machine (here: you)',
    adminEmail: 'administrator@localhost',
    simulated: true,
  };
  await admin.put(INSTALLATION_KEY, `${JSON.stringify(installation, null, 2)}\n`, { ifAbsent: true });
  return true;
}

async function installCustomizer(admin: FolderStore): Promise<void> {
  for (const { key, body } of shippedCustomizer())
    await admin.put(`customizer/${key}`, body, { ifAbsent: true });
}

/** What a new user finds in their folder: what to do, and an example to copy. */
function welcome(home: string): void {
  mkdirSync(home, { recursive: true });
  for (const { name, text } of welcomeFiles()) {
    if (!existsSync(join(home, name))) writeFileSync(join(home, name), text);
  }
}

function welcomeFiles(): { name: string; text: string }[] {
  return [
    { name: 'README.txt', text: README },
    { name: 'example.json', text: EXAMPLE },
  ];
}

const EXAMPLE = `{
    "ComputeMaxNodes": 4,
    "Lifetime": "8h"
}
`;

const README = `Drop a file here, get a cluster. Drop another, and it is gone.

1. Start a cluster called "mycluster": copy the example to mycluster.cf-create

       cp example.json mycluster.cf-create

   A file that holds just {} works as well: then every setting is a default.

2. Watch mycluster.cf-status. When the cluster is ready, mycluster.cf-created
   appears and holds the address to log in to. If something is wrong,
   mycluster.cf-failed says what, where, and what to change.

3. Done? An empty file ends it:

       touch mycluster.cf-delete

   mycluster.cf-deleted appears when it is really gone, and says what it cost.

On this machine clusters are simulated: they come and go as on AWS, with real
prices, limits and mistakes, but there is nothing behind the address.
`;
