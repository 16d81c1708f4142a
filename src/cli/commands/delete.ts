import { visibleLine } from '../../core/report/visible.ts';
import { putDrop } from '../../engine/client/put-drop.ts';
import { answer } from '../answer.ts';
import type { Command } from '../command.ts';
import { isAgreed } from '../is-agreed.ts';
import { openStores } from '../open-stores.ts';
import { PERSON, readOptions } from '../options.ts';
import { timeoutOf, waitForDrop } from '../wait-for-drop.ts';
import { clusterNamed, nameOf, whichUser } from '../which-user.ts';
import { demandCluster } from './status.ts';

export const deleteCluster: Command = {
  help: `Usage: clusterdrop delete [FOLDER/]NAME [--wait]

Ends a cluster, by dropping NAME.cf-delete into your folder. What lies in NAME.files
stays; everything else on the cluster is lost.

  --wait        show how far it is, and end when the cluster is gone (exit code 0)
  --timeout T   wait no longer than this, such as 30m
  --yes         do not ask first (nothing is asked where nobody can answer)
  --user NAME   whose cluster (or CLUSTERDROP_USER; default: you, or the only one)
  --store URL   the installation: s3://BUCKET (or CLUSTERDROP_STORE)
  --dir DIR     the same in a folder (or CLUSTERDROP_DIR; default ./clusterdrop-data)
  --json        one JSON document`,

  async run(args, terminal) {
    const options = readOptions(
      {
        command: 'delete',
        options: {
          ...PERSON,
          wait: { wants: 'flag' },
          timeout: { wants: 'a length of time such as 30m' },
          yes: { wants: 'flag' },
        },
        needs: ['the name of a cluster'],
      },
      args,
    );
    timeoutOf(options);
    const stores = await openStores(options, terminal);
    const user = await whichUser(stores, options, terminal);
    const cluster = clusterNamed(stores.users.bucket, user, options.args[0] ?? '');
    const { status } = await demandCluster(stores, cluster, terminal);
    const name = nameOf(cluster);
    const where = status?.address === undefined ? '' : ` at ${visibleLine(status.address, 60)}`;
    if (!(await isAgreed(`End ${name} of ${user}${where}? Jobs on it are lost.`, options, terminal)))
      return 1;
    const drop = await putDrop(stores.users, cluster, 'delete', '');
    if (options.has('wait')) return waitForDrop(drop, stores, options, terminal);
    const document = { user, name, path: cluster.path, drop: drop.id, outcome: 'dropped', problems: [] };
    answer(
      terminal,
      options,
      document,
      () =>
        `Dropped ${name}.cf-delete.\n\nHow far it is:  clusterdrop status ${name}${stores.flags} --watch\n`,
    );
    return 0;
  },
};
