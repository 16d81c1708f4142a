import { isLiving } from '../../core/entry.ts';
import type { Cluster } from '../../core/identity.ts';
import { ProblemError, problem } from '../../core/problems.ts';
import { Ledgers } from '../ledgers.ts';
import type { ObjectStore } from '../ports.ts';
import { demandUser } from './known-users.ts';
import { clustersToStop, type StopPlaces, stopClusters } from './stop-clusters.ts';

export interface RemovedUser {
  /** Clusters that were told to end. */
  readonly stopped: readonly Cluster[];
}

/**
 * Takes away what lets a user start clusters: profile, registered address, limits of their own. Their folder in the users'
 * bucket and their ledger stay. @throws ProblemError `user-has-clusters`, unless `stop` says to end those.
 */
export async function removeUser(
  places: StopPlaces,
  user: string,
  { stop }: { readonly stop: boolean },
): Promise<RemovedUser> {
  const { admin } = places;
  await demandUser(admin, user);
  const living = Object.values((await new Ledgers(admin).read(user)).clusters).filter(isLiving);
  if (living.length > 0 && !stop) {
    const clusters = living.map(({ cluster }) => cluster.path.slice(`home/${user}/`.length));
    throw new ProblemError(problem('user-has-clusters', { user, clusters }));
  }
  // Before the profile goes: should this be cut short, the user is still there and a repeat goes on.
  const stopped = stop ? await clustersToStop(places, user) : [];
  await stopClusters(places, stopped);
  for (const key of [`limits/${user}.json`, `users/${user}.json`]) await removeObject(admin, key);
  await removeBelow(admin, `customizer/${user}/`);
  return { stopped };
}

async function removeBelow(admin: ObjectStore, prefix: string): Promise<void> {
  for await (const page of admin.list(prefix)) {
    for (const { key, version } of page.objects) await admin.remove(key, version);
    for (const folder of page.folders) await removeBelow(admin, folder);
  }
}

async function removeObject(admin: ObjectStore, key: string): Promise<void> {
  const object = await admin.get(key);
  if (object) await admin.remove(key, object.version);
}
