import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addUser } from '../src/engine/administration/add-user.ts';
import type { Log } from '../src/engine/world.ts';
import { prepareFolder } from '../src/local/prepare-folder.ts';
import { type LocalWorld, localWorld } from '../src/local/world.ts';

const SILENT: Log = {
  turn: () => undefined,
  answered: () => undefined,
  trouble: (about, problem) => {
    throw new Error(`${about}: ${problem.message}`);
  },
};

/** A local installation with many users, whose limits are out of the way. */
export interface LocalTown {
  readonly world: LocalWorld;
  readonly users: readonly string[];
  /** Every user's folder. */
  readonly homes: () => readonly string[];
  /** Writes a file as a person would, with an ordinary program. */
  readonly drop: (user: string, file: string, text: string) => void;
  close(): void;
}

export async function openLocalTown(users: number, speed: number): Promise<LocalTown> {
  const dir = mkdtempSync(join(tmpdir(), 'clusterdrop-bench-'));
  await prepareFolder(dir);
  const world = await localWorld({ dir, speed, log: SILENT });
  const limits = { version: 1, clusters: 1e6, usdPerMonth: null };
  await world.admin.put('limits/default.json', JSON.stringify(limits));
  const names = Array.from({ length: users }, (_, n) => `user${n}`);
  for (const name of names) {
    await addUser(world.admin, { name, email: `${name}@localhost`, keys: [] });
    mkdirSync(join(dir, 'bucket', 'home', name), { recursive: true });
  }
  return {
    world,
    users: names,
    homes: () => names.map((name) => join(dir, 'bucket', 'home', name)),
    drop: (user, file, text) => writeFileSync(join(dir, 'bucket', 'home', user, file), text),
    close: () => rmSync(dir, { recursive: true, force: true }),
  };
}
