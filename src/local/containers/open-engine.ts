import { existsSync } from 'node:fs';
import { ContainerEngine } from './container-engine.ts';
import { withPatience } from './engine-patience.ts';
import { EngineTrouble } from './engine-trouble.ts';

const PATIENCE = 3000;

export interface OpenedEngine {
  readonly engine: ContainerEngine;
  /** What no other engine of this machine has. */
  readonly id: string;
  /** `Docker 20.10.24` */
  readonly name: string;
  /** Where it answers. */
  readonly socket: string;
}

/** @throws EngineTrouble when nothing answers there within `patienceMs` */
export async function openEngine(socket: string, patienceMs = PATIENCE): Promise<OpenedEngine> {
  // Looked at first: the client is not even loaded where there is no engine.
  if (!existsSync(socket)) throw new EngineTrouble('gone', 'there is no such socket');
  const { default: Docker } = await import('dockerode');
  const engine = new ContainerEngine(withPatience(new Docker({ socketPath: socket })));
  await engine.ping(patienceMs);
  return { engine, ...(await engine.identity()), socket };
}
