import { ProblemError, problem } from '../../../core/problems.ts';
import { visibleLine } from '../../../core/report/visible.ts';
import { clustersToStop, stopClusters } from '../../../engine/administration/stop-clusters.ts';
import { answer } from '../../answer.ts';
import type { Command } from '../../command.ts';
import { isAgreed } from '../../is-agreed.ts';
import { openAdminStores } from '../../open-stores.ts';
import { PLACE, readOptions } from '../../options.ts';

export const stop: Command = {
  help: `Usage: clusterdrop admin stop USER[/FOLDER/NAME] | --all

Ends one cluster, all of one user's, or everybody's, requests included that have not
been answered yet: drops a NAME.cf-delete beside each, as its owner could.
"admin freeze" keeps new ones from starting.

  --all         everybody's
  --yes         do not ask first (nothing is asked where nobody can answer)
  --store URL   the installation: s3://BUCKET (or CLUSTERDROP_STORE)
  --dir DIR     the same in a folder (or CLUSTERDROP_DIR; default ./clusterdrop-data)
  --json        one JSON document`,

  async run(args, terminal) {
    const options = readOptions(
      {
        command: 'admin stop',
        options: { ...PLACE, all: { wants: 'flag' }, yes: { wants: 'flag' } },
        mayHave: 1,
      },
      args,
    );
    const [target] = options.args;
    if (target === undefined && !options.has('all')) {
      const what = 'whose clusters to end: USER, USER/NAME or --all';
      throw new ProblemError(problem('missing-argument', { command: 'admin stop', what }));
    }
    if (target !== undefined && options.has('all'))
      throw new ProblemError(
        problem('clashing-options', { one: target, other: '--all', why: '--all means everybody' }),
      );
    const { admin, flags } = await openAdminStores(options, terminal);
    const places = { admin: admin.store, buckets: admin.buckets };
    const clusters = await clustersToStop(places, target?.replace(/\/+$/, ''));
    const names = clusters.map(({ path }) => visibleLine(path.slice('home/'.length)));
    const many = clusters.length === 1 ? '1 cluster' : `${clusters.length} clusters`;
    const question = `End ${many} (${names.slice(0, 5).join(', ')}${names.length > 5 ? ', ...' : ''})? Jobs on them are lost.`;
    if (clusters.length > 0 && !(await isAgreed(question, options, terminal))) return 1;
    const drops = await stopClusters(places, clusters);
    const stopped = drops.map(({ cluster, id }) => ({ user: cluster.user, path: cluster.path, drop: id }));
    answer(terminal, options, { stopped }, () =>
      clusters.length === 0
        ? 'There is nothing to end.\n'
        : `Told ${many} to end:\n${names.map((name) => `  ${name}\n`).join('')}\nHow far they are: clusterdrop admin clusters${flags}\n`,
    );
    return 0;
  },
};
