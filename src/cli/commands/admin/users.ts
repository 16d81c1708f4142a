import { usdWords } from '../../../core/report/cost-words.ts';
import { listUsers } from '../../../engine/administration/list-users.ts';
import { answer } from '../../answer.ts';
import type { Command } from '../../command.ts';
import { openAdminStores } from '../../open-stores.ts';
import { PLACE, readOptions } from '../../options.ts';
import { table } from '../../table.ts';

export const users: Command = {
  help: `Usage: clusterdrop admin users

Who may start clusters, and what they have. USD is what this month's clusters cost
until now and are to cost until their ends, at most.

  --store URL   the installation: s3://BUCKET (or CLUSTERDROP_STORE)
  --dir DIR     the same in a folder (or CLUSTERDROP_DIR; default ./clusterdrop-data)
  --json        one JSON document`,

  async run(args, terminal) {
    const options = readOptions({ command: 'admin users', options: PLACE }, args);
    const { admin, flags } = await openAdminStores(options, terminal);
    const all = await listUsers(admin.store, terminal.now());
    answer(terminal, options, { users: all }, () => {
      if (all.length === 0) return `There are no users yet: clusterdrop admin add-user NAME${flags}\n`;
      return table(
        ['USER', 'MAIL', '>KEYS', '>CLUSTERS', '>THIS MONTH', 'NOTE'],
        all.map((one) => [
          one.name,
          one.email ?? '',
          String(one.keys),
          String(one.clusters),
          usdWords(one.usdThisMonth),
          one.mayStart ? (one.frozen === null ? '' : `frozen: ${one.frozen}`) : 'removed',
        ]),
      );
    });
    return 0;
  },
};
