import { instantOf } from '../../core/instant.ts';
import type { StatusFile } from '../../core/report/status-file.ts';
import { type ClusterView, viewClusters } from '../../engine/client/cluster-view.ts';
import { answer } from '../answer.ts';
import type { Command, Terminal } from '../command.ts';
import { openStores } from '../open-stores.ts';
import { PERSON, readOptions } from '../options.ts';
import { shortSpan } from '../short-span.ts';
import { nodesNow, stateWord } from '../status-words.ts';
import { table } from '../table.ts';
import { nameOf, whichUser } from '../which-user.ts';

export const list: Command = {
  help: `Usage: clusterdrop list [--all]

Your clusters: state, login address, when they end, what they cost at most.

  --all         also those that are gone, as long as their files are there
  --user NAME   whose clusters (or CLUSTERDROP_USER; default: you, or the only one)
  --store URL   the installation: s3://BUCKET (or CLUSTERDROP_STORE)
  --dir DIR     the same in a folder (or CLUSTERDROP_DIR; default ./clusterdrop-data)
  --json        one JSON document`,

  async run(args, terminal) {
    const options = readOptions({ command: 'list', options: { ...PERSON, all: { wants: 'flag' } } }, args);
    const stores = await openStores(options, terminal);
    const user = await whichUser(stores, options, terminal);
    const views = (await viewClusters(stores.users, user)).toSorted((a, b) =>
      a.cluster.path < b.cluster.path ? -1 : 1,
    );
    const shown = options.has('all') ? views : views.filter((view) => stateWord(view) !== 'gone');
    const document = { user, clusters: shown.map(documentOf) };
    answer(terminal, options, document, () =>
      textOf(shown, views.length - shown.length, user, stores.flags, terminal),
    );
    return 0;
  },
};

function textOf(
  views: readonly ClusterView[],
  hidden: number,
  user: string,
  flags: string,
  { now }: Pick<Terminal, 'now'>,
): string {
  const gone =
    hidden === 0
      ? ''
      : `${hidden} more ${hidden === 1 ? 'is' : 'are'} gone: clusterdrop list --all${flags}\n`;
  if (views.length === 0)
    return `${user} has no clusters. To start one: clusterdrop create NAME${flags} --wait\n${gone}`;
  const rows = views.map((view) => {
    const { status, unanswered } = view;
    const lives = status && !['gone', 'failed', 'refused'].includes(status.state) ? status : undefined;
    const ends = lives?.ends === undefined ? undefined : instantOf(lives.ends);
    return [
      nameOf(view.cluster),
      stateWord(view) + (unanswered && lives ? ` (${lives.state})` : '') + noticesWords(lives),
      (lives && nodesNow(lives)) ?? '',
      lives?.address ?? '',
      ends === undefined ? '' : shortSpan(ends - now()),
      lives?.price ? (lives.price.usdPerHour?.toFixed(2) ?? 'unknown') : '',
    ];
  });
  const text = table(['CLUSTER', 'STATE', 'NODES', 'ADDRESS', '>ENDS IN', '>USD/HOUR AT MOST'], rows);
  return text + gone;
}

/** That there is something to read in the status. */
function noticesWords(lives: StatusFile | undefined): string {
  const { notices = [], silentSince } = lives?.report ?? {};
  const count = notices.length;
  return [
    silentSince === undefined ? '' : ', silent',
    count === 0 ? '' : `, ${count} ${count === 1 ? 'notice' : 'notices'}`,
  ].join('');
}

/** What `--json` shows of one cluster; `status` is the file as it was found. */
export function documentOf(view: ClusterView) {
  const { cluster, status, unanswered } = view;
  return {
    name: nameOf(cluster),
    path: cluster.path,
    state: stateWord(view),
    unanswered: unanswered ? { action: unanswered.action, drop: unanswered.id } : null,
    status: status ?? null,
  };
}
