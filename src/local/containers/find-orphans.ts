import type { HostedBook } from './hosted-book.ts';
import { statusOf } from './hosted-stack.ts';
import type { Hosting } from './hosting.ts';
import { LABEL, type Labels } from './labels.ts';

/** A host, network or volume that belongs to no stack that lives. */
export interface Orphan {
  readonly labels: Labels;
  readonly remove: () => Promise<void>;
}

export interface Orphans {
  /** Left by a process that was killed, say. */
  readonly ended: readonly Orphan[];
  /** Of stacks that the book never heard of. An older copy of the folder knows nothing of the clusters that were begun since, and they may live. */
  readonly unknown: readonly Orphan[];
}

/** What bears this installation's labels and belongs to no stack that lives: hosts, then what they rest on. */
export async function findOrphans({
  engine,
  book,
  installation,
}: Pick<Hosting, 'engine' | 'book' | 'installation'>): Promise<Orphans> {
  const { networks, volumes } = engine;
  const ours = { [LABEL.installation]: installation };
  // First what there is, then how its stack stands: one that begins in between is known by then.
  const all = [
    ...(await engine.hosts(ours)).map(({ id, labels }) => ({ labels, remove: () => engine.removeHost(id) })),
    ...(await networks.list(ours)).map(({ id, labels }) => ({ labels, remove: () => networks.remove(id) })),
    ...(await volumes.list(ours)).map(({ id, labels }) => ({ labels, remove: () => volumes.remove(id) })),
  ];
  const standings = new Map<string, Standing>();
  for (const id of new Set(all.map(stackOf))) standings.set(id, await standingOf(id, book));
  const thatAre = (standing: Standing) => all.filter((one) => standings.get(stackOf(one)) === standing);
  return { ended: thatAre('ended'), unknown: thatAre('unknown') };
}

type Standing = 'living' | 'ended' | 'unknown';

/** A stack is written down before anything of it is made, and its record is kept when it has ended. */
async function standingOf(id: string, book: HostedBook): Promise<Standing> {
  const stack = await book.byId(id);
  if (!stack) return 'unknown';
  return statusOf(stack).status === 'DELETE_COMPLETE' ? 'ended' : 'living';
}

function stackOf({ labels }: Pick<Orphan, 'labels'>): string {
  return labels[LABEL.stack] ?? '';
}
