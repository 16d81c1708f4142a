import { ProblemError, problem } from '../../core/problems.ts';
import type { FileStore, StoredFile } from '../../engine/client/file-store.ts';
import type { Command } from '../command.ts';
import { tellCopied } from '../copy/copied-words.ts';
import { copyProgress } from '../copy/copy-progress.ts';
import { copyUp } from '../copy/copy-up.ts';
import { pathFault } from '../copy/path-fault.ts';
import { treeFiles } from '../copy/tree-files.ts';
import { openStores } from '../open-stores.ts';
import { PERSON, readOptions } from '../options.ts';
import { clusterNamed, nameOf, whichUser } from '../which-user.ts';

const MOST_FILES = 10_000;

export const put: Command = {
  help: `Usage: clusterdrop put [FOLDER/]NAME FILE... [--to PATH]

Copies files, and folders with all that is in them, into NAME.files: the cluster of
that name finds them in ~/files when it starts. "put NAME ." copies what is in this
folder. Links are followed to files of the same folder only.

Run again it copies only what is missing or has changed. A file there that is newer
and of another size is left alone, with exit code 2.

  --to PATH     a folder below NAME.files
  --force       copy everything, also over files there that are newer
  --user NAME   whose cluster (or CLUSTERDROP_USER; default: you, or the only one)
  --store URL   the installation: s3://BUCKET (or CLUSTERDROP_STORE)
  --dir DIR     the same in a folder (or CLUSTERDROP_DIR; default ./clusterdrop-data)
  --json        one JSON document`,

  async run(args, terminal) {
    const options = readOptions(
      {
        command: 'put',
        options: { ...PERSON, to: { wants: 'a folder below NAME.files' }, force: { wants: 'flag' } },
        needs: ['the name of a cluster', 'which files'],
        mayHave: MOST_FILES,
      },
      args,
    );
    const [named = '', ...given] = options.args;
    const below = folderBelow(options.get('to'));
    // Looked at first, so that a slip in a name costs nothing.
    const trees = given.map((one) => treeFiles(one, terminal.cwd));
    const stores = await openStores(options, terminal);
    const user = await whichUser(stores, options, terminal);
    const cluster = clusterNamed(stores.users.bucket, user, named);
    const prefix = `${cluster.path}.files/${below}`;
    const files = await stores.files();
    const there = await whatIsThere(files, new Set(trees.map(({ top }) => prefix + top)));
    const tree = trees.flatMap((one) => one.files);
    const progress = copyProgress(terminal, options.has('json'), {
      files: tree.length,
      bytes: tree.reduce((sum, { size }) => sum + size, 0),
    });
    const order = { files, tree, prefix, there, progress };
    const done = await copyUp({ ...order, force: options.has('force'), stop: terminal.signal }).finally(() =>
      progress.end(),
    );
    const skipped = trees.flatMap((one) => one.skipped);
    const to = `${cluster.path}.files/${below}`;
    return tellCopied({ ...done, skipped }, to, { user, name: nameOf(cluster), to }, options, terminal);
  },
};

/** @throws ProblemError `bad-file-path` */
function folderBelow(to: string | undefined): string {
  const path = (to ?? '').replace(/^(?:\.?\/+)+/, '').replace(/\/+$/, '');
  if (path === '' || path === '.') return '';
  const why = pathFault(path, '');
  if (why !== undefined) throw new ProblemError(problem('bad-file-path', { path, why }));
  return `${path}/`;
}

async function whatIsThere(
  files: FileStore,
  prefixes: ReadonlySet<string>,
): Promise<ReadonlyMap<string, StoredFile>> {
  const there = new Map<string, StoredFile>();
  for (const prefix of prefixes)
    for await (const page of files.list(prefix)) for (const file of page) there.set(file.key, file);
  return there;
}
