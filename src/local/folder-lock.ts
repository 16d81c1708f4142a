import { randomBytes } from 'node:crypto';
import { closeSync, mkdirSync, openSync, readdirSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { threadId } from 'node:worker_threads';
import { isAlive, OWN_START } from './living-process.ts';

const ENTRY = /^(\d+)-([0-9a-z.]+)-\d+-[0-9a-f]+-\d+$/;
const NONCE = randomBytes(6).toString('hex');
let serial = 0;

/** A file name that no process ever used or will use, from which its writer can be looked up. */
export function ownEntryName(): string {
  serial += 1;
  return `${process.pid}-${OWN_START}-${threadId}-${NONCE}-${serial}`;
}

/** Whether the writer of an entry still runs; `undefined` for a name that is no entry. */
export function hasLivingWriter(name: string): boolean | undefined {
  const [, pid, start] = ENTRY.exec(name) ?? [];
  return pid === undefined || start === undefined ? undefined : isAlive(Number(pid), start);
}

/**
 * One at a time, between all processes of one machine, for short SYNCHRONOUS sections.
 *
 * Whoever wants in puts an entry into the folder and then reads the folder. Alone: go. Otherwise take the entry out, wait a
 * random moment, try again. Of two that want in, at least the one that reads later sees the other, so never two go; both may
 * retreat, and chance decides the next round. A file that was simply created and removed could not be healed after `kill -9`
 * without a race; an entry can, since its name is never used again: removing a dead process's entry can hit nobody else.
 *
 * A section must not await. That is why a process never meets itself here, and why an entry of a living process means
 * microseconds of work. One that was stopped in the middle (SIGSTOP) does hold up the others: they give up after a time.
 */
export class FolderLock {
  readonly #folder: string;
  readonly #patienceMs: number;

  /** `patienceMs`: how long to wait for others before giving up. */
  constructor(folder: string, { patienceMs = 30_000 }: { patienceMs?: number } = {}) {
    mkdirSync(folder, { recursive: true });
    this.#folder = folder;
    this.#patienceMs = patienceMs;
  }

  /**
   * Runs `section` while no other process runs one on this folder; at once, before returning, when nobody else wants in.
   * Throws what the section throws, and an Error when another process holds the lock for longer than the patience.
   */
  async run<T>(section: () => T): Promise<T> {
    const deadline = performance.now() + this.#patienceMs;
    for (let round = 0; ; round++) {
      const attempt = this.#attempt(section);
      if ('value' in attempt) return attempt.value;
      if (performance.now() > deadline) throw this.#heldTooLong(attempt.rival);
      await pause(1 + Math.random() * Math.min(20, 4 + round));
    }
  }

  #attempt<T>(section: () => T): { readonly value: T } | { readonly rival: string } {
    const own = ownEntryName();
    closeSync(openSync(join(this.#folder, own), 'wx'));
    try {
      const rival = this.#rivalOf(own);
      return rival === undefined ? { value: section() } : { rival };
    } finally {
      this.#unlink(own);
    }
  }

  #rivalOf(own: string): string | undefined {
    for (const name of readdirSync(this.#folder)) {
      if (name === own) continue;
      const living = hasLivingWriter(name);
      if (living === true) return name;
      if (living === false) this.#unlink(name);
    }
    return undefined;
  }

  #unlink(name: string): void {
    try {
      unlinkSync(join(this.#folder, name));
    } catch (error) {
      // Two may clear the same dead entry.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }

  #heldTooLong(rival: string): Error {
    return new Error(
      `process ${rival.split('-')[0]} has held ${this.#folder} for ${Math.round(this.#patienceMs / 1000)} s: ` +
        `resume it or end it (if there is no such process, remove ${join(this.#folder, rival)})`,
    );
  }
}
