import { runAll } from '../run-all.ts';
import { statusOf } from './hosted-stack.ts';
import type { Hosting } from './hosting.ts';
import { LABEL, type Labels } from './labels.ts';

/** Removes what bears this installation's labels and belongs to no stack that lives: left by a process that was killed. */
export async function removeOrphans({
  engine,
  book,
  installation,
}: Pick<Hosting, 'engine' | 'book' | 'installation'>): Promise<void> {
  const ours = { [LABEL.installation]: installation };
  // First what there is, then which stacks live: one that begins in between is not mistaken for gone.
  const [hosts, networks, volumes] = [
    await engine.hosts(ours),
    await engine.networks.list(ours),
    await engine.volumes.list(ours),
  ];
  const living = new Set<string>();
  for await (const stack of book.living())
    if (statusOf(stack).status !== 'DELETE_COMPLETE') living.add(stack.id);
  const isOrphan = ({ labels }: { readonly labels: Labels }) => !living.has(labels[LABEL.stack] ?? '');
  // What cannot go, such as a network that somebody else's container uses, holds up nothing else.
  await runAll([
    ...hosts.filter(isOrphan).map(
      ({ id }) =>
        () =>
          engine.removeHost(id),
    ),
    ...networks.filter(isOrphan).map(
      ({ id }) =>
        () =>
          engine.networks.remove(id),
    ),
    ...volumes.filter(isOrphan).map(
      ({ id }) =>
        () =>
          engine.volumes.remove(id),
    ),
  ]);
}
