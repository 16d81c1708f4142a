import {
  type BigIntStats,
  closeSync,
  fstatSync,
  futimesSync,
  mkdirSync,
  openSync,
  readdirSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { statOf } from './file-stat.ts';
import { hasLivingWriter, ownEntryName } from './folder-lock.ts';

const HOUR = 3_600_000;

/** A whole file that has no name in the bucket yet. */
export interface StagedFile {
  readonly path: string;
  readonly stat: BigIntStats;
  /** Removes it here; nothing happens when it is here no more. */
  discard(): void;
}

/** Where a write is made whole before it gets its name. */
export class Staging {
  readonly #folder: string;

  constructor(folder: string) {
    mkdirSync(folder, { recursive: true });
    this.#folder = folder;
  }

  write(body: Uint8Array | string): StagedFile {
    const path = join(this.#folder, ownEntryName());
    const file = openSync(path, 'wx');
    try {
      writeFileSync(file, body);
      return stagedAt(path, file);
    } catch (error) {
      discard(path);
      throw error;
    } finally {
      closeSync(file);
    }
  }

  /** The same of what may not fit into memory. */
  async writeFrom(body: Readable, isProgram: boolean): Promise<StagedFile> {
    const path = join(this.#folder, ownEntryName());
    const file = openSync(path, 'wx', isProgram ? 0o777 : 0o666);
    try {
      for await (const chunk of body) writeFileSync(file, chunk);
      return stagedAt(path, file);
    } catch (error) {
      discard(path);
      throw error;
    } finally {
      closeSync(file);
    }
  }

  /** Removes what killed processes left more than an hour ago. `now`: epoch ms. */
  sweep(now: number): void {
    for (const name of readdirSync(this.#folder)) {
      const path = join(this.#folder, name);
      const stat = statOf(path);
      if (!stat || now - Number(stat.mtimeMs) < HOUR || hasLivingWriter(name) === true) continue;
      // It got its name before its writer was killed: losing the other name would change its ctime, so its version.
      if (stat.nlink === 1n) discard(path);
    }
  }
}

function stagedAt(path: string, file: number): StagedFile {
  const time = ownTime();
  futimesSync(file, time, time);
  return { path, stat: fstatSync(file, { bigint: true }), discard: () => discard(path) };
}

/**
 * The time of a write in seconds, to within the last one: chance chooses from all that a number can hold there, four million,
 * since the clock of a file system stands still for thousands of our writes. See `versionOf`.
 */
function ownTime(): number {
  return Date.now() / 1000 - Math.random();
}

function discard(path: string): void {
  // Looking first is cheaper than the exception, and this is the usual case: it was renamed.
  if (statOf(path)) unlinkSync(path);
}
