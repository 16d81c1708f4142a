import { isLiving } from '../../core/entry.ts';
import type { Instant } from '../../core/instant.ts';
import { totalsOf } from '../../core/ledger.ts';
import { textOf } from '../json-object.ts';
import { Ledgers } from '../ledgers.ts';
import { limitsOf } from '../limits-of.ts';
import type { ObjectStore } from '../ports.ts';
import { registeredEmailOf } from '../registered-email.ts';
import { knownUsers } from './known-users.ts';
import { keysIn } from './public-key.ts';

export interface UserSummary {
  readonly name: string;
  /** False for somebody who was removed and still has clusters. */
  readonly mayStart: boolean;
  readonly email: string | null;
  /** Login keys that the administrator registered. */
  readonly keys: number;
  readonly clusters: number;
  /** Spent this month and promised until the ends of their clusters; `null` is unknown. */
  readonly usdThisMonth: number | null;
  /** Why they may start nothing now. */
  readonly frozen: string | null;
}

/** Everybody who may start clusters, or still has some. */
export async function listUsers(admin: ObjectStore, now: Instant): Promise<UserSummary[]> {
  const ledgers = new Ledgers(admin);
  const known = new Set(await knownUsers(admin));
  const all = new Set(known);
  for (const user of await ledgers.users())
    if (Object.values((await ledgers.read(user)).clusters).some(isLiving)) all.add(user);
  const users: UserSummary[] = [];
  for (const name of [...all].toSorted()) {
    const { clusters, usdThisMonth } = totalsOf(await ledgers.read(name), now);
    const keys = await admin.get(`customizer/${name}/authorized_keys`);
    users.push({
      name,
      mayStart: known.has(name),
      email: (await registeredEmailOf(admin, name)) ?? null,
      keys: keys ? keysIn(textOf(keys.body)).length : 0,
      clusters,
      usdThisMonth,
      frozen: (await limitsOf(admin, name)).frozen ?? null,
    });
  }
  return users;
}
