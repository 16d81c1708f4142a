import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { textOf } from '../../engine/json-object.ts';
import { readKeyLines } from '../authorized-keys.ts';
import type { Terminal } from '../command.ts';
import type { Stores } from '../open-stores.ts';
import { readPublicKey } from '../public-key-blob.ts';
import type { Finding } from './finding.ts';

/** Whether this machine can log in anywhere. */
export function sshFinding({ env }: Terminal): Finding {
  const folders = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const found = folders.map((folder) => join(folder, 'ssh')).find((path) => isProgram(path));
  if (found !== undefined) return { check: 'ssh', outcome: 'ok', says: `ssh is ${found}` };
  return {
    check: 'ssh',
    outcome: 'warn',
    says: 'there is no ssh on this machine, so "clusterdrop ssh" cannot log in from here',
    fix: 'Install an ssh client (package openssh-client), or log in from another machine.',
  };
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Whether a cluster would let the user in: by their own file or, where that can be seen, by what the administrator gave. */
export async function keyFinding({ users, admin, flags }: Stores, user: string): Promise<Finding> {
  const own = keysAmong(await readKeyLines(users, user));
  const given = admin
    ? keysAmong(
        textOf((await admin.store.get(`customizer/${user}/authorized_keys`))?.body ?? new Uint8Array()).split(
          '\n',
        ),
      )
    : 0;
  const count = own + given;
  if (count > 0)
    return {
      check: 'key',
      outcome: 'ok',
      says: `${count} ${count === 1 ? 'key lets' : 'keys let'} you log in`,
    };
  return {
    check: 'key',
    outcome: 'warn',
    says: admin
      ? 'no key is registered, so no cluster lets you log in'
      : `home/${user}/authorized_keys holds no key; whether the administrator gave you one cannot be seen from here`,
    fix: `Add the public half of yours: clusterdrop key add${flags}`,
  };
}

function keysAmong(lines: readonly string[]): number {
  return lines.filter((line) => !line.startsWith('#') && readPublicKey(line) !== undefined).length;
}
