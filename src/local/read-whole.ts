import { type BigIntStats, closeSync, constants, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { versionOf } from './file-stat.ts';

/** A blocking open of a pipe would wait for ever; a link could lead anywhere. */
const FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/**
 * A file's bytes, or the first `most` of them, and what they are a version of. `gone`: no plain file lies there now.
 * `changing`: it was written to during the reading. Any other failure throws.
 */
export function readWhole(
  path: string,
  most?: number,
): { body: Uint8Array; stat: BigIntStats } | 'gone' | 'changing' {
  let file: number;
  try {
    file = openSync(path, FLAGS);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    // ELOOP: it became a link; ENXIO: a socket.
    if (['ENOENT', 'ENOTDIR', 'ELOOP', 'ENXIO'].includes(code)) return 'gone';
    throw error;
  }
  try {
    const stat = fstatSync(file, { bigint: true });
    if (!stat.isFile()) return 'gone';
    const expected = Math.min(Number(stat.size), most ?? Infinity);
    const body = most === undefined ? readFileSync(file) : readFirst(file, expected);
    const after = fstatSync(file, { bigint: true });
    return versionOf(after) === versionOf(stat) && body.length === expected ? { body, stat } : 'changing';
  } finally {
    closeSync(file);
  }
}

/** Fewer than `count` bytes when the file ends before. */
function readFirst(file: number, count: number): Uint8Array {
  const buffer = Buffer.alloc(count);
  let filled = 0;
  while (filled < count) {
    const read = readSync(file, buffer, filled, count - filled, filled);
    if (read === 0) break;
    filled += read;
  }
  return buffer.subarray(0, filled);
}
