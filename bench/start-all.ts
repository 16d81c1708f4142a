import { readdirSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { runLocal } from '../src/local/run-local.ts';
import type { LocalTown } from './local-town.ts';

/** Drops so many requests by all users at once. */
export function dropAll({ users, drop }: LocalTown, drops: number): void {
  for (let n = 0; n < drops; n++)
    drop(users[n % users.length] ?? '', `c${Math.floor(n / users.length)}.cf-create`, '{}');
}

/** Files are taken when they have been quiet for a moment; that moment is no work. */
export async function untilQuiet(): Promise<void> {
  await pause(400);
}

/** Runs the system as `clusterdrop local` does, until no drop is left. */
export async function answerAll({ world, homes }: LocalTown): Promise<void> {
  const stop = new AbortController();
  const running = runLocal(world, stop.signal);
  while (homes().some((home) => readdirSync(home).some((file) => file.endsWith('.cf-create'))))
    await pause(50);
  stop.abort();
  await running;
}

export async function startAll(town: LocalTown, clusters: number): Promise<void> {
  dropAll(town, clusters);
  await untilQuiet();
  await answerAll(town);
}
