import { removeUser } from '../administration/remove-user.ts';
import type { ObjectStore } from '../ports.ts';
import { clusterOf, type Trial } from './selftest-steps.ts';

/** Takes away the files that the test left in the user's folder. Their old versions stay, like those of all that was removed. */
export async function removeFiles(trial: Trial): Promise<void> {
  const { users } = trial.subject;
  await removeAll(users, clusterOf(trial).path);
}

/** The user that the test made, and their folder. Their book stays, as everybody's does. */
export async function removeOwnUser({ subject, user }: Trial): Promise<void> {
  const { admin, users } = subject;
  await removeUser({ admin, buckets: [users] }, user, { stop: false });
  await removeAll(users, `home/${user}/`);
}

async function removeAll(store: ObjectStore, prefix: string): Promise<void> {
  for await (const { objects, folders } of store.list(prefix)) {
    for (const { key, version } of objects) await store.remove(key, version);
    for (const folder of folders) await removeAll(store, folder);
  }
}
