import { resolve } from 'node:path';
import { ProblemError, problem } from '../../core/problems.ts';
import type { FileStore, StoredFile } from '../../engine/client/file-store.ts';
import type { Command } from '../command.ts';
import { tellCopied } from '../copy/copied-words.ts';
import { copyDown } from '../copy/copy-down.ts';
import { copyProgress } from '../copy/copy-progress.ts';
import { openStores } from '../open-stores.ts';
import { PERSON, readOptions } from '../options.ts';
import { shownPath } from '../shown-path.ts';
import { clusterNamed, nameOf, whichUser } from '../which-user.ts';

const MOST_PATHS = 10_000;

export const get: Command = {
  help: `Usage: clusterdrop get [FOLDER/]NAME [PATH...] [--to DIR]

Copies files out of NAME.files, the folder that the cluster of that name calls ~/files:
all of them, or the files and folders that are named, with the folders they lie in.

Run again it copies only what is missing or differs in size or time. A file here that
is newer is left alone, with exit code 2.

  --to DIR      where to (default: the folder NAME.files here)
  --force       overwrite files here that are newer
  --user NAME   whose cluster (or CLUSTERDROP_USER; default: you, or the only one)
  --store URL   the installation: s3://BUCKET (or CLUSTERDROP_STORE)
  --dir DIR     the same in a folder (or CLUSTERDROP_DIR; default ./clusterdrop-data)
  --json        one JSON document`,

  async run(args, terminal) {
    const options = readOptions(
      {
        command: 'get',
        options: { ...PERSON, to: { wants: 'a folder' }, force: { wants: 'flag' } },
        needs: ['the name of a cluster'],
        mayHave: MOST_PATHS,
      },
      args,
    );
    const stores = await openStores(options, terminal);
    const user = await whichUser(stores, options, terminal);
    const [named = '', ...paths] = options.args;
    const cluster = clusterNamed(stores.users.bucket, user, named);
    const prefix = `${cluster.path}.files/`;
    const files = await stores.files();
    const name = nameOf(cluster);
    const stored = await storedFiles(files, prefix, paths, name);
    const to = resolve(terminal.cwd, options.get('to') ?? `${cluster.name}.files`);
    const progress = copyProgress(terminal, options.has('json'), {
      files: stored.length,
      bytes: stored.reduce((sum, { size }) => sum + size, 0),
    });
    const order = { files, stored, prefix, to, progress };
    const done = await copyDown({ ...order, force: options.has('force'), stop: terminal.signal }).finally(
      () => progress.end(),
    );
    return tellCopied(done, shownPath(to, terminal.cwd), { user, name, to }, options, terminal);
  },
};

/** @throws ProblemError `no-files` */
async function storedFiles(
  files: FileStore,
  prefix: string,
  paths: readonly string[],
  name: string,
): Promise<readonly StoredFile[]> {
  const found = new Map<string, StoredFile>();
  for (const path of paths.length === 0 ? [undefined] : paths) {
    const start = prefix + (path ?? '').replace(/^(?:\.\/+)+/, '').replace(/\/+$/, '');
    let any = false;
    for await (const page of files.list(start))
      for (const file of page) {
        const isMeant = start === prefix || file.key === start || file.key.startsWith(`${start}/`);
        // The S3 console stands in for an empty folder with an object whose key ends so.
        if (!isMeant || file.key.endsWith('/')) continue;
        any = true;
        found.set(file.key, file);
      }
    if (!any) throw new ProblemError(problem('no-files', { name, path }));
  }
  return [...found.values()];
}
