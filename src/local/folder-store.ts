import { type BigIntStats, linkSync, mkdirSync, realpathSync, renameSync, unlinkSync } from 'node:fs';
import { join, sep } from 'node:path';
import { setImmediate as breathe } from 'node:timers/promises';
import type { Clock, Condition, ListPage, ObjectEntry, ObjectStore, StoredObject } from '../engine/ports.ts';
import { entryOf, isQuiet, isSameWrite, statOf, versionOf } from './file-stat.ts';
import { type InputFile, isAbsence, listFolder, walkInputs } from './folder-listing.ts';
import { FolderLock } from './folder-lock.ts';
import { FolderTree } from './folder-tree.ts';
import { KeptVersions, putBack, takeAway } from './kept-versions.ts';
import { keyFault, namesOf } from './object-path.ts';
import { readWhole } from './read-whole.ts';
import { Staging } from './staging.ts';

export interface FolderStoreOptions {
  /** The visible folder: people copy files into it. Made if missing. */
  readonly root: string;
  /** Our own folder on the same file system, not inside `root`. Made if missing. */
  readonly internal: string;
  readonly bucket: string;
  readonly clock: Clock;
  /** How long nobody may have written to an input file before it is shown, in ms. */
  readonly quietMs: number;
  /** Which keys people write with ordinary programs, which do not write whole or not at all as we do. */
  readonly isInput: (key: string) => boolean;
}

