import { type Limits, type LimitsFile, readLimits } from '../../core/limits.ts';
import { ProblemError, problem } from '../../core/problems.ts';
import { readJsonObject } from '../json-object.ts';
import type { ObjectStore } from '../ports.ts';
import type { LimitName } from './limit-value.ts';

/** Everybody's limits, over which users may have some of their own. */
export const EVERYBODY = 'default';

export interface LimitChange {
  readonly limit: LimitName;
  /** `undefined` takes the limit out of this file, so that the one below it holds. */
  readonly value: unknown;
}

/** What the file said and what it says now. */
export interface ChangedLimits {
  readonly before: LimitsFile;
  readonly after: LimitsFile;
}

/** Another administrator who is faster that often does nothing else. */
const MOST_TRIES = 50;

/**
 * Changes `limits/<who>.json` by compare-and-swap; what it says besides, remarks included, stays. A file that is wrong can be
 * mended by this, and one of a newer format is never written. @throws ProblemError
 */
export async function changeLimits(
  admin: ObjectStore,
  who: string,
  changes: readonly LimitChange[],
): Promise<ChangedLimits> {
  const key = `limits/${who}.json`;
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const object = await readJsonObject(admin, key);
    const before = object?.value ?? { version: 1 };
    const after: Record<string, unknown> = { ...before };
    for (const { limit, value } of changes) {
      if (value === undefined) delete after[limit];
      else after[limit] = value;
    }
    const read = readLimits(after);
    if ('problems' in read) {
      const found = read.problems.map((one) => one.message).join('; ');
      throw new ProblemError(problem('unreadable-object', { key, found }));
    }
    const changed = { before: before as Partial<Limits>, after: read.limits };
    const text = `${JSON.stringify(after, null, 2)}\n`;
    if (object && text === `${JSON.stringify(before, null, 2)}\n`) return changed;
    if (await admin.put(key, text, object ? { ifVersion: object.version } : { ifAbsent: true }))
      return changed;
  }
  throw new Error(`"${key}" changed ${MOST_TRIES} times while it was to be written`);
}
