import { Readable } from 'node:stream';
import { extract } from 'tar-stream';
import type { Cluster } from '../../core/identity.ts';
import { ProblemError } from '../../core/problems.ts';
import type { FolderStore } from '../folder-store.ts';
import { keyFault } from '../object-path.ts';
import type { ContainerEngine } from './container-engine.ts';
import { EngineTrouble } from './engine-trouble.ts';
import { bytesOf, type FileMarks, filesPrefix, markOf } from './kept-files.ts';
import { ACCOUNT_ID } from './login-account-id.ts';
import { packed } from './packed.ts';

export interface SavedFiles {
  readonly marks: FileMarks;
  readonly count: number;
  readonly bytes: number;
  /** Something was copied, or is not there any more. */
  readonly hasChanged: boolean;
  /** What could not be saved, in words; the rest is. */
  readonly trouble?: string;
}

export interface FilesToSave {
  readonly engine: ContainerEngine;
  readonly store: FolderStore;
  readonly cluster: Cluster;
  /** Id of the login host, which runs. */
  readonly host: string;
  readonly account: string;
  /** As they were when they were saved last. */
  readonly marks: FileMarks;
  readonly now: number;
  /** Gives it up at once. */
  readonly signal?: AbortSignal;
  /**
   * What cannot be stored is told and left out if it is one of these, else it ends the whole. `obstacles`: something else lies in its
   * place. `all`: also what is larger than the room that is left.
   */
  readonly leaveOut?: 'nothing' | 'obstacles' | 'all';
}

/** More files than anybody looks at; beyond, they are to be packed. */
const MOST_FILES = 100_000;
const LIST = 'var/lib/clusterdrop/files-to-save';
/** So long a host may say nothing. */
const PATIENCE = 60_000;
/** So long all may take: whoever sends a byte now and then, or bytes without end, would never come to an end. */
export const LONGEST_SAVE = 60 * 60_000;
/** Is never filled by us: others need the disk too, the machine's own programs first of all. */
const RESERVE = 512 * 1024 * 1024;
/** Of a line of the listing: a path in Linux has 4096 bytes. */
const MOST_LINE = 8192;
const SENSELESS = 'the listing of ~/files makes no sense';
const MOST_COMPLAINT = 64 * 1024;
/** As the user, so that nothing is read that they could not read themselves. */
const AS_USER = `${ACCOUNT_ID}:${ACCOUNT_ID}`;

/** The bucket does not take what a host has: no fault of the host's. */
export class BucketTrouble extends Error {
  override readonly name = 'BucketTrouble';
}

/**
 * Copies into the bucket what is new or changed in `~/files`. Nothing is removed there, and what somebody changed in the bucket
 * meanwhile is kept as its older version. The host is its user's ground: of what it sends only plain files are taken that were asked for.
 * @throws EngineTrouble when the host or the engine does not give them, BucketTrouble when they cannot be stored
 */
export async function saveFiles(files: FilesToSave): Promise<SavedFiles> {
  const { cluster, marks, store, leaveOut } = files;
  const found = await filesThere(files);
  const prefix = filesPrefix(cluster);
  const unfit = [...found.keys()].filter((path) => keyFault(prefix + path) !== undefined);
  for (const path of unfit) found.delete(path);
  const changed = [...found].filter(([path, mark]) => marks[path] !== mark).map(([path]) => path);
  const room = Math.max(0, store.room() - RESERVE);
  const fitting = fittingIn(room, changed, found);
  if (leaveOut !== 'all' && fitting.length < changed.length)
    throw new BucketTrouble('the disk of the bucket has no room for all of them');
  const taken =
    fitting.length > 0
      ? await fetchFiles(files, fitting, room, (path, body, isProgram) =>
          stored(files, prefix + path, body, isProgram),
        )
      : new Set();
  const missed = new Set(changed.filter((path) => !taken.has(path)));
  const kept = [...found].filter(([path]) => !missed.has(path));
  const trouble = troubleOf([...unfit, ...missed], found.size + unfit.length >= MOST_FILES);
  return {
    marks: Object.fromEntries(kept),
    count: kept.length,
    bytes: bytesOf(Object.fromEntries(kept)),
    hasChanged: taken.size > 0 || kept.length !== Object.keys(marks).length,
    ...(trouble !== undefined && { trouble }),
  };
}

/** Those of `paths` that have room together. A file may claim to be larger than any disk: it is not even begun. */
function fittingIn(room: number, paths: readonly string[], sizes: ReadonlyMap<string, string>): string[] {
  let left = room;
  return paths.filter((path) => {
    const size = bytesOf({ path: sizes.get(path) ?? '' });
    if (!(size <= left)) return false;
    left -= size;
    return true;
  });
}

