import { join } from 'node:path';
import type { Cluster } from '../../core/identity.ts';

/** No right there, another disk, names that are too long. */
const CODES = new Set(['EACCES', 'EPERM', 'EXDEV', 'ENAMETOOLONG']);

/**
 * Whether something could not be stored since its owner has closed its place, or put it elsewhere: it fails within that user's own
 * folder below `root`, which we may be too ordinary a user for. What fails above it or beside it is the administrator's matter.
 */
export function isClosedByOwner(error: unknown, root: string, { user }: Pick<Cluster, 'user'>): boolean {
  const { code = '', path, syscall } = error as NodeJS.ErrnoException;
  const { dest } = error as { dest?: string };
  const own = join(root, 'home', user);
  const isOwn = (place = '') => place.startsWith(`${own}/`) || (place === own && syscall === 'scandir');
  return CODES.has(code) && [path, dest].some(isOwn);
}
