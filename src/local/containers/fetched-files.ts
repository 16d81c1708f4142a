import { Readable } from 'node:stream';
import { extract } from 'tar-stream';
import { begun, startOf, type UsersHost } from './as-user.ts';
import { EngineTrouble } from './engine-trouble.ts';
import { packed } from './packed.ts';

const LIST = 'var/lib/clusterdrop/files-to-save';

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
  now: number,
  take: (file: FetchedFile) => Promise<void>,
): Promise<void> {
  if (paths.length === 0) return;
  const body = paths.map((path) => `./${path}\0`).join('');
  await host.engine.putFiles(host.host, await packed([{ path: LIST, body }], now));
  const wanted = new Set(paths);
  const { out, err, ended, close } = await begun(host, [
    'tar',
    '-C',
    `/home/${host.account}/files`,
    // A second name of a file is a file of its own in the bucket.
    '--hard-dereference',
    '--null',
    '--no-recursion',
    '-T',
    `/${LIST}`,
    '-cf',
    '-',
  ]);
  const complaint = startOf(err);
  const tar = extract();
  let hasBegun = false;
  out.once('data', () => {
    hasBegun = true;
  });
  out.once('error', (error) => tar.destroy(error));
  out.pipe(tar);
  try {
    for await (const entry of tar) {
      const { name, type, size, mode } = entry.header;
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
  // 1: some file changed while it was read; it will look changed the next time. 2: some cannot be read, or tar gave up before it began.
  if (code > 2 || (code === 2 && !hasBegun))
    throw new EngineTrouble('other', `~/files could not be read: ${await complaint}`);
}
