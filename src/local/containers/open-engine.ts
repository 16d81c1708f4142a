import { existsSync } from 'node:fs';
import { ContainerEngine } from './container-engine.ts';
import { withPatience } from './engine-patience.ts';
import { EngineTrouble } from './engine-trouble.ts';

const PATIENCE = 3000;

/** @throws EngineTrouble when nothing answers there */
export async function openEngine(socketPath: string): Promise<ContainerEngine> {
  // Looked at first: the client is not even loaded where there is no engine.
  if (!existsSync(socketPath)) throw new EngineTrouble('gone', 'there is no such socket');
  const { default: Docker } = await import('dockerode');
  const engine = new ContainerEngine(withPatience(new Docker({ socketPath })));
  await engine.ping(PATIENCE);
  return engine;
}
