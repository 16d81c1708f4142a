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
  const file = openPlain(path);
  if (file === undefined) return 'gone';
  try {
    const stat = fstatSync(file, { bigint: true });
    const expected = Math.min(Number(stat.size), most ?? Infinity);
    const body = most === undefined ? readFileSync(file) : readFirst(file, expected);
    const after = fstatSync(file, { bigint: true });
    return versionOf(after) === versionOf(stat) && body.length === expected ? { body, stat } : 'changing';
  } finally {
    closeSync(file);
  }
}

/** A file to read from; `undefined`: no plain file lies there now. Any other failure throws. The caller closes it. */
export function openPlain(path: string): number | undefined {
  let file: number;
  try {
    file = openSync(path, FLAGS);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    // ELOOP: it became a link; ENXIO: a socket.
    if (['ENOENT', 'ENOTDIR', 'ELOOP', 'ENXIO'].includes(code)) return undefined;
    throw error;
  }
  if (fstatSync(file).isFile()) return file;
  closeSync(file);
  return undefined;
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
