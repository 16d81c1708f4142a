import { readTags } from '../../core/stack-tags.ts';
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

/**
 * Ends every cluster of a folder that is made of containers, and takes away all that bears our labels: hosts, networks, volumes, images.
 * `force`: also what has files that could not be saved. Nobody else may look after the folder meanwhile.
 */
export async function cleanHosts(hosting: Hosting, force: boolean): Promise<Cleaned> {
  const { book, clock, engine, installation } = hosting;
  const ended: string[] = [];
  const kept: string[] = [];
  for await (const stack of book.living()) {
    const name = (readTags(stack.tags)?.cluster.path ?? stack.name).replace(/^home\//, '');
    const isOver = (one: typeof stack | undefined) => !one || statusOf(one).status === 'DELETE_COMPLETE';
    const asked = await book.change(stack, (now) =>
      statusOf(now).status === 'DELETE_IN_PROGRESS'
        ? now
        : withTurn(now, { status: 'DELETE_IN_PROGRESS', reason: 'clusterdrop local --clean' }, clock.now()),
    );
    if (!asked) continue;
    const stop = new AbortController();
    const tending = new ClusterTender(
      {
        ...hosting,
        changed: () =>
          void book
            .byId(stack.id)
            .then((now) => now && !statusOf(now).status.endsWith('_IN_PROGRESS') && stop.abort()),
      },
      asked,
    ).run(stop.signal);
    await tending;
    if (isOver(await book.byId(stack.id))) ended.push(name);
    else if (force) {
      await book.change(stack, (now) => withTurn(now, { status: 'DELETE_COMPLETE' }, clock.now()));
      ended.push(name);
    } else kept.push(name);
  }
  await removeOrphans(hosting);
  if (kept.length === 0)
    for (const id of await engine.images({ [LABEL.installation]: installation }))
      await engine.removeImage(id);
  return { ended, kept };
}
