import { pack } from 'tar-stream';

/** A file on its way into a host. */
export interface HostFile {
  /** Absolute, without the first slash. */
  readonly path: string;
  readonly body: Uint8Array | string;
  readonly mode?: number;
}

/** A tar of a few small files, all of root's. */
export async function packed(files: readonly HostFile[], now: number): Promise<Buffer> {
  const tar = pack();
  for (const { path, body, mode = 0o644 } of files)
    tar.entry({ name: path, mode, mtime: new Date(now), uid: 0, gid: 0 }, Buffer.from(body as Uint8Array));
  tar.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of tar) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
