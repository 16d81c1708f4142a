import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import type { Installation } from '../core/installation.ts';
import { addUser } from '../engine/administration/add-user.ts';
import { welcomeUser } from '../engine/administration/welcome-user.ts';
import { installBlueprint } from '../engine/install-blueprint.ts';
import { INSTALLATION_KEY } from '../engine/installations.ts';
import { readJsonObject } from '../engine/json-object.ts';
import { shippedBlueprints } from '../shipped/shipped-blueprints.ts';
import { shippedCustomizer } from '../shipped/shipped-customizer.ts';
import type { FolderStore } from './folder-store.ts';
import { foldersOf, LOCAL_BUCKET, openFolderStores } from './open-folder-stores.ts';

/** The user that a new installation on one machine begins with. */
export const FIRST_USER = 'alice';

/**
 * Makes the folder an installation, or completes one that was left half made. `simulated`: what its clusters are from now on; what
 * they were before, where that is left out. @returns whether it is new.
 */
export async function prepareFolder(dir: string, simulated?: boolean): Promise<boolean> {
  const folders = foldersOf(dir);
  mkdirSync(folders.outbox, { recursive: true });
  const { admin, users } = openFolderStores(dir);
  const isNew = (await admin.get(INSTALLATION_KEY)) === undefined;
  for (const blueprint of shippedBlueprints()) await installBlueprint(admin, blueprint);
  if (!isNew) {
    await keepKind(admin, simulated);
    return false;
  }
  await installCustomizer(admin);
  await admin.put('limits/default.json', '{\n  "version": 1\n}\n', { ifAbsent: true });
  await addUser(admin, { name: FIRST_USER, email: `${FIRST_USER}@localhost`, keys: [] });
  const installation: Installation = {
    version: 1,
    id: `local-${randomBytes(4).toString('hex')}`,
    bucket: LOCAL_BUCKET,
    prefix: 'clusterdrop',
    contact: 'the administrator of this machine (here: you)',
    adminEmail: 'administrator@localhost',
    ...kindOf(simulated ?? true),
  };
  await welcomeUser(users, installation, FIRST_USER);
  // Last: whoever finds it may rely on all the rest.
  await admin.put(INSTALLATION_KEY, `${JSON.stringify(installation, null, 2)}\n`, { ifAbsent: true });
  return true;
}

function kindOf(simulated: boolean): Pick<Installation, 'simulated' | 'containers'> {
  return simulated ? { simulated } : { simulated, containers: true };
}

async function keepKind(admin: FolderStore, simulated: boolean | undefined): Promise<void> {
  const object = await readJsonObject(admin, INSTALLATION_KEY);
  if (!object || simulated === undefined) return;
  const is = (object.value['containers'] === true) === !simulated && object.value['simulated'] === simulated;
  if (is) return;
  const { version } = object;
  const { containers: _, ...rest } = object.value;
  const body = `${JSON.stringify({ ...rest, ...kindOf(simulated) }, null, 2)}\n`;
  await admin.put(INSTALLATION_KEY, body, { ifVersion: version });
}

async function installCustomizer(admin: FolderStore): Promise<void> {
  for (const { key, body } of shippedCustomizer())
    await admin.put(`customizer/${key}`, body, { ifAbsent: true });
}
