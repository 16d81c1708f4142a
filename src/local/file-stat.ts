import { type BigIntStats, lstatSync } from 'node:fs';
import { dirname } from 'node:path';
import type { ObjectEntry } from '../engine/ports.ts';

/** What lies at `path`, links not followed; `undefined` when nothing does. Any other failure throws. */
export function statOf(path: string): BigIntStats | undefined {
  return lstatSync(path, { bigint: true, throwIfNoEntry: false });
}

/**
 * The version of what a file holds. The kernel sets ctime on every change and nobody can set it back, but it ticks only
 * every few milliseconds. That is sound all the same: a file that people write in place is shown only after it has been
 * quiet for far longer than a tick, so what is shown never shares a tick with a later write. Each of our own writes is a new
 * file; but where the version it replaced is not kept, the next write may get that one's inode number within the same tick:
 * `Staging` gives each an mtime of its own.
 * The device's number is left out: it may be another one after a reboot.
 */
export function versionOf(stat: BigIntStats): string {
  return [stat.ino, stat.ctimeNs, stat.mtimeNs, stat.size].map((number) => number.toString(36)).join('-');
}

export function entryOf(key: string, stat: BigIntStats): ObjectEntry {
  return { key, version: versionOf(stat), modified: Number(stat.ctimeMs), size: Number(stat.size) };
}

/** The same content of the same file, though it may have got another name: renaming and linking change ctime, not these. */
export function isSameWrite(a: BigIntStats, b: BigIntStats): boolean {
  return a.ino === b.ino && a.dev === b.dev && a.size === b.size && a.mtimeNs === b.mtimeNs;
}

/**
 * Whether a file is another name of a file that may be somebody else's: its owner is not the folder's. Whoever may not read a
 * file can still link to it, and we may read it. In a folder shared by several people each file has one name, so it is shown.
 */
export function isForeignLink(path: string, stat: BigIntStats): boolean {
  return stat.nlink > 1n && statOf(dirname(path))?.uid !== stat.uid;
}

/**
 * Whether nobody has written for `quietMs`. `cp` and editors write in pieces; this is how half a file is told from a whole.
 * A time well ahead of the clock counts as quiet: after a clock was set back it would hide the file for hours.
 */
export function isQuiet(stat: BigIntStats, now: number, quietMs: number): boolean {
  return [stat.ctimeMs, stat.mtimeMs].every((time) => {
    const age = now - Number(time);
    return age >= quietMs || age < -quietMs;
  });
}
