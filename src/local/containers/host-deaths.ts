import type { Readable } from 'node:stream';
import type Docker from 'dockerode';
import { asked } from './engine-calls.ts';
import { type Labels, labelFilter } from './labels.ts';

/**
 * Calls `died` with the labels of each container of these labels that ends, until the engine hangs up or `signal` is aborted.
 * @throws EngineTrouble when the engine does not answer, or has not answered before `signal` was aborted
 */
export async function watchDeaths(
  docker: Docker,
  labels: Labels,
  died: (labels: Labels) => void,
  signal: AbortSignal,
): Promise<void> {
  const filters = JSON.stringify({
    ...JSON.parse(labelFilter(labels)),
    type: ['container'],
    event: ['die'],
  });
  const stream = (await asked(() =>
    docker.getEvents({ filters: filters as never, abortSignal: signal }),
  )) as Readable;
  let rest = '';
  stream.on('data', (chunk: Buffer) => {
    const lines = (rest + chunk.toString('utf8')).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) died(attributesOf(line));
  });
  await new Promise<void>((resolve) => {
    stream.once('end', resolve);
    stream.once('close', resolve);
    stream.once('error', resolve);
  });
}

function attributesOf(line: string): Labels {
  try {
    const { Actor: { Attributes = {} } = {} } = JSON.parse(line) as { Actor?: { Attributes?: Labels } };
    return Attributes;
  } catch {
    return {};
  }
}
