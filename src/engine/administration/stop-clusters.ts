import { type Entry, isLiving } from '../../core/entry.ts';
import { type Cluster, clusterAt, isUser, meaningOf } from '../../core/identity.ts';
import { nearest } from '../../core/nearest.ts';
import { ProblemError, problem } from '../../core/problems.ts';
import { viewClusters } from '../client/cluster-view.ts';
import { putDrop, type SentDrop } from '../client/put-drop.ts';
import { usersWithHome } from '../client/users-with-home.ts';
import { Ledgers } from '../ledgers.ts';
import type { ObjectStore } from '../ports.ts';
import { storeOf } from '../world.ts';
import { knownUsers } from './known-users.ts';

export interface StopPlaces {
  readonly admin: ObjectStore;
  /** All users' buckets. */
  readonly buckets: readonly ObjectStore[];
}

/**
 * What is to be stopped: living clusters, which the ledger knows, and those that were asked for and not begun.
 * `target`: `USER`, `USER/NAME`, `USER/folder/NAME`, or nothing for everybody. @throws ProblemError for a name that nothing has
 */
export async function clustersToStop(places: StopPlaces, target: string | undefined): Promise<Cluster[]> {
  if (target === undefined) {
    const names = new Set(await new Ledgers(places.admin).users());
    for (const bucket of places.buckets) for (const user of await usersWithHome(bucket)) names.add(user);
    const all: Cluster[] = [];
    for (const user of [...names].toSorted()) all.push(...(await clustersOf(places, user)));
    return all;
  }
  const slash = target.indexOf('/');
  const user = slash < 0 ? target : target.slice(0, slash);
  const clusters = isUser(user) ? await clustersOf(places, user) : [];
  if (clusters.length === 0) await demandUser(places, user);
  if (slash < 0) return clusters;
  const found = clusters.filter((one) => one.path === `home/${target}`);
  if (found.length > 0) return found;
  const name = target.slice(slash + 1);
  const names = clusters.map((one) => one.path.slice(`home/${user}/`.length));
  throw new ProblemError(problem('no-such-cluster', { name, user, nearest: nearest(name, names)[0] }));
}

/** Drops a `.cf-delete` beside each, as its owner could. */
export async function stopClusters(
  { buckets }: StopPlaces,
  clusters: readonly Cluster[],
): Promise<SentDrop[]> {
  const drops: SentDrop[] = [];
  for (const cluster of clusters)
    drops.push(await putDrop(storeOf({ users: buckets }, cluster.bucket), cluster, 'delete', ''));
  return drops;
}

async function clustersOf({ admin, buckets }: StopPlaces, user: string): Promise<Cluster[]> {
  const living = Object.values((await new Ledgers(admin).read(user)).clusters).filter(isLiving);
  const all: Cluster[] = [];
  for (const bucket of buckets) all.push(...(await clustersIn(bucket, user, living)));
  return all;
}

async function clustersIn(users: ObjectStore, user: string, living: readonly Entry[]): Promise<Cluster[]> {
  const paths = new Set<string>();
  for (const { cluster } of living) if (cluster.bucket === users.bucket) paths.add(cluster.path);
  for (const { cluster, files } of await viewClusters(users, user))
    if (files.has('.cf-create')) paths.add(cluster.path);
  return [...paths]
    .filter((path) => meaningOf(users.bucket, `${path}.cf-delete`).kind === 'drop')
    .toSorted()
    .map((path) => clusterAt(users.bucket, path));
}

/** Somebody who was removed may still have a folder or a ledger. */
async function demandUser({ admin, buckets }: StopPlaces, user: string): Promise<void> {
  const known = [...(await knownUsers(admin)), ...(await new Ledgers(admin).users())];
  for (const bucket of buckets) known.push(...(await usersWithHome(bucket)));
  if (!known.includes(user))
    throw new ProblemError(problem('unknown-user', { user, nearest: nearest(user, known)[0] }));
}
