import { join } from 'node:path';
import { ProblemError, problem } from '../core/problems.ts';

/** What people can bring about by the rights of their files and folders, by links, by other disks, and by long names. */
const DOINGS: Readonly<Record<string, string>> = {
  EACCES: 'Clusterdrop has no right to it',
  EPERM: 'Clusterdrop has no right to it',
  ELOOP: 'its links go round in a circle',
  EXDEV: 'it is on another disk',
  ENAMETOOLONG: 'its name is too long',
};

/**
 * A failed call of the file system as what it is to the engine: something in the way, if it was in the folder below `root` of the user
 * whose `key` is meant, and of a kind that they can have caused; else the failure itself, which is the administrator's matter.
 */
export function usersDoing(error: unknown, root: string, key: string): unknown {
  if (!(error instanceof Error)) return error;
  const { code = '', path, dest, syscall } = error as NodeJS.ErrnoException & { readonly dest?: string };
  const reason = DOINGS[code];
  const [, user] = /^home\/([^/]+)\//.exec(key) ?? [];
  if (reason === undefined || user === undefined) return error;
  const own = join(root, 'home', user);
  // Whether there is such a folder is told by the one above; what is in it by itself.
  const isOwn = (place = '') => place.startsWith(`${own}/`) || (place === own && syscall === 'scandir');
  if (![path, dest].some(isOwn)) return error;
  // Some of those who read files leave out what they have no right to, by its code.
  const why = `${reason} (${error.message})`;
  return Object.assign(new ProblemError(problem('in-the-way', { key, why })), { code });
}
