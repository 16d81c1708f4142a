import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hasLivingWriter, ownEntryName } from '../folder-lock.ts';
import { partsOf } from '../stack-id.ts';
import type { FileMarks } from './kept-files.ts';

/** What of a cluster's `~/files` is known to be in the bucket. */
export interface FilesKept {
  readonly marks: FileMarks;
  /** ISO time; absent before the first time. */
  readonly savedAt?: string;
  readonly count: number;
  readonly bytes: number;
  readonly trouble?: string;
}

const TMP = '.tmp';
const NONE: FilesKept = { marks: {}, count: 0, bytes: 0 };

/** One file for each stack. Losing one costs a copy of everything, no more. */
export class SavedMarks {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true });
    // Of processes that were killed while they wrote.
    for (const name of readdirSync(folder))
      if (name.endsWith(TMP) && hasLivingWriter(name.slice(0, -TMP.length)) === false)
        rmSync(join(folder, name), { force: true });
  }

  async read(id: string): Promise<FilesKept> {
    try {
      return { ...NONE, ...JSON.parse(await readFile(this.#path(id), 'utf8')) };
    } catch {
      return NONE;
    }
  }

  async write(id: string, kept: FilesKept): Promise<void> {
    const tmp = join(this.#folder, ownEntryName() + TMP);
    await writeFile(tmp, JSON.stringify(kept));
    await rename(tmp, this.#path(id));
  }

  forget(id: string): Promise<void> {
    return rm(this.#path(id), { force: true });
  }

  #path(id: string): string {
    return join(this.#folder, `${partsOf(id).uuid}.json`);
  }
}
