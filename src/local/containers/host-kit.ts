import type { Cluster } from '../../core/identity.ts';
import type { ObjectStore } from '../../engine/ports.ts';
import type { HostFile } from './packed.ts';

const MOST_KEYS = 64 * 1024;
const MOST_STATUS = 256 * 1024;
const MOST_SCRIPT = 5_000_000;
const MOST_PROFILE = 50_000_000;

export const SETTINGS = 'etc/clusterdrop/settings';

/** Stands in for a file that is too large: where it is a script it fails, and so its owner is told. */
const TOO_LARGE = `#!/bin/sh
echo "left out: too large (a file may have ${MOST_SCRIPT / 1e6} MB, all together ${MOST_PROFILE / 1e6} MB); fetch data from a script" >&2
exit 1
`;

/** The folders of the customizer that hold for a cluster, `all` first, as the hosts find them. */
export async function profileFiles(admin: ObjectStore, profiles: readonly string[]): Promise<HostFile[]> {
  const files: HostFile[] = [];
  let bytes = 0;
  for (const profile of profiles) {
    for await (const key of objectsBelow(admin, `customizer/${profile}/`)) {
      const object = await admin.get(key, MOST_SCRIPT);
      if (!object) continue;
      // A script that is cut off must not run.
      const fits = object.size <= MOST_SCRIPT && bytes + object.size <= MOST_PROFILE;
      if (fits) bytes += object.size;
      files.push({ path: `var/lib/clusterdrop/${key}`, body: fits ? object.body : TOO_LARGE, mode: 0o755 });
    }
  }
  return files;
}

/** Keys that let the user log in: those that the administrator gave, and their own. */
export async function keysFile(
  { admin, users }: { readonly admin: ObjectStore; readonly users: ObjectStore },
  { user }: Cluster,
  account: string,
): Promise<HostFile> {
  const given = await textAt(admin, `customizer/${user}/authorized_keys`, MOST_KEYS);
  const own = await textAt(users, `home/${user}/authorized_keys`, MOST_KEYS);
  return { path: `etc/clusterdrop/keys/${account}`, body: `${given}\n${own}\n` };
}

/** What the message of the day tells from; `undefined` while there is none. */
export async function statusFile(users: ObjectStore, { path }: Cluster): Promise<HostFile | undefined> {
  const body = await textAt(users, `${path}.cf-status`, MOST_STATUS);
  return body === '' ? undefined : { path: 'etc/clusterdrop/status.json', body };
}

async function textAt(store: ObjectStore, key: string, most: number): Promise<string> {
  const object = await store.get(key, most);
  return object === undefined || object.size > most ? '' : Buffer.from(object.body).toString('utf8');
}

async function* objectsBelow(store: ObjectStore, prefix: string): AsyncGenerator<string> {
  for await (const { objects, folders } of store.list(prefix)) {
    for (const { key } of objects) if (key !== prefix) yield key;
    for (const folder of folders) yield* objectsBelow(store, folder);
  }
}
