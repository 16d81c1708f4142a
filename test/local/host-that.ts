import { PassThrough, Readable } from 'node:stream';
import { pack } from 'tar-stream';
import type { ContainerEngine } from '../../src/local/containers/container-engine.ts';

/**
 * An engine with one login host, in place of Docker: it answers `find` and `tar` with these streams. `code`: as which its tar ends.
 * `begun` is told each program.
 */
export function hostThat(
  find: () => Readable,
  tar: () => Readable,
  { code = 0, begun }: { code?: number; begun?: (program: string) => void } = {},
): ContainerEngine {
  const engine = {
    hosts: async () => [{ id: 'id', name: 'login', labels: {}, isRunning: true }],
    volumes: { list: async () => [] },
    putFiles: async () => undefined,
    open: async (_: string, [program = '']: readonly string[]) => {
      begun?.(program);
      const source = program === 'find' ? find() : tar();
      const out = source.pipe(new PassThrough());
      const ended = new Promise<number>((resolve, reject) => {
        source.once('end', () => resolve(program === 'find' ? 0 : code));
        // As the engine's: what is cut off ends all the same.
        source.once('close', () => out.end(() => reject(new Error('it was cut off'))));
      });
      ended.catch(() => undefined);
      out.once('close', () => source.destroy());
      return { out, err: Readable.from([]), ended, close: () => source.destroy() };
    },
  };
  return engine as unknown as ContainerEngine;
}

/** How `find` tells files of four bytes. */
export function listing(...names: readonly string[]): Readable {
  return Readable.from([Buffer.from(names.map((name) => `1.5 4 ${name}\0`).join(''))]);
}

/** A tar of files that hold `text`, and of what ends the list of them. */
export function tarOf(...names: readonly string[]): Readable {
  const tar = pack();
  for (const name of names) tar.entry({ name: `./${name}` }, 'text');
  tar.entry({ name: './', type: 'directory' });
  tar.finalize();
  return Readable.from(tar);
}
