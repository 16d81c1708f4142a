import { setTimeout as pause } from 'node:timers/promises';

const LOOK_EVERY = 25;
const PATIENCE = 20_000;

/** Looks until there is something to see, and fails when there is nothing after a while. */
export async function until<T>(what: string, look: () => T | undefined | false): Promise<T> {
  const deadline = Date.now() + PATIENCE;
  for (;;) {
    const seen = look();
    if (seen !== undefined && seen !== false) return seen;
    if (Date.now() > deadline) throw new Error(`waited ${PATIENCE / 1000} seconds in vain for ${what}`);
    await pause(LOOK_EVERY);
  }
}
