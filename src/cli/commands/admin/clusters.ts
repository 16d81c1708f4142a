import { instantOf } from '../../../core/instant.ts';
import { usdWords } from '../../../core/report/cost-words.ts';
import { type LivingClusters, listClusters } from '../../../engine/administration/list-clusters.ts';
import { answer } from '../../answer.ts';
import type { Command } from '../../command.ts';
import { openAdminStores } from '../../open-stores.ts';
import { PLACE, readOptions } from '../../options.ts';
import { shortSpan } from '../../short-span.ts';
import { table } from '../../table.ts';

export const clusters: Command = {
  help: `Usage: clusterdrop admin clusters

Everybody's clusters, from the books, which users cannot write. USD is at most, by
list prices; THIS MONTH is spent until now and promised until the clusters' ends.

  --store URL   the installation: s3://BUCKET (or CLUSTERDROP_STORE)
  --dir DIR     the same in a folder (or CLUSTERDROP_DIR; default ./clusterdrop-data)
  --json        one JSON document`,

  async run(args, terminal) {
    const options = readOptions({ command: 'admin clusters', options: PLACE }, args);
    const { admin } = await openAdminStores(options, terminal);
    const living = await listClusters(admin.store, terminal.now());
    answer(terminal, options, { ...living }, () => words(living, terminal.now()));
    return 0;
  },
};

function words({ clusters: all, totals }: LivingClusters, now: number): string {
  const rows = all.map((one) => [
    `${one.user}/${one.name}`,
    one.state,
    one.address ?? '',
    shortSpan((instantOf(one.ends) ?? now) - now),
    usdWords(one.usdPerHour),
    one.stack,
  ]);
  const sums = totals.map((one) => [
    one.user,
    String(one.clusters),
    usdWords(one.usdPerHour),
    usdWords(one.usdThisMonth),
  ]);
  const list =
    rows.length === 0
      ? 'There are no clusters.\n'
      : table(['CLUSTER', 'STATE', 'ADDRESS', '>ENDS IN', '>PER HOUR', 'STACK'], rows);
  return sums.length === 0
    ? list
    : `${list}\n${table(['USER', '>CLUSTERS', '>PER HOUR', '>THIS MONTH'], sums)}`;
}
