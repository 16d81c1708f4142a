import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { HostedBook } from './hosted-book.ts';
import { LABEL } from './labels.ts';
import type { OpenedEngine } from './open-engine.ts';

/** An engine as it is written down. */
export type KeptEngine = Omit<OpenedEngine, 'engine'>;

/** Where clusters live: their stacks' ids, and the engine that they are in. */
export interface EngineHome {
  readonly kept: KeptEngine;
  readonly stacks: ReadonlySet<string>;
}

/** Where it is written down, in the folder of the hosts. */
export function engineFile(hosts: string): string {
  return join(hosts, 'engine.json');
}

/** `undefined` when no cluster lives, or nobody wrote down where. @param hosts the folder in which stacks of containers are written down */
export async function homeOf(hosts: string): Promise<EngineHome | undefined> {
  const kept = readKept(engineFile(hosts));
  if (!kept) return undefined;
  const stacks = new Set<string>();
  for await (const { id } of new HostedBook(hosts).living()) stacks.add(id);
  return stacks.size > 0 ? { kept, stacks } : undefined;
}

/**
 * Whether this is the engine of these clusters. The socket proves nothing: it may be a link that leads elsewhere now, or the disk of
 * the engine may not be mounted yet. An engine that was given another id (of Docker before 23 it is in /etc) still has their volumes.
 */
export async function isHome({ kept, stacks }: EngineHome, { id, engine }: OpenedEngine): Promise<boolean> {
  if (id === kept.id) return true;
  return (await engine.volumes.list({})).some(({ labels }) => stacks.has(labels[LABEL.stack] ?? ''));
}

/** Makes this the engine of the folder's clusters, unless they live in another one. @returns that other one */
export async function settle(hosts: string, opened: OpenedEngine): Promise<KeptEngine | undefined> {
  const home = await homeOf(hosts);
  if (home && !(await isHome(home, opened))) return home.kept;
  const { id, name, socket } = opened;
  const file = engineFile(hosts);
  writeFileSync(`${file}.tmp`, `${JSON.stringify({ id, name, socket })}\n`);
  renameSync(`${file}.tmp`, file);
  return undefined;
}

function readKept(file: string): KeptEngine | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as KeptEngine;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    // Nobody may guess where clusters live.
    throw new Error(
      `${file} cannot be read, which says what container engine the clusters are in: put it right, or remove it once that engine answers`,
      {
        cause: error,
      },
    );
  }
}
