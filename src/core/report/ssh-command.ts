import type { Cluster } from '../identity.ts';
import { loginAccountOf } from '../login-account.ts';
import type { LoginFacts } from '../login-facts.ts';
import { sha256Hex } from '../sha256.ts';
import { exactWord } from './exact-word.ts';

/**
 * The whole command that logs in, to be pasted into a shell: `ssh alice@192.0.2.17` where nothing more is needed. Nothing while the
 * address is unknown or is none: it comes out of a template that is not ours.
 */
export function sshCommand(
  { user, name }: Pick<Cluster, 'user' | 'name'>,
  address: string | undefined,
  { port, hostKey, keyFile }: LoginFacts = {},
): string | undefined {
  if (address === undefined || !/^[A-Za-z0-9][A-Za-z0-9.:-]{0,252}$/.test(address)) return undefined;
  const words = [
    'ssh',
    ...(keyFile === undefined ? [] : keyWords(keyFile)),
    ...(port === undefined ? [] : ['-p', String(port)]),
    ...(hostKey === undefined ? [] : lifeWords(name, hostKey)),
    `${loginAccountOf(user)}@${address}`,
  ];
  return words.map(exactWord).join(' ');
}

/** With the key that lets one in and no other: a server hangs up on somebody who first tries all that their agent holds. */
export function keyWords(keyFile: string): readonly string[] {
  const file = keyFile.includes('%')
    ? ['-o', `IdentityFile=${sshFileName(keyFile)}`]
    : // As people know it; ssh looks whether the file is there before it makes one `%` of two, so not for every path.
      ['-i', keyFile];
  return [...file, '-o', 'IdentitiesOnly=yes'];
}

/** ssh takes several files, separated by blanks, and replaces `%` and what follows it: ssh_config(5). */
export function sshFileName(path: string): string {
  const plain = path.replaceAll('%', '%%');
  return /^[\w./+=,@%:-]+$/.test(plain) ? plain : `"${plain.replace(/["\\]/g, '\\$&')}"`;
}

/** An address that another machine had before frightens nobody: what ssh remembers, it remembers of this life of the cluster. */
function lifeWords(name: string, hostKey: string): readonly string[] {
  // ssh compares in lower case. A new machine makes new host keys.
  const alias = `${name.toLowerCase().replace(/[^a-z0-9-]+/g, '')}-${sha256Hex(hostKey).slice(0, 12)}`;
  return ['-o', `HostKeyAlias=${alias}`, '-o', 'StrictHostKeyChecking=accept-new'];
}
