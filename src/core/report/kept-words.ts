import type { ReportedFiles } from '../cluster-report.ts';
import { readableOf } from '../instant.ts';
import { byteWords } from './byte-words.ts';
import { visibleLine } from './visible.ts';

// What of a cluster outlives it. `files` is what the cluster, or the place that it runs in, last told of `~/files`: who is told nothing
// of it must not be promised anything.

/** `Tue 24 Nov 2026, 19:10 UTC (12 files, 3.5 kB)`; nothing while it has not been saved. */
export function savedWords({ savedAt, count, bytes }: ReportedFiles): string | undefined {
  if (savedAt === undefined) return undefined;
  const many = count === undefined ? [] : [`${count} ${count === 1 ? 'file' : 'files'}`];
  const size = bytes === undefined ? [] : [byteWords(bytes)];
  const what = [...many, ...size].join(', ');
  return `${readableOf(savedAt)}${what === '' ? '' : ` (${what})`}`;
}

/** What to do about the files of a cluster that is going to end. `path`: where the cluster's own files lie, as shown. */
export function keepingSentence(path: string, files: ReportedFiles | undefined): string {
  if (!files) return 'When it ends, its disks go with it: before that, copy what you want to keep.';
  const saved = savedWords(files);
  const last = saved === undefined ? 'it has not been saved yet' : `it was last saved on ${saved}`;
  const trouble =
    files.trouble === undefined
      ? ''
      : ` At the moment it cannot be saved: ${visibleLine(files.trouble, 300)}. Until that is mended, copy it yourself.`;
  return `What is in ~/files is saved in the folder ${path}.files/, and a new cluster of that name gets it back; ${last}. All else on the cluster goes with it: put what you want to keep into ~/files.${trouble}`;
}

/** What lived on of a cluster that is gone, and what did not. */
export function keptSentence(path: string, files: ReportedFiles | undefined): string {
  const folder = `the folder ${path}.files/`;
  if (!files) return `What is in ${folder} has not been touched. What was only on the cluster is gone.`;
  const saved = savedWords(files);
  const lives =
    saved === undefined
      ? `Nothing of ~/files was saved. What was in ${folder} before is still there.`
      : `What was in ~/files when it was last saved, on ${saved}, is in ${folder}, and a new cluster of that name gets it back.`;
  return `${lives} All else on the cluster is gone.`;
}
