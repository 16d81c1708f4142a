import { Readable } from 'node:stream';
import { pack } from 'tar-stream';

/** A file on its way into a host. */
export interface HostFile {
  /** Absolute, without the first slash. */
  readonly path: string;
  readonly body: Uint8Array | string;
  readonly mode?: number;
}

/** A tar of a few files, all of root's, to be sent once: of what they hold no copy is made. */
export function tarOf(files: readonly HostFile[], now: number): Readable {
  const tar = pack();
  for (const { path, body, mode = 0o644 } of files)
    tar.entry({ name: path, mode, mtime: new Date(now), uid: 0, gid: 0 }, bufferOf(body));
  tar.finalize();
  return Readable.from(tar);
}

/** The same as a whole, which may be sent again. */
export async function packed(files: readonly HostFile[], now: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of tarOf(files, now)) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function bufferOf(body: HostFile['body']): Buffer {
  return typeof body === 'string'
    ? Buffer.from(body)
    : Buffer.from(body.buffer, body.byteOffset, body.byteLength);
}
