import { isUser } from '../../core/identity.ts';
import type { ObjectStore } from '../ports.ts';

/** Users that have a folder in the bucket, whether they may start anything or not. */
export async function usersWithHome(store: ObjectStore): Promise<string[]> {
  const users: string[] = [];
  for await (const page of store.list('home/'))
    for (const folder of page.folders) {
      const name = folder.slice('home/'.length, -1);
      if (isUser(name)) users.push(name);
    }
  return users;
}

export async function hasHome(store: ObjectStore, user: string): Promise<boolean> {
  for await (const page of store.list(`home/${user}/`))
    if (page.objects.length + page.folders.length > 0) return true;
  return false;
}
