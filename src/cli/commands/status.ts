import type { Cluster } from '../../core/identity.ts';
import { nearest } from '../../core/nearest.ts';
import { ProblemError, problem } from '../../core/problems.ts';
import { type ClusterView, viewCluster, viewClusters } from '../../engine/client/cluster-view.ts';
import { answer } from '../answer.ts';
import type { Command, Terminal } from '../command.ts';
import { openStores, type Stores } from '../open-stores.ts';
import { PERSON, readOptions } from '../options.ts';
import { statusWords } from '../status-words.ts';
import { clusterNamed, nameOf, whichUser } from '../which-user.ts';
import { documentOf } from './list.ts';

const SETTLING = 500;

export const status: Command = {
  help: `Usage: clusterdrop status [FOLDER/]NAME [--watch]

Everything about one cluster: its state and why, how to log in, when it ends,
what it costs, what to do next.

  --watch       go on, with a line for each change, until the cluster is gone or
                Ctrl-C; with --json one document per line
  --user NAME   whose cluster (or CLUSTERDROP_USER; default: you, or the only one)
  --store URL   the installation: s3://BUCKET (or CLUSTERDROP_STORE)
  --dir DIR     the same in a folder (or CLUSTERDROP_DIR; default ./clusterdrop-data)
  --json        one JSON document`,

  async run(args, terminal) {
    const options = readOptions(
      {
        command: 'status',
        options: { ...PERSON, watch: { wants: 'flag' } },
        needs: ['the name of a cluster'],
      },
      args,
    );
    const stores = await openStores(options, terminal);
    const user = await whichUser(stores, options, terminal);
    const cluster = clusterNamed(stores.users.bucket, user, options.args[0] ?? '');
    const view = await demandCluster(stores, cluster, terminal);
    if (options.has('watch')) {
      const { watchCluster } = await import('../watch-cluster.ts');
      return watchCluster(view, stores, terminal, options.has('json'));
    }
    answer(terminal, options, { user, ...documentOf(view) }, () => statusWords(view, terminal.now(), stores));
    return 0;
  },
};

/** The cluster as it can be seen. @throws ProblemError `no-such-cluster` when no file of it is there */
export async function demandCluster(
  { users }: Stores,
  cluster: Cluster,
  { pause }: Pick<Terminal, 'pause'>,
): Promise<ClusterView> {
  const view = await viewCluster(users, cluster);
  if (view.files.size > 0) return view;
  // A file that was copied a moment ago is not shown yet.
  await pause(SETTLING);
  const again = await viewCluster(users, cluster);
  if (again.files.size > 0) return again;
  const names = (await viewClusters(users, cluster.user)).map((one) => nameOf(one.cluster));
  const name = nameOf(cluster);
  throw new ProblemError(
    problem('no-such-cluster', { name, user: cluster.user, nearest: nearest(name, names)[0] }),
  );
}
