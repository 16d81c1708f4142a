import { setTimeout as pause } from 'node:timers/promises';

const LOOK_EVERY = 100;

/** Looks until there is something to see. @throws after `longest` milliseconds, with what `tell` says of the matter then */
export async function until<T>(
  what: string,
  look: () => T | Promise<T>,
  {
    longest = 60_000,
    every = LOOK_EVERY,
    tell = () => '',
  }: { longest?: number; every?: number; tell?: () => string | Promise<string> } = {},
): Promise<Exclude<T, undefined | false>> {
  for (const begin = performance.now(); performance.now() - begin < longest; await pause(every)) {
    const seen = await look();
    if (seen !== undefined && seen !== false) return seen as Exclude<T, undefined | false>;
  }
  throw new Error(`not within ${longest / 1000} s: ${what}\n${await tell()}`);
}
