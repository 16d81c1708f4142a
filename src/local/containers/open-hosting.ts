import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Cluster } from '../../core/identity.ts';
import type { InstanceCatalogue } from '../../core/instance-catalogue.ts';
import { problem } from '../../core/problems.ts';
import { readTags } from '../../core/stack-tags.ts';
import type { Clock } from '../../engine/ports.ts';
import type { Log } from '../../engine/world.ts';
import type { FolderStore } from '../folder-store.ts';
import { foldersOf } from '../open-folder-stores.ts';
import { settle } from './engine-home.ts';
import { HostImages } from './host-image.ts';
import type { HostedBook } from './hosted-book.ts';
import type { Hosting } from './hosting.ts';
import type { OpenedEngine } from './open-engine.ts';
import { SavedMarks } from './saved-marks.ts';

export const DEFAULT_BASE = 'debian:bookworm-slim';
const SHRINK_AFTER = 60;

/** What a person may choose of hosts in containers. */
export interface HostingChoices {
  readonly opened: OpenedEngine;
  /** Image that the hosts' own is built on. */
  readonly base: string;
  /** Network in which it is built, in the engine's words. */
  readonly buildNetwork?: string | undefined;
  /** Idle seconds before a compute host goes. */
  readonly shrinkAfter?: number | undefined;
  readonly progress: (text: string) => void;
}

export interface HostingParts {
  readonly dir: string;
  readonly installation: string;
  readonly book: HostedBook;
  readonly users: FolderStore;
  readonly admin: FolderStore;
  readonly catalogue: InstanceCatalogue;
  readonly clock: Clock;
  readonly log: Log;
}

export async function openHosting(
  parts: HostingParts,
  choices: HostingChoices,
): Promise<Omit<Hosting, 'changed'>> {
  const { dir, installation, log } = parts;
  const { opened, base, buildNetwork, shrinkAfter = SHRINK_AFTER, progress } = choices;
  const { engine } = opened;
  const images = new HostImages({ engine, installation, base, buildNetwork, progress });
  const folders = foldersOf(dir);
  return {
    ...parts,
    engine,
    settle: () => settle(folders.hosts, opened),
    machine: await engine.machine(),
    images,
    progress,
    marks: new SavedMarks(join(folders.hosts, 'files')),
    shrinkAfter,
    clusterOf: ({ tags }) => readTags(tags)?.cluster,
    keyFileOf: (user) => {
      const path = keyFile(dir, user);
      return existsSync(path) ? path : undefined;
    },
    trouble: ({ path }: Cluster, message: string) =>
      log.trouble(path, problem('hosts-in-trouble', { message })),
  };
}

/** Where a key lies that this program made for a user who had none. */
export function keyFile(dir: string, user: string): string {
  return join(foldersOf(dir).keys, user);
}
