import type { Cluster } from '../../core/identity.ts';
import { ClusterTender } from './cluster-tender.ts';
import { statusOf, withTurn } from './hosted-stack.ts';
import type { Hosting } from './hosting.ts';
import { LABEL } from './labels.ts';
import { removeOrphans } from './remove-orphans.ts';

export interface Cleaned {
  /** `alice/mycluster` of clusters that were ended. */
  readonly ended: readonly string[];
  /** Of those whose files could not be saved: they stand as they were. */
  readonly kept: readonly string[];
}

const DELETION = { status: 'DELETE_IN_PROGRESS', reason: 'clusterdrop local --clean' };

/**
 * Ends every cluster of a folder that is made of containers, and takes away all that bears our labels: hosts, networks, volumes, images.
 * `tell`: what the books and their owners are told, before and after each. `force`: also what has files that could not be saved. Nobody else may look after the folder meanwhile.
 */
export async function cleanHosts(
  hosting: Hosting,
  force: boolean,
  tell: {
    readonly ending: (cluster: Cluster) => Promise<void>;
    readonly ended: (cluster: Cluster) => Promise<void>;
  },
): Promise<Cleaned> {
  const { book, clock, engine, installation, clusterOf } = hosting;
  const ended: string[] = [];
  const kept: string[] = [];
  for await (const stack of book.living()) {
    const cluster = clusterOf(stack);
    const name = cluster?.path.replace(/^home\//, '') ?? stack.name;
    if (cluster) await tell.ending(cluster);
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
    if (cluster) await tell.ended(cluster);
  }
  await removeOrphans(hosting);
  if (kept.length === 0)
    for (const id of await engine.images({ [LABEL.installation]: installation }))
      await engine.removeImage(id);
  return { ended, kept };
}
