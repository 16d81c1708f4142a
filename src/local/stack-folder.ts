import { randomUUID } from 'node:crypto';
import {
  type BigIntStats,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { BlueprintResource } from '../core/blueprint.ts';
import { sha256Hex } from '../core/sha256.ts';
import type { StackRecord } from './stack-record.ts';

/**
 * Stack records on disk: `living/<name>.json` for the one incarnation that has a name, `ended/<uuid>.json` for those that are gone.
 * A file is replaced whole or not at all. Methods ending in `Sync` are for the inside of a lock.
 */
export class StackFolder {
  readonly #living: string;
  readonly #ended: string;
  readonly #tmp: string;
  readonly #cache = new Map<string, { readonly stamp: string; readonly record: StackRecord }>();
  /** Thousands of stacks have the same few templates: keep one copy of each. */
  readonly #templates = new Map<string, readonly BlueprintResource[]>();

  constructor(folder: string) {
    this.#living = join(folder, 'living');
    this.#ended = join(folder, 'ended');
    this.#tmp = join(folder, 'tmp');
    for (const path of [this.#living, this.#ended, this.#tmp]) mkdirSync(path, { recursive: true });
  }

  /** The record that has `name`; its stack may have been deleted by now. */
  async living(name: string): Promise<StackRecord | undefined> {
    return this.#read(join(this.#living, fileOf(name)));
  }

  /** Living or ended. In this order, since a record moves only one way. */
  async byId(id: string): Promise<StackRecord | undefined> {
    const { name, uuid } = partsOf(id);
    if (name === undefined || uuid === undefined) return undefined;
    const living = await this.living(name);
    if (living?.id === id) return living;
    const ended = await this.#read(join(this.#ended, `${uuid}.json`));
    return ended?.id === id ? ended : undefined;
  }

  /** Names of files for `livingAt`. */
  async livingFiles(): Promise<readonly string[]> {
    return (await readdir(this.#living)).toSorted();
  }

  async livingAt(file: string): Promise<StackRecord | undefined> {
    return this.#read(join(this.#living, file));
  }

  livingSync(name: string): StackRecord | undefined {
    return this.#readSync(join(this.#living, fileOf(name)));
  }

  /** False when the name is taken: the link is the last word between processes, with or without a lock. */
  addSync(record: StackRecord): boolean {
    const tmp = this.#writeTmp(record);
    try {
      linkSync(tmp, join(this.#living, fileOf(record.name)));
      return true;
    } catch (error) {
      if (codeOf(error) === 'EEXIST') return false;
      throw error;
    } finally {
      rmSync(tmp, { force: true });
    }
  }

  replaceSync(record: StackRecord): void {
    renameSync(this.#writeTmp(record), join(this.#living, fileOf(record.name)));
  }

  /** Frees the name. */
  endSync(record: StackRecord): void {
    const path = join(this.#living, fileOf(record.name));
    renameSync(path, join(this.#ended, `${partsOf(record.id).uuid}.json`));
    this.#cache.delete(path);
  }

  #writeTmp(record: StackRecord): string {
    const tmp = join(this.#tmp, `${randomUUID()}.json`);
    writeFileSync(tmp, `${JSON.stringify(record)}\n`, { flag: 'wx' });
    // File clocks tick only every few milliseconds: a random fraction of a second tells two writes of one tick apart.
    const now = Date.now() / 1000;
    utimesSync(tmp, now, Math.floor(now) - Math.random());
    return tmp;
  }

  async #read(path: string): Promise<StackRecord | undefined> {
    try {
      const stamp = stampOf(await stat(path, { bigint: true }));
      const cached = this.#cache.get(path);
      if (cached?.stamp === stamp) return cached.record;
      return this.#keep(path, stamp, await readFile(path, 'utf8'));
    } catch (error) {
      return absent(error);
    }
  }

  #readSync(path: string): StackRecord | undefined {
    try {
      const stamp = stampOf(statSync(path, { bigint: true }));
      const cached = this.#cache.get(path);
      if (cached?.stamp === stamp) return cached.record;
      return this.#keep(path, stamp, readFileSync(path, 'utf8'));
    } catch (error) {
      return absent(error);
    }
  }

  #keep(path: string, stamp: string, text: string): StackRecord {
    const parsed = JSON.parse(text) as Omit<StackRecord, 'version'> & { readonly version: unknown };
    if (parsed.version !== 1)
      throw new Error(
        `${path}: version ${String(parsed.version)} of a stack record is unknown to this program`,
      );
    const key = JSON.stringify(parsed.resources);
    const resources = this.#templates.get(key) ?? parsed.resources;
    this.#templates.set(key, resources);
    const record: StackRecord = { ...parsed, version: 1, resources };
    if (path.startsWith(this.#living)) this.#cache.set(path, { stamp, record });
    return record;
  }
}

/** Only a file that the system says is not there is absent; anything else is a failed read and throws. */
function absent(error: unknown): undefined {
  if (codeOf(error) === 'ENOENT') return undefined;
  throw error;
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

function stampOf(stats: BigIntStats): string {
  return `${stats.ino}-${stats.mtimeNs}-${stats.ctimeNs}-${stats.size}`;
}

/** Stack names differ by case, some file systems do not. */
function fileOf(name: string): string {
  const safe = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return `${safe.length > 200 ? `_${sha256Hex(name)}` : safe}.json`;
}

/** `arn:aws:cloudformation:<region>:<account>:stack/<name>/<uuid>` */
function partsOf(id: string): { readonly name?: string; readonly uuid?: string } {
  const match = /:stack\/([A-Za-z][A-Za-z0-9-]{0,127})\/([0-9a-f-]{36})$/.exec(id);
  const [, name, uuid] = match ?? [];
  return name === undefined || uuid === undefined ? {} : { name, uuid };
}
