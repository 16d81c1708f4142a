import { ProblemError, problem } from '../core/problems.ts';

/** What people can bring about by the rights of their files and folders, by links, and by long names. */
const DOINGS: Readonly<Record<string, string>> = {
  EACCES: 'Clusterdrop has no right to it',
  EPERM: 'Clusterdrop has no right to it',
  ELOOP: 'its links go round in a circle',
  ENAMETOOLONG: 'its name is too long',
};

/**
 * A failed call of the file system as what it is to the engine: something in the way, if it was below `root`, where people can do as they
 * like, and of a kind that they can have caused; else the failure itself.
 */
export function usersDoing(error: unknown, root: string, key: string): unknown {
  if (!(error instanceof Error)) return error;
  const { code = '', path, dest } = error as NodeJS.ErrnoException & { readonly dest?: string };
  const reason = DOINGS[code];
  const isBelow = [path, dest].some((one) => one?.startsWith(`${root}/`));
  if (reason === undefined || !isBelow) return error;
  // Some of those who read files leave out what they have no right to, by its code.
  const why = `${reason} (${error.message})`;
  return Object.assign(new ProblemError(problem('in-the-way', { key, why })), { code });
}
