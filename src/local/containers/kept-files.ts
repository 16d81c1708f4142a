import type { Cluster } from '../../core/identity.ts';

/** Where a cluster's `~/files` lies in the bucket. */
export function filesPrefix({ path }: Pick<Cluster, 'path'>): string {
  return `${path}.files/`;
}

/**
 * A file's time and size, which tell whether it has changed. The time is in seconds, with the whole of its fraction: what is written
 * again within the second of a save has the same size often enough. Between listing and fetching more goes by than a tick of that clock.
 */
export type FileMarks = Readonly<Record<string, string>>;

/** `seconds`: without zeros at the end of a fraction. */
export function markOf(seconds: number | string, size: number): string {
  return `${seconds} ${size}`;
}

/** Bytes. */
export function sizeOf(mark: string): number {
  return Number(mark.split(' ')[1]);
}

/** Size of all files together. */
export function bytesOf(marks: FileMarks): number {
  return Object.values(marks).reduce((sum, mark) => sum + sizeOf(mark), 0);
}
