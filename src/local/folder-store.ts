import { type BigIntStats, closeSync, createReadStream, fstatSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setImmediate as breathe } from 'node:timers/promises';
import { ProblemError, problem } from '../core/problems.ts';
import type { Clock, Condition, ListPage, ObjectEntry, ObjectStore, StoredObject } from '../engine/ports.ts';
import { entryOf, isForeignLink, isQuiet, statOf } from './file-stat.ts';
import { listFolder } from './folder-listing.ts';
import { FolderLock } from './folder-lock.ts';
import type { FolderTree } from './folder-tree.ts';
import { type Walked, walkFolder } from './folder-walk.ts';
import { KeptVersions } from './kept-versions.ts';
import { type InputFile, listInputs } from './list-inputs.ts';
import { keyFault, namesOf } from './object-path.ts';
import { openFolders } from './open-folders.ts';
import { publish } from './publish.ts';
import { openPlain, readWhole } from './read-whole.ts';
import { RemovedInputs } from './removed-inputs.ts';
import { type StagedFile, Staging } from './staging.ts';
import { usersDoing } from './users-doing.ts';
import { withdraw } from './withdraw.ts';

export interface FolderStoreOptions {
  /** The visible folder: people copy files into it. Made if missing. */
  readonly root: string;
  /** Our own folder on the same file system, not inside `root`. Made if missing. */
  readonly internal: string;
  readonly bucket: string;
  readonly clock: Clock;
  /** How long nobody may have written to an input file before it is shown, in ms. */
  readonly quietMs: number;
  /** Of which keys old versions are kept when they are replaced; default: of all. */
  readonly isKept?: (key: string) => boolean;
  /** Of which keys only the newest few of these stay, however young they are; default: of none. */
  readonly isShortLived?: (key: string) => boolean;
  /** Which keys people write with ordinary programs, which do not write whole or not at all as we do. */
  readonly isInput: (key: string) => boolean;
  /**
   * Whether reading throws where a link or the like lies in place of an object or a folder: what is ours to set up is not taken
   * for missing. Default: such things are ignored, for anybody can make one in what is theirs.
   */
  readonly strict?: boolean;
}

/** A file as it was when it was opened. */
export interface OpenFile {
  readonly size: number;
  /** Epoch ms, as people see it. */
  readonly modified: number;
  /** Whether its owner may run it. */
  readonly isProgram: boolean;
  /** At most `size` bytes. */
  readonly body: Readable;
}

/** A file that changes during each of so many readings is being written by somebody's program. */
const ROUNDS = 5;

/**
 * A bucket that is a folder. Several processes may use one folder at once, and people change it under our hands.
 * Our writes survive the end of any process at any moment, not the end of the power: nothing waits for the disk.
 * Needs a POSIX file system with hard links. An empty folder is listed, as it is seen; a bucket has no such thing.
 */
export class FolderStore implements ObjectStore {
  readonly bucket: string;
  readonly #options: FolderStoreOptions;
  readonly #tree: FolderTree;
  readonly #lock: FolderLock;
  readonly #staging: Staging;
  readonly #kept: KeptVersions;
  readonly #removed = new RemovedInputs();

  /** Throws an Error when the two folders cannot be used together. */
  constructor(options: FolderStoreOptions) {
    const { root, internal } = options;
    this.#options = options;
    this.bucket = options.bucket;
    this.#tree = openFolders(root, internal);
    this.#lock = new FolderLock(join(internal, 'locks'));
    this.#staging = new Staging(join(internal, 'tmp'));
    this.#kept = new KeptVersions(join(internal, 'versions'));
    this.#staging.sweep(options.clock.now());
  }

