import { Readable } from 'node:stream';
import type Docker from 'dockerode';
import { expect, it } from 'vitest';
import { ContainerEngine } from './container-engine.ts';

/** A host where every command says a byte every few milliseconds, for ever. */
function dripping(): ContainerEngine {
  const drip = Buffer.from([1, 0, 0, 0, 0, 0, 0, 1, 46]);
  const start = async () =>
    Readable.from(
      (async function* () {
        for (;;) {
          await new Promise((resolve) => setTimeout(resolve, 5));
          yield drip;
        }
      })(),
    );
  const exec = async () => ({ start, inspect: async () => ({ ExitCode: 0 }) });
  return new ContainerEngine({ getContainer: () => ({ exec }) } as unknown as Docker, '/socket');
}

it('waits no longer for a command that is never silent and never ends', async () => {
  await expect(dripping().run('id', ['apply'], 100)).rejects.toThrow('did not come to an end within 0.1 s');
});
