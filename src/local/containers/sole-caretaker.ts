import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FolderLock, hasLivingWriter, ownEntryName } from '../folder-lock.ts';

/**
 * Of several processes that run one folder, one looks after its hosts. The one that has the post keeps it for as long as it lives;
 * after `kill -9` the next that asks gets it.
 */
export class SoleCaretaker {
  readonly #path: string;
  readonly #lock: FolderLock;
  readonly #own = ownEntryName();

  constructor(folder: string) {
    this.#path = join(folder, 'caretaker');
    this.#lock = new FolderLock(join(folder, 'lock'));
  }

  /** Whether this process has the post now; it takes it if it is free. */
  take(): Promise<boolean> {
    return this.#lock.run(() => {
      const holder = this.#holder();
      if (holder !== this.#own && holder !== '' && hasLivingWriter(holder) !== false) return false;
      if (holder !== this.#own) writeFileSync(this.#path, this.#own);
      return true;
    });
  }

  /** Process id of whoever has it. */
  holder(): string {
    return this.#holder().split('-')[0] ?? '';
  }

  release(): Promise<void> {
    return this.#lock.run(() => {
      if (this.#holder() === this.#own) writeFileSync(this.#path, '');
    });
  }

  #holder(): string {
    try {
      return readFileSync(this.#path, 'utf8').trim();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
      throw error;
    }
  }
}