/** Something that keeps changing while we look is somebody's running program: not worth more rounds than this. */
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
  #taken: { readonly key: string; readonly kept: string; readonly stat: BigIntStats; readonly at: number }[] =
    [];

  /** Throws an Error when the two folders cannot be used together. */
  constructor(options: FolderStoreOptions) {
    const { root, internal } = options;
    this.#options = options;
    this.bucket = options.bucket;
    mkdirSync(root, { recursive: true });
    mkdirSync(internal, { recursive: true, mode: 0o700 });
    this.#tree = new FolderTree(root);
    if ((realpathSync.native(internal) + sep).startsWith(this.#tree.root + sep))
      throw new Error(`${internal} must not be inside ${root}`);
    if (statOf(realpathSync.native(internal))?.dev !== statOf(this.#tree.root)?.dev)
      throw new Error(`${internal} and ${root} must be on one file system`);
    this.#lock = new FolderLock(join(internal, 'locks'));
    this.#staging = new Staging(join(internal, 'tmp'));
    this.#kept = new KeptVersions(join(internal, 'versions'));
    this.#staging.sweep(options.clock.now());
  }

  async *list(prefix: string): AsyncIterable<ListPage> {
    yield* listFolder(this.#tree, prefix, (key, path) => {
      const stat = statOf(path);
      if (stat?.isDirectory()) return 'folder';
      return stat?.isFile() && this.#isShown(key, stat) ? entryOf(key, stat) : undefined;
    });
  }

  async get(key: string): Promise<StoredObject | undefined> {
    const names = namesOf(key);
    if (names === undefined) return undefined;
    for (let round = 0; round < ROUNDS; round++) {
      const place = this.#tree.find(names);
      if (place.kind !== 'file' || !this.#isShown(key, place.stat)) return undefined;
      const read = readWhole(place.path);
      if (read === 'gone') return undefined;
      if (read === 'changing') continue;
      return this.#isShown(key, read.stat) ? { ...entryOf(key, read.stat), body: read.body } : undefined;
    }
    // An input file that is being written is not there yet.
    if (this.#options.isInput(key)) return undefined;
    throw new Error(`${key} keeps changing while it is read`);
  }

  async put(key: string, body: Uint8Array | string, condition?: Condition): Promise<ObjectEntry | undefined> {
    const fault = keyFault(key);
    if (fault !== undefined) throw new Error(`cannot store ${JSON.stringify(key)}: ${fault}`);
    const staged = this.#staging.write(body);
    let entry: ObjectEntry | undefined;
    try {
      entry = await this.#lock.run(() => this.#publish(key, staged, condition));
      return entry;
    } finally {
      if (entry === undefined) unlinkSync(staged.path);
    }
  }

  async remove(key: string, version: string): Promise<'removed' | 'changed' | 'absent'> {
    const names = namesOf(key);
    return names === undefined ? 'absent' : this.#lock.run(() => this.#remove(key, names, version));
  }

  /**
   * Looks once more at input files removed at least `quietMs` ago: a program that had one open may have gone on writing.
   * Such a file is put back, unless something newer lies there. Returns the keys put back. To be called every now and then.
   */
  async recheck(): Promise<string[]> {
    const now = this.#options.clock.now();
    const due = this.#taken.filter(({ at }) => now - at >= this.#options.quietMs);
    if (due.length === 0) return [];
    return this.#lock.run(() => {
      this.#taken = this.#taken.filter((one) => !due.includes(one));
      const returned: string[] = [];
      for (const { key, kept, stat } of due) {
        const found = statOf(kept);
        if (!found || isSameWrite(found, stat)) continue;
        const place = this.#tree.find(key.split('/'));
        const parent = this.#tree.folder(key.split('/').slice(0, -1));
        if (place.kind === 'nothing' && parent !== undefined && putBack(kept, place.path)) returned.push(key);
      }
      return returned;
    });
  }

  /** Every input file, also those that are not quiet yet, for a watcher that polls. */
  async listInputs(): Promise<InputFile[]> {
    const { isInput, clock, quietMs } = this.#options;
    const inputs: InputFile[] = [];
    let folders = 0;
    for (const found of walkInputs(this.#tree, isInput)) {
      if (found === 'folder') {
        folders += 1;
        if (folders % 100 === 0) await breathe();
        continue;
      }
      const { key, stat } = found;
      inputs.push({ key, version: versionOf(stat), quiet: isQuiet(stat, clock.now(), quietMs) });
    }
    return inputs;
  }

  /** Removes what was kept more than `olderThanMs` ago, except the newest `keepPerKey` of each key. */
  async expireVersions(olderThanMs: number, keepPerKey: number): Promise<void> {
    const before = this.#options.clock.now() - olderThanMs;
    for (const names of this.#kept.keys()) {
      await this.#lock.run(() => this.#kept.expire(names, this.#tree, before, keepPerKey));
    }
  }

  #isShown(key: string, stat: BigIntStats): boolean {
    const { isInput, clock, quietMs } = this.#options;
    return !isInput(key) || isQuiet(stat, clock.now(), quietMs);
  }

  #publish(
    key: string,
    staged: { readonly path: string; readonly stat: BigIntStats },
    condition: Condition | undefined,
  ): ObjectEntry | undefined {
    const names = key.split('/');
    for (let round = 0; round < ROUNDS; round++) {
      const place = this.#tree.find(names);
      if (place.kind === 'obstacle') throw new Error(`cannot store ${key}: ${place.why}`);
      if (place.kind === 'nothing') {
        if (condition && 'ifVersion' in condition) return undefined;
        this.#tree.makeFolder(names.slice(0, -1));
        // Not renamed: a link cannot replace what somebody who does not know our lock put there just now.
        if (linkIfAbsent(staged.path, place.path)) {
          unlinkSync(staged.path);
          return this.#written(key, place.path, staged.stat);
        }
        if (condition) return undefined;
        continue;
      }
      const version = versionOf(place.stat);
      if (condition && !('ifVersion' in condition && condition.ifVersion === version)) return undefined;
      // Keeping it changes its ctime: should we be killed before the next line, it looks as if it had been touched.
      this.#kept.keep(place.path, key, version, this.#options.clock.now());
      const still = statOf(place.path);
      if (!still || !isSameWrite(still, place.stat)) continue;
      renameSync(staged.path, place.path);
      return this.#written(key, place.path, staged.stat);
    }
    throw new Error(`${key} keeps changing while it is written`);
  }

  #written(key: string, path: string, staged: BigIntStats): ObjectEntry {
    const stat = statOf(path);
    // Replaced already, by somebody who does not know our lock: then nothing lies there under the version we return.
    return entryOf(key, stat?.ino === staged.ino ? stat : staged);
  }

  #remove(key: string, names: readonly string[], version: string): 'removed' | 'changed' | 'absent' {
    const place = this.#tree.find(names);
    if (place.kind !== 'file') return 'absent';
    if (versionOf(place.stat) !== version) return 'changed';
    const { clock, isInput } = this.#options;
    const kept = this.#kept.place(key, version, clock.now());
    try {
      if (!takeAway(place.path, kept, place.stat)) return 'changed';
    } catch (error) {
      if (isAbsence(error)) return 'absent';
      throw error;
    }
    if (isInput(key)) this.#taken.push({ key, kept, stat: place.stat, at: clock.now() });
    return 'removed';
  }
}

function linkIfAbsent(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}
