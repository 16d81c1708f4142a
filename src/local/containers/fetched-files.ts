import { Readable } from 'node:stream';
import { extract } from 'tar-stream';
import { begun, startOf, type UsersHost } from './as-user.ts';
import { EngineTrouble } from './engine-trouble.ts';
import { commandTrouble } from './host-trouble.ts';

/** Reads its list from its input, so that nothing is written on a disk that may be full. */
const TAR = 'head -c "$0" | exec tar "$@"';
/** The last of the list: where it comes, all of the list has come. It is `~/files` itself. */
const LAST = './';

/** A plain file on its way out of a host. */
export interface FetchedFile {
  /** Below `~/files`. */
  readonly path: string;
  readonly size: number;
  /** Whether its owner may run it. */
  readonly isProgram: boolean;
  readonly body: Readable;
}

/**
 * Fetches files of `~/files` one after the other. Of what the host sends nothing is taken but plain files of `paths`, each once; which
 * of them do not come, it cannot read.
 * @throws what `take` throws, EngineTrouble when the host does not give them
 */
export async function fetchFiles(
  host: UsersHost,
  paths: readonly string[],
  take: (file: FetchedFile) => Promise<void>,
): Promise<void> {
  if (paths.length === 0) return;
  const list = Buffer.from([...paths.map((path) => `./${path}`), LAST].map((name) => `${name}\0`).join(''));
  const wanted = new Set(paths);
  const command = [
    'sh',
    '-c',
    TAR,
    String(list.length),
    '-C',
    `/home/${host.account}/files`,
    // A second name of a file is a file of its own in the bucket.
    '--hard-dereference',
    '--null',
    '--no-recursion',
    '-T',
    '-',
    '-cf',
    '-',
  ];
  const { out, err, ended, close } = await begun(host, command, list);
  const complaint = startOf(err);
  const tar = extract();
  let isWhole = false;
  out.once('error', (error) => tar.destroy(error));
  out.pipe(tar);
  try {
    for await (const entry of tar) {
      const { name, type, size, mode } = entry.header;
      if (name === LAST) isWhole = true;
      const path = name.replace(/^\.\//, '');
      if (type === 'file' && wanted.delete(path))
        await take({ path, size, isProgram: (mode & 0o100) !== 0, body: Readable.from(entry) });
      else entry.resume();
    }
  } catch (error) {
    close();
    throw error;
  }
  const code = await ended;
  // 1: some file changed while it was read; it will look changed the next time. 2: some cannot be read.
  if (code < 0 || code > 2) throw commandTrouble(code, `~/files could not be read: ${await complaint}`);
  if (!isWhole) throw new EngineTrouble('other', `~/files could not be read as a whole: ${await complaint}`);
}
