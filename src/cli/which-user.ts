import { type Cluster, clusterAt, isUser, meaningOf } from '../core/identity.ts';
import { nearest } from '../core/nearest.ts';
import { ProblemError, problem } from '../core/problems.ts';
import { knownUsers } from '../engine/administration/known-users.ts';
import { hasHome, usersWithHome } from '../engine/client/users-with-home.ts';
import type { Terminal } from './command.ts';
import type { Stores } from './open-stores.ts';
import type { ReadOptions } from './options.ts';

/**
 * Whose clusters are meant: `--user`, else `CLUSTERDROP_USER`, else on this machine the only user there is, and on AWS whoever the
 * caller is. @throws ProblemError
 */
export async function whichUser(stores: Stores, options: ReadOptions, terminal: Terminal): Promise<string> {
  const named = options.get('user') ?? (terminal.env['CLUSTERDROP_USER'] || undefined);
  if (named !== undefined && !isUser(named)) throw new ProblemError(problem('bad-user', { user: named }));
  if (stores.aws) return (await import('./user-on-aws.ts')).userOnAws(stores, stores.aws, named);
  if (named !== undefined && (await hasHome(stores.users, named))) return named;
  const users = await everybody(stores);
  if (named === undefined) {
    const [only, ...others] = users;
    if (only !== undefined && others.length === 0) return only;
    throw new ProblemError(problem('which-user', { users }));
  }
  if (!users.includes(named))
    throw new ProblemError(problem('unknown-user', { user: named, nearest: nearest(named, users)[0] }));
  return named;
}

/** Whoever has a folder already, and whoever was set up and has not dropped anything yet. */
async function everybody({ users, admin }: Stores): Promise<string[]> {
  const names = new Set(await usersWithHome(users));
  if (admin) for (const name of await knownUsers(admin.store)) names.add(name);
  return [...names].toSorted();
}

/** The cluster that `NAME` or `folder/NAME` means. @throws ProblemError `bad-name`, `bad-folder` */
export function clusterNamed(bucket: string, user: string, name: string): Cluster {
  const path = `home/${user}/${name.replace(/^\.?\/+/, '').replace(/\.cf-(?:create|delete|status)$/, '')}`;
  const meaning = meaningOf(bucket, `${path}.cf-create`);
  if (meaning.kind === 'drop') return clusterAt(bucket, path);
  throw new ProblemError(
    meaning.kind === 'misdrop' && meaning.fault === 'bad-folder'
      ? problem('bad-folder', { key: name })
      : problem('bad-name', { name }),
  );
}

/** What its owner calls a cluster: its path below their own folder. */
export function nameOf({ path, user }: Cluster): string {
  return path.slice(`home/${user}/`.length);
}
