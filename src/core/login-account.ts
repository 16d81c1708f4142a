import { isReservedAccount } from './reserved-accounts.ts';
import { sha256Hex } from './sha256.ts';

/** What every Linux takes for the name of an account: useradd(8), `LOGIN_NAME_MAX` and Slurm included. */
const ACCOUNT = /^[a-z_][a-z0-9_-]{0,31}$/;
/** What a mapped name looks like. A user who is really called so is mapped too, or two users could get one account. */
const MAPPED = /-[0-9a-f]{16}$/;
/** 32 - 1 - 16. */
const HEAD = 15;

/**
 * The login account of a user of the bucket. Names that are fine stay; any other (`Alice.Smith@example.org`, `root`) becomes a readable
 * head and a hash of the whole name. Two users never meet, and a user has the same account on every cluster.
 */
export function loginAccountOf(user: string): string {
  if (ACCOUNT.test(user) && !MAPPED.test(user) && !isReservedAccount(user)) return user;
  const head = user
    .toLowerCase()
    .replace(/[^a-z0-9_]+/g, '-')
    .replace(/^[^a-z]+/, '')
    .slice(0, HEAD)
    .replace(/[-_]+$/, '');
  return `${head || 'user'}-${sha256Hex(user).slice(0, 16)}`;
}
