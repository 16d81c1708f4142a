import { randomUUID } from 'node:crypto';
import { linkSync, mkdirSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256Hex } from '../core/sha256.ts';
import { type KeptRecord, RecordFiles } from './record-files.ts';
import { partsOf } from './stack-id.ts';

/**
 * Stack records on disk: `living/<name>.json` for the one incarnation that has a name, `ended/<uuid>.json` for those that are gone.
 * A file is replaced whole or not at all. Methods ending in `Sync` are for the inside of a lock.
 */
export class StackFolder<R extends KeptRecord> {
  readonly #living: string;
  readonly #ended: string;
  readonly #tmp: string;
  readonly #livingFiles = new RecordFiles<R>();

  constructor(folder: string) {
    this.#living = join(folder, 'living');
    this.#ended = join(folder, 'ended');
    this.#tmp = join(folder, 'tmp');
    for (const path of [this.#living, this.#ended, this.#tmp]) mkdirSync(path, { recursive: true });
  }

  /** The record that has `name`; its stack may have been deleted by now. */
  async living(name: string): Promise<R | undefined> {
    return this.#livingFiles.read(join(this.#living, fileOf(name)));
  }

  /** Living or ended. Looked for in this order, since a record moves only this way. */
  async byId(id: string): Promise<R | undefined> {
    const { name, uuid } = partsOf(id);
    if (name === '') return undefined;
    const living = await this.living(name);
    if (living?.id === id) return living;
    // Not kept in memory: the ended ones grow for ever, and are seldom asked for.
    const ended = await new RecordFiles<R>().read(join(this.#ended, `${uuid}.json`));
    return ended?.id === id ? ended : undefined;
  }

  /** Names of files for `livingAt`. */
  async livingFiles(): Promise<readonly string[]> {
    return (await readdir(this.#living)).toSorted();
  }

  async livingAt(file: string): Promise<R | undefined> {
    return this.#livingFiles.read(join(this.#living, file));
  }

  livingSync(name: string): R | undefined {
    return this.#livingFiles.readSync(join(this.#living, fileOf(name)));
  }

  /** False when the name is taken: the link is the last word between processes, with or without a lock. */
  addSync(record: R): boolean {
    const tmp = this.#writeTmp(record);
    try {
      linkSync(tmp, join(this.#living, fileOf(record.name)));
      return true;
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
      throw error;
    } finally {
      rmSync(tmp, { force: true });
    }
  }

  replaceSync(record: R): void {
    renameSync(this.#writeTmp(record), join(this.#living, fileOf(record.name)));
  }

  /** Frees the name. */
  endSync(record: R): void {
    renameSync(join(this.#living, fileOf(record.name)), join(this.#ended, `${partsOf(record.id).uuid}.json`));
  }

  #writeTmp(record: R): string {
    const tmp = join(this.#tmp, `${randomUUID()}.json`);
    writeFileSync(tmp, `${JSON.stringify(record)}\n`, { flag: 'wx' });
    // File clocks tick only every few milliseconds: a random fraction of a second tells two writes of one tick apart.
    const now = Math.floor(Date.now() / 1000);
    utimesSync(tmp, now, now - Math.random());
    return tmp;
  }
}

/** Stack names differ by case, some file systems do not. */
function fileOf(name: string): string {
  const safe = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return `${safe.length > 200 ? `_${sha256Hex(name)}` : safe}.json`;
}
