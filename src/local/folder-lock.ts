import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { isAlive, OWN_START } from './living-process.ts';

const ENTRY = /^(\d+)-([0-9a-z.]+)-\d+-[0-9a-f]+-\d+$/;
const NONCE = randomBytes(6).toString('hex');
let serial = 0;

/** A file name that no process ever used or will use, from which its writer can be looked up. */
export function ownEntryName(): string {
  serial += 1;
  // Not imported: loading the module takes ten milliseconds that every command would pay.
  const { threadId } = process.getBuiltinModule('node:worker_threads');
  return `${process.pid}-${OWN_START}-${threadId}-${NONCE}-${serial}`;
}

/** Whether the writer of an entry still runs; `undefined` for a name that is no entry. */
export function hasLivingWriter(name: string): boolean | undefined {
  const [, pid, start] = ENTRY.exec(name) ?? [];
  return pid === undefined || start === undefined ? undefined : isAlive(Number(pid), start);
}

const RAISED = '1';
const LOWERED = '0';

/** This thread's entry of each folder that it ever wanted a lock of: one for all locks, since their sections never overlap. */
const entries = new Map<string, string>();

/**
 * One at a time, between all processes of one machine, for short SYNCHRONOUS sections.
 *
 * Each process has an entry in the folder: a file that holds one flag. Whoever wants in raises its flag and then looks at all
 * others. None raised: go. Otherwise lower it, wait a random moment, try again. Of two that want in, at least the one that looks
 * later sees the other, so never two go; both may retreat, and chance decides the next round. A lock file that is made and
 * removed could not be healed after `kill -9` without a race; an entry can, since its name is never used again: removing a dead
 * process's entry can hit nobody else. And writing a byte costs a hundredth of making a file.
 *
 * A section must not await. That is why a process never meets itself here, and why the raised flag of a living process means
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
    const own = this.#raise();
    try {
      const rival = this.#rivalOf(own);
      return rival === undefined ? { value: section() } : { rival };
    } finally {
      this.#lower(own);
    }
  }

  /** Raises the own flag, making the entry the first time, and again if somebody cleared the folder. */
  #raise(): string {
    const known = entries.get(this.#folder);
    if (known !== undefined && this.#flag(known, RAISED)) return known;
    // Entries of processes that ended with their flag lowered: cleared by the next one that comes, not at every look.
    for (const name of readdirSync(this.#folder)) if (hasLivingWriter(name) === false) this.#unlink(name);
    const own = ownEntryName();
    writeFileSync(join(this.#folder, own), RAISED, { flag: 'wx' });
    entries.set(this.#folder, own);
    return own;
  }

  /** A folder that was removed in the meantime holds nobody up. */
  #lower(own: string): void {
    this.#flag(own, LOWERED);
  }

  /** `false`: the entry is not there any more. */
  #flag(own: string, flag: string): boolean {
    try {
      // Without truncation: a reader never finds the file empty.
      writeFileSync(join(this.#folder, own), flag, { flag: 'r+' });
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
      throw error;
    }
  }

  #rivalOf(own: string): string | undefined {
    for (const name of readdirSync(this.#folder)) {
      if (name === own || !this.#isRaised(name)) continue;
      const living = hasLivingWriter(name);
      if (living === true) return name;
      if (living === false) this.#unlink(name);
    }
    return undefined;
  }

  /** What is not plainly lowered counts as raised: an entry is made before its flag is written. */
  #isRaised(name: string): boolean {
    try {
      return readFileSync(join(this.#folder, name), 'latin1') !== LOWERED;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
      throw error;
    }
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
