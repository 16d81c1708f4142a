import { ok, type Verdict, warn } from '../../core/finding.ts';
import { knownUsers } from '../administration/known-users.ts';
import { hasHome, usersWithHome } from '../client/users-with-home.ts';
import type { ObjectStore } from '../ports.ts';
import type { EngineSubject } from './engine-subject.ts';

const MOST_NAMED = 5;

/** Who may start clusters has a profile; who has a folder besides is most likely somebody that was forgotten. */
export async function checkUsers({ admin, users, flags }: EngineSubject): Promise<readonly Verdict[]> {
  const known = new Set(await knownUsers(admin));
  const homes = new Set((await Promise.all(users.map(homesIn))).flat());
  const strangers = [...homes].filter((user) => !known.has(user));
  const homeless = [...known].filter((user) => !homes.has(user));
  if (known.size === 0 && strangers.length === 0)
    return [warn('there are none', `Add the first one: clusterdrop admin add-user NAME${flags}`)];
  return [
    ok(known.size === 1 ? '1 may start clusters' : `${known.size} may start clusters`),
    ...(strangers.length === 0
      ? []
      : [
          warn(
            `${some(strangers)} ${strangers.length === 1 ? 'has a folder but no profile, and starts' : 'have a folder but no profile, and start'} nothing`,
            `Let them: clusterdrop admin add-user NAME${flags}\nOr leave it so: their files stay.`,
          ),
        ]),
    ...(homeless.length === 0
      ? []
      : [
          warn(
            `${some(homeless)} ${homeless.length === 1 ? 'has a profile but no folder' : 'have a profile but no folder'} in a users' bucket yet`,
            `Make it, with an example in it: clusterdrop admin add-user NAME${flags}\nTheir first drop makes it as well.`,
          ),
        ]),
  ];
}

/** On a disk a folder stays when everything in it has been removed. */
async function homesIn(store: ObjectStore): Promise<readonly string[]> {
  const homes: string[] = [];
  for (const user of await usersWithHome(store)) if (await hasHome(store, user)) homes.push(user);
  return homes;
}

function some(names: readonly string[]): string {
  const more = names.length - MOST_NAMED;
  return `${names.toSorted().slice(0, MOST_NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