  async *list(prefix: string): AsyncIterable<ListPage> {
    const shown = (key: string, path: string) => {
      const stat = statOf(path);
      if (stat?.isDirectory()) return 'folder';
      if (stat?.isSymbolicLink()) this.#blocked(key, 'it is a symbolic link');
      return stat?.isFile() && this.#isShown(key, path, stat) ? entryOf(key, stat) : undefined;
    };
    const blocked = (key: string, why: string) => this.#blocked(key, why);
    try {
      yield* listFolder({ tree: this.#tree, shown, blocked }, prefix);
    } catch (error) {
      throw usersDoing(error, this.#tree.root, prefix);
    }
  }

  /** Whatever lies below a prefix that ends in `/`, however much that is. `failed` is told of a folder that cannot be read. */
  walk(prefix: string, failed: (key: string, error: unknown) => void): Generator<Walked> {
    return walkFolder(this.#tree, prefix, failed);
  }

  async get(key: string, most?: number): Promise<StoredObject | undefined> {
    try {
      return this.#read(key, most);
    } catch (error) {
      throw usersDoing(error, this.#tree.root, key);
    }
  }

  #read(key: string, most: number | undefined): StoredObject | undefined {
    const names = namesOf(key);
    if (names === undefined) return undefined;
    for (let round = 0; round < ROUNDS; round++) {
      const place = this.#tree.find(names);
      if (place.kind === 'obstacle') this.#blocked(key, place.why);
      if (place.kind !== 'file') return undefined;
      const read = readWhole(place.path, most);
      // Gone since the look: look again at what is there instead.
      if (read === 'gone' || read === 'changing') continue;
      return this.#isShown(key, place.path, read.stat)
        ? { ...entryOf(key, read.stat), body: read.body }
        : undefined;
    }
    // An input file that is being written is not there yet.
    if (this.#options.isInput(key)) return undefined;
    throw new Error(`${key} keeps changing while it is read`);
  }

  async put(key: string, body: Uint8Array | string, condition?: Condition): Promise<ObjectEntry | undefined> {
    const fault = keyFault(key);
    if (fault !== undefined) throw new Error(`cannot store ${JSON.stringify(key)}: ${fault}`);
    return this.#publish(key, this.#staging.write(body), condition);
  }

  /** Like `put` for what may not fit into memory; a stream that fails leaves what was there. `isProgram`: it may be run, as far as a folder can tell. */
  async putFrom(key: string, body: Readable, isProgram = false): Promise<void> {
    const fault = keyFault(key);
    if (fault !== undefined) throw new Error(`cannot store ${JSON.stringify(key)}: ${fault}`);
    await this.#publish(key, await this.#staging.writeFrom(body, isProgram));
  }

  /**
   * Like `get` for what may not fit into memory: the first `size` bytes of the stream. It is not looked whether the file changes meanwhile.
   * `isListed`: the key is one that `walk` gave.
   */
  openFile(key: string, isListed = false): OpenFile | undefined {
    const place = this.#tree.find(namesOf(key) ?? [''], isListed);
    if (place.kind !== 'file') return undefined;
    const file = openPlain(place.path);
    if (file === undefined) return undefined;
    const { size, mtimeMs, mode } = fstatSync(file);
    const end = size - 1;
    const body = size === 0 ? closed(file) : createReadStream('', { fd: file, start: 0, end });
    return { size, modified: mtimeMs, isProgram: (mode & 0o100) !== 0, body };
  }

  /** Bytes that can still be written here. */
  room(): number {
    const { bavail, bsize } = statfsSync(this.#tree.root);
    return bavail * bsize;
  }

  /** Bytes of the whole disk. */
  capacity(): number {
    const { blocks, bsize } = statfsSync(this.#tree.root);
    return blocks * bsize;
  }

  async #publish(key: string, staged: StagedFile, condition?: Condition): Promise<ObjectEntry | undefined> {
    try {
      return await this.#lock.run(() => publish(this.#parts(), key, staged, condition));
    } catch (error) {
      throw usersDoing(error, this.#tree.root, key);
    } finally {
      staged.discard();
    }
  }

  async remove(key: string, version: string): Promise<'removed' | 'changed' | 'absent'> {
    if (keyFault(key) !== undefined) return 'absent';
    const { clock, isInput } = this.#options;
    const outcome = await this.#lock.run(() => withdraw(this.#parts(), key, version));
    if (typeof outcome === 'string') return outcome;
    if (isInput(key)) this.#removed.add({ key, ...outcome, at: clock.now() });
    return 'removed';
  }

  /**
   * Looks once more at input files removed at least `quietMs` ago: a program that had one open may have gone on writing.
   * Such a file is put back, unless something newer lies there. Returns the keys put back. To be called every now and then.
   */
  async recheck(): Promise<string[]> {
    const { clock, quietMs } = this.#options;
    const before = clock.now() - quietMs;
    if (!this.#removed.has(before)) return [];
    return this.#lock.run(() => this.#removed.putBackWritten(before, this.#tree));
  }

  /** Every input file, also those that are not quiet yet, for a watcher that polls. */
  async listInputs(): Promise<InputFile[]> {
    const { isInput, clock, quietMs } = this.#options;
    return listInputs(this.#tree, isInput, (stat) => isQuiet(stat, clock.now(), quietMs));
  }

  /**
   * Removes what was kept more than `olderThanMs` ago, and of short-lived keys whatever was kept; but the newest `keepPerKey` of each
   * key stay. Where that fails for one key it goes on with the others, and throws at the end.
   */
  async expireVersions(olderThanMs: number, keepPerKey: number): Promise<void> {
    const { clock, isShortLived = () => false } = this.#options;
    const old = clock.now() - olderThanMs;
    const failures: unknown[] = [];
    let keys = 0;
    for (const names of this.#kept.keys()) {
      keys += 1;
      if (keys % 100 === 0) await breathe();
      const before = isShortLived(names.join('/')) ? Number.POSITIVE_INFINITY : old;
      await this.#lock.run(() => {
        try {
          this.#kept.expire(names, this.#tree, before, keepPerKey);
        } catch (error) {
          failures.push(error);
        }
      });
    }
    if (failures.length > 0) throw failures[0];
  }

  #parts() {
    const { clock, isKept = () => true } = this.#options;
    return { tree: this.#tree, kept: this.#kept, now: clock.now(), isKept };
  }

  /** Throws where what is in the way must not look like nothing. */
  #blocked(key: string, why: string): void {
    if (this.#options.strict) throw new ProblemError(problem('in-the-way', { key, why }));
  }

  #isShown(key: string, path: string, stat: BigIntStats): boolean {
    const { isInput, clock, quietMs } = this.#options;
    return !isInput(key) || (isQuiet(stat, clock.now(), quietMs) && !isForeignLink(path, stat));
  }
}

function closed(file: number): Readable {
  closeSync(file);
  return Readable.from([]);
}
