import { type Limits, type LimitsFile, limitsFor, readLimits } from '../core/limits.ts';
import { ProblemError, problem } from '../core/problems.ts';
import { readJsonObject } from './json-object.ts';
import type { ObjectStore } from './ports.ts';

/** What a user may have: `limits/<user>.json` over `limits/default.json` over what is shipped. @throws ProblemError for a file that is wrong. */
export async function limitsOf(admin: ObjectStore, user: string): Promise<Limits> {
  return limitsFor(await limitsFile(admin, 'default'), await limitsFile(admin, user));
}

/** One file of limits as it is; empty when there is none. */
export async function limitsFile(admin: ObjectStore, name: string): Promise<LimitsFile> {
  const key = `limits/${name}.json`;
  const object = await readJsonObject(admin, key);
  if (!object) return {};
  const read = readLimits(object.value);
  if ('limits' in read) return read.limits;
  throw new ProblemError(
    problem('unreadable-object', { key, found: read.problems.map((one) => one.message).join('; ') }),
  );
}
