import { randomBytes } from 'node:crypto';
import { lstatSync, mkdirSync, realpathSync, type Stats } from 'node:fs';
import { open, rename, rm, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { type Problem, problem } from '../../core/problems.ts';
import type { FileStore, Stop, StoredFile } from '../../engine/client/file-store.ts';
import type { Copied } from './copied.ts';
import type { CopyProgress } from './copy-progress.ts';
import { eachOf } from './each-of.ts';
import { partFailure } from './part-failure.ts';
import { pathFault } from './path-fault.ts';

/** Small files are all waiting: several at once are several times as fast. */
const AT_ONCE = 8;
/** File systems and S3 keep times to the second or better. */
const SAME_TIME = 1000;

export interface CopyDown {
  readonly files: FileStore;
  readonly stored: readonly StoredFile[];
  /** What the keys begin with; the rest is the path here. */
  readonly prefix: string;
  /** The folder to copy to; made if missing. */
  readonly to: string;
  readonly force: boolean;
  readonly stop: Stop;
  readonly progress: CopyProgress;
}

/**
 * Copies files out of the bucket. A file here that is as large and as old as the one there is taken for the same; one that is newer is
 * left alone, unless forced. Each file appears whole or not at all, with the time of the one in the bucket.
 */
export async function copyDown(order: CopyDown): Promise<Copied> {
  const { stored, prefix, to, stop, progress } = order;
  const copied: string[] = [];
  const problems: Problem[] = [];
  let bytes = 0;
  let unchanged = 0;
  mkdirSync(to, { recursive: true });
  const root = realpathSync(to);
  await eachOf(stored, AT_ONCE, stop, async (file) => {
    const path = file.key.slice(prefix.length);
    const fault = pathFault(path, prefix);
    if (fault !== undefined) return void problems.push(problem('bad-file-path', { path, why: fault }));
    try {
      const folder = folderFor(root, path.split('/').slice(0, -1));
      const target = join(root, path);
      const here = lookAt(target);
      const judged = order.force && here?.isFile() ? 'copy' : judge(here, file);
      if (judged === 'same') unchanged++;
      else if (judged === 'newer') problems.push(problem('newer-file', { path, where: 'here' }));
      else if (await fetchFile(order, file, folder, target)) {
        copied.push(path);
        bytes += file.size;
      }
    } catch (error) {
      if (!stop.aborted) problems.push(partFailure(path, error));
    }
    progress.file();
  });
  return { copied: copied.toSorted(), bytes, unchanged, skipped: [], problems };
}

function judge(here: Stats | undefined, { size, modified }: StoredFile): 'copy' | 'same' | 'newer' {
  if (!here) return 'copy';
  if (!here.isFile()) throw new Error('something that is no file lies there under its name');
  const age = here.mtimeMs - modified;
  if (here.size === size && Math.abs(age) < SAME_TIME) return 'same';
  return age >= SAME_TIME ? 'newer' : 'copy';
}

/** @returns false when it has gone from the bucket since it was listed */
async function fetchFile(
  { files, stop, progress }: CopyDown,
  { key, modified }: StoredFile,
  folder: string,
  target: string,
): Promise<boolean> {
  const content = await files.read(key);
  if (!content) return false;
  const part = join(folder, `.clusterdrop-${randomBytes(8).toString('hex')}.part`);
  try {
    const draft = await open(part, 'wx');
    try {
      for await (const chunk of content) {
        if (stop.aborted) throw new Error('stopped');
        await draft.writeFile(chunk);
        progress.bytes(chunk.length);
      }
    } finally {
      await draft.close();
    }
    await utimes(part, modified / 1000, modified / 1000);
    await rename(part, target);
    return true;
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}

/** The folder for a file, made step by step: a link on the way would lead out of the tree. */
function folderFor(root: string, names: readonly string[]): string {
  let folder = root;
  for (const name of names) {
    folder = join(folder, name);
    const here = lookAt(folder);
    if (!here) mkdirSync(folder, { recursive: true });
    else if (!here.isDirectory())
      throw new Error(`${name} here is ${here.isSymbolicLink() ? 'a link' : 'no folder'}`);
  }
  return folder;
}

function lookAt(path: string): Stats | undefined {
  return lstatSync(path, { throwIfNoEntry: false });
}