/** @returns whether it is in the bucket now */
async function stored(
  { store, leaveOut = 'nothing' }: FilesToSave,
  key: string,
  body: Readable,
  isProgram: boolean,
): Promise<boolean> {
  let broken: unknown;
  body.once('error', (error) => {
    broken = error;
  });
  try {
    await store.putFrom(key, body, isProgram);
    return true;
  } catch (error) {
    if (broken !== undefined) throw error;
    if (leaveOut !== 'nothing' && error instanceof ProblemError) return false;
    throw new BucketTrouble(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

/** Path below `~/files` to its mark. */
async function filesThere(files: FilesToSave): Promise<Map<string, string>> {
  const { out, err, ended, close } = await begun(files, [
    'find',
    `/home/${files.account}/files/`,
    '-xdev',
    '-type',
    'f',
    '-printf',
    '%T@ %s %P\\0',
  ]);
  const complaint = startOf(err);
  const found = new Map<string, string>();
  for await (const line of listedIn(out)) {
    const [, seconds, size, path] = /^(-?\d{1,12})(?:\.\d+)? (\d{1,20}) (.+)$/s.exec(line) ?? [];
    if (seconds === undefined || size === undefined || path === undefined)
      throw new EngineTrouble('other', SENSELESS);
    found.set(path, markOf(Number(seconds), Number(size)));
    if (found.size < MOST_FILES) continue;
    // The rest is not waited for: there may be no end of it.
    close();
    return found;
  }
  // 1: some folder cannot be read, or there is no ~/files any more: what is there is saved.
  const code = await ended;
  if (code > 1)
    throw new EngineTrouble('other', `~/files could not be listed: ${(await complaint).slice(0, 300)}`);
  return found;
}

/** What stands before each zero byte of a stream, none longer than any line of ours. */
async function* listedIn(out: Readable): AsyncGenerator<string> {
  let rest = Buffer.alloc(0);
  for await (const chunk of out) {
    const lines = rest.length === 0 ? (chunk as Buffer) : Buffer.concat([rest, chunk as Buffer]);
    let begin = 0;
    for (let end = lines.indexOf(0); end >= 0; end = lines.indexOf(0, begin)) {
      yield lines.toString('utf8', begin, end);
      begin = end + 1;
    }
    if (lines.length - begin > MOST_LINE) throw new EngineTrouble('other', SENSELESS);
    // A copy: the chunk that it is a part of is not to be kept.
    rest = Buffer.from(lines.subarray(begin));
  }
}

/** A command on the host, as its user, as long as it may take. */
async function begun({ engine, host, signal }: FilesToSave, command: readonly string[]) {
  signal?.throwIfAborted();
  const run = await engine.open(host, command, {
    user: AS_USER,
    patienceMs: PATIENCE,
    longestMs: LONGEST_SAVE,
  });
  signal?.addEventListener('abort', run.close, { once: true });
  run.ended.catch(() => undefined).finally(() => signal?.removeEventListener('abort', run.close));
  return run;
}

/** @returns what arrived whole */
async function fetchFiles(
  files: FilesToSave,
  paths: readonly string[],
  room: number,
  take: (path: string, body: Readable, isProgram: boolean) => Promise<boolean>,
): Promise<ReadonlySet<string>> {
  const { engine, host, account, now } = files;
  await engine.putFiles(
    host,
    await packed([{ path: LIST, body: paths.map((path) => `./${path}\0`).join('') }], now),
  );
  const wanted = new Set(paths);
  const taken = new Set<string>();
  const command = [
    'tar',
    '-C',
    `/home/${account}/files`,
    '--null',
    '--no-recursion',
    '-T',
    `/${LIST}`,
    '-cf',
    '-',
  ];
  const { out, err, ended } = await begun(files, command);
  const complaints = startOf(err);
  let left = room;
  const tar = extract();
  out.once('error', (error) => tar.destroy(error));
  out.pipe(tar);
  for await (const entry of tar) {
    const path = entry.header.name.replace(/^\.\//, '');
    if (entry.header.type === 'file' && wanted.delete(path)) {
      left -= entry.header.size ?? 0;
      // Grown since it was listed, or never what it claimed to be.
      if (left < 0)
        throw new EngineTrouble('other', `${JSON.stringify(path.slice(0, 80))} is larger than it was`);
      const isProgram = ((entry.header.mode ?? 0) & 0o100) !== 0;
      if (await take(path, Readable.from(entry), isProgram)) taken.add(path);
    } else entry.resume();
  }
  const code = await ended;
  // 1: some file changed while it was read; it will look changed the next time.
  if (code > 1 && taken.size === 0)
    throw new EngineTrouble('other', `~/files could not be read: ${(await complaints).slice(0, 300)}`);
  return taken;
}

/** The beginning; all of it is read. */
async function startOf(stream: Readable): Promise<string> {
  let text = '';
  for await (const chunk of stream) if (text.length < MOST_COMPLAINT) text += String(chunk);
  return text;
}

function troubleOf(paths: readonly string[], isCut: boolean): string | undefined {
  const cut = `there are more than ${MOST_FILES} files: what is beyond is not saved; pack what belongs together (tar)`;
  if (paths.length === 0) return isCut ? cut : undefined;
  const shown = paths.slice(0, 3).map((path) => JSON.stringify(path.slice(0, 80)));
  return `${paths.length} ${paths.length === 1 ? 'file' : 'files'} could not be saved (${shown.join(', ')}${paths.length > 3 ? ', ...' : ''}): unreadable, too large, a name that the bucket cannot hold, or something else lies in its place${isCut ? `; and ${cut}` : ''}`;
}
