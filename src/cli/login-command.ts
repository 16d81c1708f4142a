import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { loginAccountOf } from '../core/login-account.ts';
import { USUAL_PORT } from '../core/login-facts.ts';
import { type Problem, ProblemError, problem } from '../core/problems.ts';
import { keyWords, sshFileName } from '../core/report/ssh-command.ts';
import { visibleLine } from '../core/report/visible.ts';
import type { ClusterView } from '../engine/client/cluster-view.ts';
import type { Terminal } from './command.ts';
import type { Stores } from './open-stores.ts';
import { readPublicKey } from './public-key-blob.ts';
import { stateWord } from './status-words.ts';
import { toldLogin } from './told-login.ts';
import { nameOf } from './which-user.ts';

/** How to log in to a cluster. */
export interface Login {
  readonly account: string;
  readonly address: string;
  readonly port: number;
  readonly keyFile?: string;
  /** The arguments of ssh, as far as the destination. */
  readonly args: readonly string[];
  /** Keys that the cluster says are its own: then the file of known hosts holds them and no other is taken. */
  readonly hostKeys: readonly string[];
  readonly knownHosts: string;
}

const HOST_NAME =
  /^(?=.{1,253}$)(?!(?:.*\.)?\d+$)[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*$/;

/** Whoever may write into the folder can write the status: nothing of it becomes an option of ssh, or a word of a shell. */
export function isHostAddress(text: string): boolean {
  return isIP(text) !== 0 ? !text.includes('%') : HOST_NAME.test(text);
}

/**
 * The ssh command for a cluster that runs.
 *
 * Addresses on AWS are used again and again, by others' machines too, so neither the person's own known_hosts nor its warnings fit: each
 * cluster has a file of its own, and a cluster that was made anew under the same name gets a new one.
 * @throws ProblemError `not-running`, `no-address`
 */
export function loginTo(
  view: ClusterView,
  stores: Pick<Stores, 'folder'>,
  { env }: Pick<Terminal, 'env'>,
): Login {
  const { cluster, status, files } = view;
  const fail = (one: Problem) => new ProblemError(one);
  const name = nameOf(cluster);
  if (!status || (status.state !== 'running' && status.state !== 'updating'))
    throw fail(problem('not-running', { name, state: status?.state ?? stateWord(view) }));
  const { address } = status;
  if (address === undefined || !isHostAddress(address))
    throw fail(problem('no-address', { name, found: address && visibleLine(address, 60) }));
  const hostKeys = keysOf(status.ssh?.hostKey);
  const { port, keyFile } = toldLogin(status, stores);
  // `.cf-created` is written once in the life of a cluster.
  const life = [cluster.bucket, cluster.path, files.get('.cf-created')?.version ?? '', address, ...hostKeys];
  const alias = `clusterdrop-${createHash('sha256').update(life.join('\n')).digest('hex').slice(0, 32)}`;
  const knownHosts = join(stateFolder(env), 'known_hosts', alias);
  const account = loginAccountOf(cluster.user);
  return {
    account,
    address,
    hostKeys: hostKeys.map((key) => `${alias} ${key}`),
    knownHosts,
    ...(keyFile !== undefined && { keyFile }),
    port: port ?? USUAL_PORT,
    args: [
      ...(keyFile === undefined ? [] : keyWords(keyFile)),
      ...(port === undefined ? [] : ['-p', String(port)]),
      ...option('HostKeyAlias', alias),
      ...option('UserKnownHostsFile', sshFileName(knownHosts)),
      ...option('GlobalKnownHostsFile', '/dev/null'),
      ...option('StrictHostKeyChecking', hostKeys.length > 0 ? 'yes' : 'accept-new'),
      `${account}@${address}`,
    ],
  };
}

/** Makes the file that the command names. */
export function prepareKnownHosts({ knownHosts, hostKeys }: Login): void {
  mkdirSync(join(knownHosts, '..'), { recursive: true, mode: 0o700 });
  if (hostKeys.length > 0)
    writeFileSync(knownHosts, hostKeys.map((line) => `${line}\n`).join(''), { mode: 0o600 });
}

function option(name: string, value: string): readonly string[] {
  return ['-o', `${name}=${value}`];
}

/** Whole public keys only: a fingerprint can be compared by eye, but ssh cannot be told to do so. */
function keysOf(text: string | null | undefined): string[] {
  return (text ?? '')
    .split('\n')
    .map((line) => readPublicKey(line))
    .flatMap((key) => (key ? [`${key.type} ${key.blob}`] : []))
    .slice(0, 10);
}

/** Where programs keep what they have learnt: https://specifications.freedesktop.org/basedir-spec/latest/ */
function stateFolder({ XDG_STATE_HOME: own, HOME: home }: Terminal['env']): string {
  if (own !== undefined && isAbsolute(own)) return join(own, 'clusterdrop');
  return home
    ? join(home, '.local', 'state', 'clusterdrop')
    : join(tmpdir(), `clusterdrop-${userInfo().uid}`);
}
