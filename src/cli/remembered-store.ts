import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { ProblemError, problem } from '../core/problems.ts';
import type { Terminal } from './command.ts';
import { bucketOf } from './store-url.ts';

type Environment = Terminal['env'];

/** What is kept from one command to the next, in a file that people may write as well. */
export interface Remembered {
  /** `s3://BUCKET` */
  readonly store?: string;
  /** Whose folder it is, for those whose AWS identity does not tell. */
  readonly user?: string;
}

/** `undefined` where nothing says where such files belong: then nothing is read or written. */
export function configurationFile(env: Environment): string | undefined {
  const { XDG_CONFIG_HOME: own, HOME: home } = env;
  // The specification of base directories has relative ones ignored.
  if (own !== undefined && isAbsolute(own)) return join(own, 'clusterdrop', 'config.json');
  return home ? join(home, '.config', 'clusterdrop', 'config.json') : undefined;
}

/** @throws ProblemError `bad-configuration` */
export function readRemembered(env: Environment): Remembered {
  const file = configurationFile(env);
  return file === undefined ? {} : readConfiguration(file);
}

/**
 * Remembers what is new in `facts`; what else stands in the file stays.
 * @returns the file when it has been changed. @throws when it cannot be written, or is not one of ours
 */
export function remember(facts: Remembered, env: Environment): string | undefined {
  const file = configurationFile(env);
  if (file === undefined) return undefined;
  const before = readConfiguration(file);
  // A user belongs to a store: the one of another store is nobody here.
  const kept = facts.store === before['store'] ? before : { ...before, user: undefined };
  const after = { ...kept, version: 1, ...facts };
  if (before['store'] === after.store && before['user'] === after.user) return undefined;
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${process.pid}.part`;
  try {
    writeFileSync(draft, `${JSON.stringify(after, null, 2)}\n`, { mode: 0o600 });
    renameSync(draft, file);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
  return file;
}

function readConfiguration(file: string): Readonly<Record<string, unknown>> {
  const wrong = (why: string) => new ProblemError(problem('bad-configuration', { file, why }));
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return {};
    throw wrong(code === undefined ? 'it is not valid JSON' : message);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw wrong('it is not a JSON object');
  const { version, store, user } = value as Record<string, unknown>;
  if (version !== 1) throw wrong(`its version is ${JSON.stringify(version) ?? 'missing'}, not 1`);
  if (store !== undefined && (typeof store !== 'string' || bucketOf(store) === undefined))
    throw wrong(`"store" is ${JSON.stringify(store)}, not s3:// and a bucket's name`);
  if (user !== undefined && typeof user !== 'string') throw wrong('"user" is no text');
  return value as Record<string, unknown>;
}
