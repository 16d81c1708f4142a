import { ProblemError, problem } from '../../core/problems.ts';
import { limitsFile } from '../limits-of.ts';
import type { ObjectStore } from '../ports.ts';
import { changeLimits, EVERYBODY } from './change-limits.ts';
import { demandUser } from './known-users.ts';
import { limitValue } from './limit-value.ts';

/** From now on nothing new starts, for one user or for everybody; what runs goes on. */
export async function freeze(admin: ObjectStore, user: string | undefined, reason: string): Promise<void> {
  if (user !== undefined) await demandUser(admin, user);
  const value = limitValue('frozen', reason);
  await changeLimits(admin, user ?? EVERYBODY, [{ limit: 'frozen', value }]);
}

/** Ends a freeze. @returns whether a freeze of everybody still holds this user back. @throws ProblemError `not-frozen` */
export async function thaw(
  admin: ObjectStore,
  user: string | undefined,
): Promise<{ readonly heldByAll: boolean }> {
  if (user !== undefined) await demandUser(admin, user);
  const who = user ?? EVERYBODY;
  const heldByAll = user !== undefined && Boolean((await limitsFile(admin, EVERYBODY)).frozen);
  if (!(await limitsFile(admin, who)).frozen && !heldByAll)
    throw new ProblemError(
      problem('not-frozen', { who: user === undefined ? 'the installation is' : `"${user}" is` }),
    );
  await changeLimits(admin, who, [{ limit: 'frozen', value: undefined }]);
  return { heldByAll };
}
