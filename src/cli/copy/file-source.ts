import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import type { FileSource } from '../../engine/client/file-store.ts';

/** A file that became a link or a pipe since it was found would lead elsewhere, or block for ever. */
const FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** Opens a file for `use`, to be read in any order. @throws when it changes meanwhile: then what was copied is no state that it ever had */
export async function withSource(path: string, use: (source: FileSource) => Promise<void>): Promise<void> {
  const file = await open(path, FLAGS);
  try {
    const before = await file.stat();
    if (!before.isFile()) throw new Error('it is no file any more');
    await use({ size: before.size, read: (start, end) => readPart(file, start, end) });
    const after = await file.stat();
    if (after.size !== before.size || after.mtimeMs !== before.mtimeMs)
      throw new Error('it changed while it was copied');
  } finally {
    await file.close();
  }
}

async function readPart(file: FileHandle, start: number, end: number): Promise<Uint8Array> {
  const part = Buffer.allocUnsafe(end - start);
  for (let filled = 0; filled < part.length; ) {
    const { bytesRead } = await file.read(part, filled, part.length - filled, start + filled);
    if (bytesRead === 0) throw new Error('it became shorter while it was copied');
    filled += bytesRead;
  }
  return part;
}
