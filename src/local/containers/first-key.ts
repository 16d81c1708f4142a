import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { hasProfile } from '../../engine/administration/known-users.ts';
import type { ObjectStore } from '../../engine/ports.ts';
import { keyFile } from './open-hosting.ts';

export interface FirstKeyOptions {
  readonly dir: string;
  readonly user: string;
  readonly admin: ObjectStore;
  readonly users: ObjectStore;
  readonly home: string | undefined;
}

/** What ssh tries by itself: ssh_config(5), IdentityFile. */
const OWN_KEYS = ['id_ed25519', 'id_ecdsa', 'id_rsa'];

/**
 * Lets the first user of an installation on one machine log in, who has been given no key by anybody: with the keys of whoever runs it,
 * else with one that is made here. @returns what was done, in words; `undefined` where there was a key
 */
export async function ensureFirstKey(options: FirstKeyOptions): Promise<string | undefined> {
  const { dir, user, admin, users, home } = options;
  const given = `customizer/${user}/authorized_keys`;
  const own = `home/${user}/authorized_keys`;
  // Whoever was removed stays out: a key beside the others would be a profile again.
  if (!(await hasProfile(admin, user))) return undefined;
  if ((await hasKey(admin, given)) || (await hasKey(users, own))) return undefined;
  const found = home === undefined ? [] : OWN_KEYS.map((name) => join(home, '.ssh', name)).filter(isPair);
  if (found.length > 0) {
    const lines = found.map((path) => readFileSync(`${path}.pub`, 'utf8').trim());
    await users.put(own, `${lines.join('\n')}\n`);
    return `${user} logs in with your own ssh key (${found.join(', ')}).`;
  }
  const path = keyFile(dir, user);
  mkdirSync(join(path, '..'), { recursive: true, mode: 0o700 });
  if (!existsSync(path)) {
    try {
      await promisify(execFile)('ssh-keygen', [
        '-q',
        '-t',
        'ed25519',
        '-N',
        '',
        '-C',
        'made by clusterdrop',
        '-f',
        path,
      ]);
    } catch {
      return `There is no ssh-keygen here, so nobody can log in yet: install an ssh client (package openssh-client), or put a public key into home/${user}/authorized_keys.`;
    }
  }
  await admin.put(given, await readFile(`${path}.pub`));
  return `${user} logs in with a key that was made for it (${path}).`;
}

async function hasKey(store: ObjectStore, key: string): Promise<boolean> {
  const object = await store.get(key, 64 * 1024);
  return (
    object !== undefined &&
    /^(?!\s*#).*\b(?:ssh-|ecdsa-|sk-)\S+ \S+/m.test(Buffer.from(object.body).toString('utf8'))
  );
}

function isPair(path: string): boolean {
  return existsSync(path) && existsSync(`${path}.pub`);
}
