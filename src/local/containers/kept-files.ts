import type { Cluster } from '../../core/identity.ts';

/** Where a cluster's `~/files` lies in the bucket. */
export function filesPrefix({ path }: Pick<Cluster, 'path'>): string {
  return `${path}.files/`;
}

/** How `find` tells a file's time and size: what tells whether it has changed. */
export type FileMarks = Readonly<Record<string, string>>;

export function markOf(mtimeSeconds: number, size: number): string {
  return `${mtimeSeconds.toFixed(0)} ${size}`;
}

/** Bytes. */
export function sizeOf(mark: string): number {
  return Number(mark.split(' ')[1]);
}

/** Size of all files together. */
export function bytesOf(marks: FileMarks): number {
  return Object.values(marks).reduce((sum, mark) => sum + sizeOf(mark), 0);
}
