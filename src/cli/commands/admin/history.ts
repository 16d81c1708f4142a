import { monthOf } from '../../../core/instant.ts';
import { usdWords } from '../../../core/report/cost-words.ts';
import { endedHistory, endedMonths, type UserHistory } from '../../../engine/administration/ended-history.ts';
import { answer } from '../../answer.ts';
import type { Command } from '../../command.ts';
import { openAdminStores } from '../../open-stores.ts';
import { PLACE, readOptions } from '../../options.ts';
import { table } from '../../table.ts';

export const history: Command = {
  help: `Usage: clusterdrop admin history [MONTH]

Clusters that ended in a month (2026-11; default: this one) and what they cost at
most, by list prices, for each user.

  --store URL   the installation: s3://BUCKET (or CLUSTERDROP_STORE)
  --dir DIR     the same in a folder (or CLUSTERDROP_DIR; default ./clusterdrop-data)
  --json        one JSON document`,

  async run(args, terminal) {
    const options = readOptions({ command: 'admin history', options: PLACE, mayHave: 1 }, args);
    const { admin } = await openAdminStores(options, terminal);
    const month = options.args[0] ?? monthOf(terminal.now());
    const users = await endedHistory(admin.store, month);
    const months = await endedMonths(admin.store);
    answer(terminal, options, { month, users, months }, () => words(month, users, months));
    return 0;
  },
};

function words(month: string, users: readonly UserHistory[], months: readonly string[]): string {
  if (users.length === 0) {
    const others =
      months.length === 0 ? '' : ` There is something to see of ${months.slice(0, 12).join(', ')}.`;
    return `No cluster ended in ${month}.${others}\n`;
  }
  const rows = users.flatMap(({ user, clusters }) =>
    clusters.map((one) => [
      `${user}/${one.path.slice(`home/${user}/`.length)}`,
      shown(one.began),
      shown(one.ended),
      one.why,
      usdWords(one.usd),
    ]),
  );
  const sums = users.map(({ user, clusters, usd }) => [user, String(clusters.length), usdWords(usd)]);
  return `${table(['CLUSTER', 'BEGAN (UTC)', 'ENDED (UTC)', 'WHY', '>COST AT MOST'], rows)}\n${table(['USER', '>CLUSTERS', '>COST AT MOST'], sums)}`;
}

/** `2026-11-22T15:04:05Z` -> `2026-11-22 15:04` */
function shown(iso: string): string {
  return iso.slice(0, 16).replace('T', ' ');
}
