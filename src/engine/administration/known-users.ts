import { isUser } from '../../core/identity.ts';
import { nearest } from '../../core/nearest.ts';
import { ProblemError, problem } from '../../core/problems.ts';
import type { ObjectStore } from '../ports.ts';

/** Users with a profile folder: those who may start clusters. */
export async function knownUsers(admin: ObjectStore): Promise<string[]> {
  const users: string[] = [];
  for await (const page of admin.list('customizer/'))
    for (const folder of page.folders) {
      const name = folder.slice('customizer/'.length, -1);
      if (isUser(name) && (await hasProfile(admin, name))) users.push(name);
    }
  return users;
}

/** A profile folder is what makes a user: presence by listing, never by a read that may be refused. */
export async function hasProfile(admin: ObjectStore, user: string): Promise<boolean> {
  return holdsObjects(admin, `customizer/${user}/`);
}

/** Empty folders do not count: a disk keeps them when everything in them is removed, a bucket has none. */
async function holdsObjects(store: ObjectStore, prefix: string): Promise<boolean> {
  for await (const page of store.list(prefix)) {
    if (page.objects.length > 0) return true;
    for (const folder of page.folders) if (await holdsObjects(store, folder)) return true;
  }
  return false;
}

/** @throws ProblemError `unknown-user`, with the nearest of those who are known. */
export async function demandUser(admin: ObjectStore, user: string): Promise<void> {
  if (isUser(user) && (await hasProfile(admin, user))) return;
  throw new ProblemError(
    problem('unknown-user', { user, nearest: nearest(user, await knownUsers(admin))[0] }),
  );
}
