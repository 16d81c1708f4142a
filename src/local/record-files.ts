import { type BigIntStats, readFileSync, statSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import type { BlueprintResource } from '../core/blueprint.ts';

/** What every kind of record has. `resources`: the template, where the record holds it. */
export interface KeptRecord {
  readonly version: 1;
  readonly id: string;
  readonly name: string;
  readonly resources?: readonly BlueprintResource[];
}

/** Reads records of stacks, each version of a file once. */
export class RecordFiles<R extends KeptRecord> {
  readonly #cache = new Map<string, { readonly stamp: string; readonly record: R }>();
  /** Thousands of stacks have the same few templates: keep one copy of each. */
  readonly #templates = new Map<string, readonly BlueprintResource[]>();

  /** `undefined` only when the system says that there is no such file; any other failure throws. */
  async read(path: string): Promise<R | undefined> {
    try {
      const stamp = stampOf(await stat(path, { bigint: true }));
      return this.#cached(path, stamp) ?? this.#keep(path, stamp, await readFile(path, 'utf8'));
    } catch (error) {
      return this.#absent(path, error);
    }
  }

  /** The same for the inside of a lock. */
  readSync(path: string): R | undefined {
    try {
      const stamp = stampOf(statSync(path, { bigint: true }));
      return this.#cached(path, stamp) ?? this.#keep(path, stamp, readFileSync(path, 'utf8'));
    } catch (error) {
      return this.#absent(path, error);
    }
  }

  #cached(path: string, stamp: string): R | undefined {
    const cached = this.#cache.get(path);
    return cached?.stamp === stamp ? cached.record : undefined;
  }

  /** A file replaced between stat and read is kept under its old stamp: the next look sees another stamp and reads again. */
  #keep(path: string, stamp: string, text: string): R {
    const parsed = parse(path, text) as R;
    const version: unknown = parsed.version;
    if (version !== 1)
      throw new Error(`${path}: version ${String(version)} of a stack record is unknown to this program`);
    const record = parsed.resources ? { ...parsed, resources: this.#shared(parsed.resources) } : parsed;
    this.#cache.set(path, { stamp, record });
    return record;
  }

  #shared(resources: readonly BlueprintResource[]): readonly BlueprintResource[] {
    const key = JSON.stringify(resources);
    const shared = this.#templates.get(key) ?? resources;
    this.#templates.set(key, shared);
    return shared;
  }

  #absent(path: string, error: unknown): undefined {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    this.#cache.delete(path);
  }
}

function parse(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Error(`${path}: not a stack record; put it right or remove it`, { cause });
  }
}

function stampOf(stats: BigIntStats): string {
  return `${stats.ino}-${stats.mtimeNs}-${stats.ctimeNs}-${stats.size}`;
}
