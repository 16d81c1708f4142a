import { lstatSync, readdirSync, realpathSync, type Stats, statSync } from 'node:fs';
import { basename, join, resolve, sep } from 'node:path';
import { ProblemError, problem } from '../../core/problems.ts';
import { shownPath } from '../shown-path.ts';
import type { Skipped } from './copied.ts';

/** A file of this machine that is to be copied. */
export interface TreeFile {
  /** As it is to be called, with its folders, `/` between them. */
  readonly path: string;
  /** Where it really lies. */
  readonly file: string;
  readonly size: number;
  /** Epoch ms. */
  readonly modified: number;
}

export interface Tree {
  readonly files: readonly TreeFile[];
  readonly skipped: readonly Skipped[];
  /** The name that all paths begin with; blank where the contents of a folder are meant. */
  readonly top: string;
}

/**
 * What somebody means by a file or folder: it and all below it, under its own name; of `.` or a path that ends so, the contents. A link
 * that they named themselves is followed; below it only links to files of the same tree are, for any other may lead anywhere.
 * @throws ProblemError `no-such-file`
 */
export function treeFiles(named: string, cwd: string): Tree {
  const path = resolve(cwd, named);
  const isContents = /(?:^|[/\\])\.{1,2}[/\\]*$/.test(named) || basename(path) === '';
  const top = isContents ? '' : basename(path);
  const stat = statSync(path, { throwIfNoEntry: false });
  const fail = (why: string) =>
    new ProblemError(problem('no-such-file', { file: shownPath(path, cwd), why }));
  if (!stat) throw fail('there is no such file');
  if (stat.isFile()) return { files: [fileOf(top, path, stat)], skipped: [], top };
  if (!stat.isDirectory()) throw fail('it is neither a file nor a folder');
  const files: TreeFile[] = [];
  const skipped: Skipped[] = [];
  const root = realpathSync(path);
  const walk = (folder: string, above: string) => {
    for (const name of readdirSync(folder).toSorted()) {
      const at = join(folder, name);
      const here = lstatSync(at, { throwIfNoEntry: false });
      const as = above === '' ? name : `${above}/${name}`;
      // Gone since the folder was read.
      if (!here) continue;
      if (here.isDirectory()) walk(at, as);
      else if (here.isFile()) files.push(fileOf(as, at, here));
      else if (here.isSymbolicLink()) {
        const led = lead(at, root);
        if (typeof led === 'string') skipped.push({ path: as, why: led });
        else files.push(fileOf(as, led.file, led.stat));
      } else skipped.push({ path: as, why: 'it is neither a file nor a folder' });
    }
  };
  walk(root, top);
  return { files, skipped, top };
}

function fileOf(path: string, file: string, { size, mtimeMs }: Stats): TreeFile {
  return { path, file, size, modified: mtimeMs };
}

/** The file that a link leads to, or why it is not followed. */
function lead(link: string, root: string): { readonly file: string; readonly stat: Stats } | string {
  let file: string;
  try {
    file = realpathSync(link);
  } catch {
    return 'it is a link that leads nowhere';
  }
  if (!file.startsWith(root.endsWith(sep) ? root : root + sep))
    return 'it is a link that leads out of the folder';
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat?.isFile() ? { file, stat } : 'it is a link to a folder, which is copied where it lies';
}
