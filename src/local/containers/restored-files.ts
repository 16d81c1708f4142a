import { Readable } from 'node:stream';
import { setImmediate as breathe } from 'node:timers/promises';
import { type Header, type Pack, pack } from 'tar-stream';
import type { Cluster } from '../../core/identity.ts';
import type { FolderStore, OpenFile } from '../folder-store.ts';
import type { ContainerEngine } from './container-engine.ts';
import { EngineTrouble } from './engine-trouble.ts';
import { bytesOf, type FileMarks, filesPrefix, markOf } from './kept-files.ts';
import { LeftOut } from './left-out.ts';
import { ACCOUNT_ID } from './login-account-id.ts';
import { NamesLimit, tooMany } from './names-limit.ts';

/** So many names are looked at in one go; others are to be served too. */
const LOOKS = 20;

const COPIED = 'copied to the cluster';

export interface FilesToRestore {
  readonly engine: ContainerEngine;
  readonly store: FolderStore;
  readonly cluster: Cluster;
  /** Id of the login host, which need not run. */
  readonly host: string;
  readonly account: string;
}

export interface RestoredFiles {
  /** What each file looks like there: what is not touched there is not saved again, so that it overwrites nothing. */
  readonly marks: FileMarks;
  readonly count: number;
  readonly bytes: number;
  /** What could not be read, in words; the rest is there. */
  readonly trouble?: string;
}

/**
 * Gives a host `~/files` as the bucket has them.
 * @throws EngineTrouble when the engine does not take them, or when one becomes shorter meanwhile
 */
export async function restoreFiles(files: FilesToRestore): Promise<RestoredFiles> {
  const there = new Map<string, string>();
  const left = new LeftOut();
  const tar = pack();
  const filled = fill(tar, files, there, left).catch((error: unknown) => {
    tar.destroy(error instanceof Error ? error : new Error(String(error)));
    return undefined;
  });
  const home = Readable.from(tar);
  try {
    await files.engine.putFiles(files.host, home);
  } catch (error) {
    throw home.errored ?? error;
  } finally {
    // The engine may have hung up in the middle of a file.
    home.destroy();
    await filled;
  }
  const marks = Object.fromEntries(there);
  const isCut = await filled;
  const trouble = [left.words(COPIED), isCut ? tooMany(COPIED) : undefined].filter(
    (words) => words !== undefined,
  );
  return {
    marks,
    count: there.size,
    bytes: bytesOf(marks),
    ...(trouble.length > 0 && { trouble: trouble.join('; and ') }),
  };
}

/** Makes the tar, to be unpacked at the root of the host. @returns whether there are more files than that */
async function fill(
  tar: Pack,
  { store, cluster, account }: FilesToRestore,
  there: Map<string, string>,
  left: LeftOut,
): Promise<boolean> {
  const owner = { uid: ACCOUNT_ID, gid: ACCOUNT_ID };
  const folder = (name: string) => tar.entry({ name, type: 'directory', mode: 0o755, ...owner });
  const home = `home/${account}`;
  folder(`${home}/`);
  folder(`${home}/files/`);
  const made = new Set<string>();
  let isCut = false;
  const cut = () => {
    isCut = true;
  };
  for await (const { path, file } of openedBelow(store, filesPrefix(cluster), left, cut)) {
    for (const parent of parentsOf(path)) {
      if (made.has(parent)) continue;
      made.add(parent);
      folder(`${home}/files/${parent}/`);
    }
    // All that a tar can tell.
    const seconds = Math.floor(file.modified / 1000);
    const header = {
      name: `${home}/files/${path}`,
      size: file.size,
      mode: file.isProgram ? 0o755 : 0o644,
      mtime: new Date(seconds * 1000),
      ...owner,
    };
    await add(tar, header, file, path);
    there.set(path, markOf(seconds, file.size));
  }
  tar.finalize();
  return isCut;
}

/**
 * The files below a prefix, as many as are saved of a host, in as many folders. What we may not read is left out: it is its owner's,
 * and we may be an ordinary user. `cut` is called when there are more.
 */
async function* openedBelow(
  store: FolderStore,
  prefix: string,
  left: LeftOut,
  cut: () => void,
): AsyncGenerator<{ readonly path: string; readonly file: OpenFile }> {
  const leaveOut = (key: string, error: unknown) => {
    if (!['EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    left.add('unreadable', key.slice(prefix.length));
  };
  const opened = (key: string) => {
    try {
      return store.openFile(key, true);
    } catch (error) {
      leaveOut(key, error);
      return undefined;
    }
  };
  const [files, folders] = [new NamesLimit(), new NamesLimit()];
  let looked = 0;
  for (const { key, isFolder } of store.walk(prefix, leaveOut)) {
    const limit = isFolder ? folders : files;
    if (limit.isReached()) return cut();
    const path = key.slice(prefix.length);
    limit.add(path);
    looked += 1;
    if (looked % LOOKS === 0) await breathe();
    const file = isFolder ? undefined : opened(key);
    if (file) yield { path, file };
  }
}

async function add(
  tar: Pack,
  header: Partial<Header> & Pick<Header, 'name'>,
  file: OpenFile,
  path: string,
): Promise<void> {
  const body = Readable.from(whole(file, path));
  try {
    await new Promise<void>((resolve, reject) => {
      const entry = tar.entry(header, (error) => (error ? reject(error) : resolve()));
      entry.on('error', reject);
      body.once('error', reject).pipe(entry);
    });
  } finally {
    body.destroy();
    file.body.destroy();
  }
}

/** As many bytes as were promised, or an error that tells what is missing. */
async function* whole({ body, size }: OpenFile, path: string): AsyncGenerator<Buffer> {
  let sent = 0;
  for await (const chunk of body) {
    sent += (chunk as Buffer).length;
    yield chunk as Buffer;
  }
  if (sent < size)
    throw new EngineTrouble(
      'other',
      `${JSON.stringify(path)} became shorter while it was copied to the cluster: send your request again`,
    );
}

/** `a`, `a/b` for `a/b/c`. */
function parentsOf(path: string): string[] {
  const names = path.split('/').slice(0, -1);
  return names.map((_, index) => names.slice(0, index + 1).join('/'));
}
