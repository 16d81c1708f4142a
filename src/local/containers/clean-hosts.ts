import { setTimeout as pause } from 'node:timers/promises';
import { belowHome, type Cluster } from '../../core/identity.ts';
import { runAll } from '../run-all.ts';
import { ClusterTender } from './cluster-tender.ts';
import { findOrphans } from './find-orphans.ts';
import type { HostedBook } from './hosted-book.ts';
import { type HostedStack, statusOf, withTurn } from './hosted-stack.ts';
import type { Hosting } from './hosting.ts';
import { LABEL } from './labels.ts';

export interface Cleaned {
  /** `alice/mycluster` of clusters that were ended. */
  readonly ended: readonly string[];
  /** Of those whose files could not be saved: they stand as they were. */
  readonly kept: readonly string[];
}

/** Stands in for the owner of a cluster: so that books and replies say what they always say. */
export interface Owner {
  /** Asks for its end. */
  readonly ask: (cluster: Cluster) => Promise<void>;
  /** Follows that up. */
  readonly look: (cluster: Cluster) => Promise<void>;
}

/** A request is seen when it has been quiet for a moment. */
const LOOKS = 20;
const LOOK_EVERY = 100;

const DELETION = { status: 'DELETE_IN_PROGRESS', reason: 'clusterdrop local --clean' };

/**
 * Ends every cluster of a folder that is made of containers, and takes away all that bears our labels: hosts, networks, volumes, images.
 * `force`: also what has files that could not be saved. Nobody else may look after the folder meanwhile.
 */
export async function cleanHosts(hosting: Hosting, force: boolean, owner?: Owner): Promise<Cleaned> {
  const { book, clock, engine, installation, clusterOf } = hosting;
  const ended: string[] = [];
  const kept: string[] = [];
  for await (const stack of book.living()) {
    const cluster = clusterOf(stack);
    const name = cluster ? belowHome(cluster.path) : stack.name;
    if (cluster && owner) await askForEnd(stack, cluster, book, owner);
    const asked = await book.change(stack, (now) =>
      statusOf(now).status === 'DELETE_IN_PROGRESS' ? now : withTurn(now, DELETION, clock.now()),
    );
    if (asked && cluster)
      await new ClusterTender(hosting, asked, cluster).run(new AbortController().signal, { toRest: true });
    const left = await book.change(stack, (now) =>
      force ? withTurn(now, { status: 'DELETE_COMPLETE' }, clock.now()) : now,
    );
    if (left && statusOf(left).status !== 'DELETE_COMPLETE') kept.push(name);
    else ended.push(name);
    if (cluster) await owner?.look(cluster);
  }
  const orphans = await findOrphans(hosting);
  await runAll([...orphans.ended, ...orphans.unknown].map(({ remove }) => remove));
  if (kept.length === 0)
    for (const id of await engine.images.list({ [LABEL.installation]: installation }))
      await engine.images.remove(id);
  return { ended, kept };
}

/** Asks for the end of a cluster as its owner would. Where that leads to nothing, its stack is taken away all the same. */
async function askForEnd(
  { id }: HostedStack,
  cluster: Cluster,
  book: HostedBook,
  owner: Owner,
): Promise<void> {
  await owner.ask(cluster);
  for (let look = 0; look < LOOKS; look++) {
    await owner.look(cluster);
    const stack = await book.byId(id);
    if (stack && statusOf(stack).status === 'DELETE_IN_PROGRESS') return;
    await pause(LOOK_EVERY);
  }
}
