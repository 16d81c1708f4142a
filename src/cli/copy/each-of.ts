import type { Stop } from '../../engine/client/file-store.ts';

/**
 * Works on all items, so many at once. When one fails none is begun any more, and the failure is thrown when all have come to rest.
 */
export async function eachOf<T>(
  items: readonly T[],
  atOnce: number,
  stop: Stop,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const failures: unknown[] = [];
  let next = 0;
  const worker = async () => {
    while (next < items.length && failures.length === 0 && !stop.aborted)
      // In the loop's condition: an item is taken in the same turn in which it was found.
      await work(items[next++] as T).catch((error: unknown) => failures.push(error));
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker));
  if (failures.length > 0) throw failures[0];
}
