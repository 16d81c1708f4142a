import { ProblemError } from '../core/problems.ts';
import { isPassing } from './is-passing.ts';
import { type ObjectStore, type StoredObject, Throttled } from './ports.ts';

/**
 * A reply of ours as it lies in somebody's folder; `undefined` where it has to be written anew. Its owner may have put something there
 * that nobody can read, such as an object in an archive or encrypted with a key of their own: were that a failure, their cluster would
 * never come to its end.
 */
export async function readReply(
  store: ObjectStore,
  key: string,
  most: number,
): Promise<StoredObject | undefined> {
  try {
    return await store.get(key, most);
  } catch (error) {
    if (error instanceof Throttled || !(error instanceof ProblemError) || isPassing(error)) throw error;
    return undefined;
  }
}
