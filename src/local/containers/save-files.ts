import { Readable } from 'node:stream';
import { extract } from 'tar-stream';
import type { Cluster } from '../../core/identity.ts';
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
}

/** More files than anybody looks at; beyond, they are to be packed. */
const MOST_FILES = 100_000;
const LIST = 'var/lib/clusterdrop/files-to-save';
/** So long a host may say nothing. */
const PATIENCE = 60_000;
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
  const { store, cluster, marks } = files;
  const found = await filesThere(files);
  const prefix = filesPrefix(cluster);
  const unfit = [...found.keys()].filter((path) => keyFault(prefix + path) !== undefined);
  for (const path of unfit) found.delete(path);
  const changed = [...found].filter(([path, mark]) => marks[path] !== mark).map(([path]) => path);
  const taken =
    changed.length > 0
      ? await fetchFiles(files, changed, (path, body, isProgram) =>
          stored(store, prefix + path, body, isProgram),
        )
      : new Set();
  const missed = changed.filter((path) => !taken.has(path));
  const kept = [...found].filter(([path]) => !missed.includes(path));
  const trouble = troubleOf([...unfit, ...missed]);
  return {
    marks: Object.fromEntries(kept),
    count: kept.length,
    bytes: bytesOf(Object.fromEntries(kept)),
    hasChanged: taken.size > 0 || kept.length !== Object.keys(marks).length,
    ...(trouble !== undefined && { trouble }),
  };
}

async function stored(store: FolderStore, key: string, body: Readable, isProgram: boolean): Promise<void> {
  let broken: unknown;
  body.once('error', (error) => {
    broken = error;
  });
  try {
    await store.putFrom(key, body, isProgram);
  } catch (error) {
    if (broken !== undefined) throw error;
    throw new BucketTrouble(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

/** Path below `~/files` to its mark. */
async function filesThere({ engine, host, account }: FilesToSave): Promise<Map<string, string>> {
  const { out, err, ended } = await engine.open(
    host,
    ['find', `/home/${account}/files/`, '-xdev', '-type', 'f', '-printf', '%T@ %s %P\\0'],
    { user: AS_USER, patienceMs: PATIENCE },
  );
  const [listing, complaint] = await Promise.all([textOf(out), textOf(err)]);
  const found = new Map<string, string>();
  for (const line of listing.split('\0')) {
    const [, seconds, size, path] = /^(\d+)(?:\.\d+)? (\d+) (.+)$/s.exec(line) ?? [];
    if (seconds === undefined || size === undefined || path === undefined) continue;
    found.set(path, markOf(Number(seconds), Number(size)));
    if (found.size >= MOST_FILES) break;
  }
  // 1: some folder cannot be read, or there is no ~/files any more: what is there is saved.
  const code = await ended;
  if (code > 1) throw new EngineTrouble('other', `~/files could not be listed: ${complaint.slice(0, 300)}`);
  return found;
}

/** @returns what arrived whole */
async function fetchFiles(
  { engine, host, account, now }: FilesToSave,
  paths: readonly string[],
  take: (path: string, body: Readable, isProgram: boolean) => Promise<void>,
): Promise<ReadonlySet<string>> {
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
  const { out, err, ended } = await engine.open(host, command, { user: AS_USER, patienceMs: PATIENCE });
  const complaints = textOf(err);
  const tar = extract();
  out.once('error', (error) => tar.destroy(error));
  out.pipe(tar);
  for await (const entry of tar) {
    const path = entry.header.name.replace(/^\.\//, '');
    if (entry.header.type === 'file' && wanted.delete(path)) {
      await take(path, Readable.from(entry), ((entry.header.mode ?? 0) & 0o100) !== 0);
      taken.add(path);
    } else entry.resume();
  }
  const code = await ended;
  // 1: some file changed while it was read; it will look changed the next time.
  if (code > 1 && taken.size === 0)
    throw new EngineTrouble('other', `~/files could not be read: ${(await complaints).slice(0, 300)}`);
  return taken;
}

async function textOf(stream: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    bytes += (chunk as Buffer).length;
    if (bytes <= 64 * 1024 * 1024) chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function troubleOf(paths: readonly string[]): string | undefined {
  if (paths.length === 0) return undefined;
  const shown = paths.slice(0, 3).map((path) => JSON.stringify(path.slice(0, 80)));
  return `${paths.length} ${paths.length === 1 ? 'file' : 'files'} could not be saved (${shown.join(', ')}${paths.length > 3 ? ', ...' : ''}): unreadable, or a name that the bucket cannot hold`;
}
