import { type BigIntStats, closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import { versionOf } from './file-stat.ts';

/** A blocking open of a pipe would wait for ever; a link could lead anywhere. */
const FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/**
 * A file's bytes and what they are a version of. `gone`: no plain file lies there now. `changing`: it was written to
 * during the reading. Any other failure throws.
 */
export function readWhole(path: string): { body: Uint8Array; stat: BigIntStats } | 'gone' | 'changing' {
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
    const body = readFileSync(file);
    const after = fstatSync(file, { bigint: true });
    return versionOf(after) === versionOf(stat) && BigInt(body.length) === stat.size
      ? { body, stat }
      : 'changing';
  } finally {
    closeSync(file);
  }
}
