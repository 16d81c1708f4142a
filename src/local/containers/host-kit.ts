import type { Cluster } from '../../core/identity.ts';
import { objectsBelow } from '../../engine/objects-below.ts';
import type { ObjectStore } from '../../engine/ports.ts';
import type { HostFile } from './packed.ts';

const MOST_KEYS = 64 * 1024;
const MOST_STATUS = 256 * 1024;
const MOST_SCRIPT = 5_000_000;
const MOST_PROFILE = 50_000_000;

export const SETTINGS = 'etc/clusterdrop/settings';

const TOO_LARGE = `too large (a file may have ${MOST_SCRIPT / 1e6} MB, all together ${MOST_PROFILE / 1e6} MB); fetch data from a script`;
const UNREADABLE = 'Clusterdrop may not read it';

/** Stands in for a file that is left out: where it is a script it fails, and so its owner is told. */
function standIn(why: string): string {
  return `#!/bin/sh\necho "left out: ${why}" >&2\nexit 1\n`;
}

/** The folders of the customizer that hold for a cluster, `all` first, as the hosts find them. */
export async function profileFiles(admin: ObjectStore, profiles: readonly string[]): Promise<HostFile[]> {
  const files: HostFile[] = [];
  let bytes = 0;
  for (const profile of profiles) {
    for await (const { key } of objectsBelow(admin, `customizer/${profile}/`)) {
      const path = `var/lib/clusterdrop/${key}`;
      const object = await readable(() => admin.get(key, MOST_SCRIPT));
      if (object === 'unreadable') files.push({ path, body: standIn(UNREADABLE), mode: 0o755 });
      if (!object || object === 'unreadable') continue;
      // A script that is cut off must not run.
      const fits = object.size <= MOST_SCRIPT && bytes + object.size <= MOST_PROFILE;
      if (fits) bytes += object.size;
      files.push({ path, body: fits ? object.body : standIn(TOO_LARGE), mode: 0o755 });
    }
  }
  return files;
}

/** Keys that let the user log in: those that the administrator gave, and their own. */
export interface Keys {
  /** Two, alike: an engine takes a file away before it writes it anew, and somebody may be logging in. */
  readonly files: readonly HostFile[];
  /** What is wrong with a file of keys that is there and of which nothing could be taken. */
  readonly faults: readonly string[];
}

export async function keysOf(
  { admin, users }: { readonly admin: ObjectStore; readonly users: ObjectStore },
  { user }: Cluster,
  account: string,
): Promise<Keys> {
  const given = await textAt(admin, `customizer/${user}/authorized_keys`, MOST_KEYS);
  const own = await textAt(users, `home/${user}/authorized_keys`, MOST_KEYS);
  const body = `${given.text}\n${own.text}\n`;
  return {
    files: ['keys', 'keys.copy'].map((folder) => ({ path: `etc/clusterdrop/${folder}/${account}`, body })),
    faults: [given, own].flatMap(({ fault }) => (fault === undefined ? [] : [fault])),
  };
}

/** What the message of the day tells from; `undefined` while there is none. */
export async function statusFile(users: ObjectStore, { path }: Cluster): Promise<HostFile | undefined> {
  const { text: body } = await textAt(users, `${path}.cf-status`, MOST_STATUS);
  return body === '' ? undefined : { path: 'etc/clusterdrop/status.json', body };
}

async function textAt(
  store: ObjectStore,
  key: string,
  most: number,
): Promise<{ readonly text: string; readonly fault?: string }> {
  const object = await readable(() => store.get(key, most));
  if (object === undefined) return { text: '' };
  if (object === 'unreadable') return { text: '', fault: `Clusterdrop may not read ${key}` };
  if (object.size > most) return { text: '', fault: `${key} is larger than ${most / 1024} KiB` };
  return { text: Buffer.from(object.body).toString('utf8') };
}

/** Files of a folder belong to people, who may have closed them to others. */
async function readable<T>(read: () => Promise<T>): Promise<T | 'unreadable'> {
  try {
    return await read();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EACCES' || code === 'EPERM') return 'unreadable';
    throw error;
  }
}
