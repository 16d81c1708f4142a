import { type Problem, problem } from '../../core/problems.ts';
import type { FileStore, Stop, StoredFile } from '../../engine/client/file-store.ts';
import type { Copied } from './copied.ts';
import type { CopyProgress } from './copy-progress.ts';
import { eachOf } from './each-of.ts';
import { withSource } from './file-source.ts';
import { partFailure } from './part-failure.ts';
import { pathFault } from './path-fault.ts';
import type { TreeFile } from './tree-files.ts';

/** Each large file is several parts at once already. */
const AT_ONCE = 4;

export interface CopyUp {
  readonly files: FileStore;
  readonly tree: readonly TreeFile[];
  /** What the keys begin with; the path of each file follows. */
  readonly prefix: string;
  /** What lies there, by key. */
  readonly there: ReadonlyMap<string, StoredFile>;
  readonly force: boolean;
  readonly stop: Stop;
  readonly progress: CopyProgress;
}

/**
 * Copies files into the bucket. What is as large there and not older is taken for the same; what is newer and of another size is left
 * alone, unless forced: a cluster saved it.
 */
export async function copyUp(order: CopyUp): Promise<Omit<Copied, 'skipped'>> {
  const { files, tree, prefix, there, force, stop, progress } = order;
  const copied: string[] = [];
  const problems: Problem[] = [];
  const taken = new Set<string>();
  let bytes = 0;
  let unchanged = 0;
  await eachOf(tree, AT_ONCE, stop, async (one) => {
    const { path, file, size } = one;
    const fault = taken.has(path) ? 'another file of that name comes before it' : pathFault(path, prefix);
    taken.add(path);
    if (fault !== undefined) return void problems.push(problem('bad-file-path', { path, why: fault }));
    const judged = force ? 'copy' : judge(one, there.get(prefix + path));
    if (judged === 'same') unchanged++;
    else if (judged === 'newer') problems.push(problem('newer-file', { path, where: 'in the bucket' }));
    else
      try {
        await withSource(file, (source) =>
          files.write(prefix + path, source, (count) => progress.bytes(count), stop),
        );
        copied.push(path);
        bytes += size;
      } catch (error) {
        if (!stop.aborted) problems.push(partFailure(path, error));
      }
    progress.file();
  });
  return { copied: copied.toSorted(), bytes, unchanged, problems };
}

/** S3 keeps whole seconds: a file that was changed and stored within one is not older there. */
function judge({ size, modified }: TreeFile, there: StoredFile | undefined): 'copy' | 'same' | 'newer' {
  if (!there || Math.floor(modified / 1000) > Math.floor(there.modified / 1000)) return 'copy';
  return there.size === size ? 'same' : 'newer';
}
