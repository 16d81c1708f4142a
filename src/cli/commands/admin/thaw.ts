import { thaw } from '../../../engine/administration/freeze.ts';
import { answer } from '../../answer.ts';
import type { Command } from '../../command.ts';
import { openAdminStores } from '../../open-stores.ts';
import { PLACE, readOptions } from '../../options.ts';

export const thawCommand: Command = {
  help: `Usage: clusterdrop admin thaw [USER]

Ends a freeze of everybody, or of one user: new clusters may start again.

  --store URL   the installation: s3://BUCKET (or CLUSTERDROP_STORE)
  --dir DIR     the same in a folder (or CLUSTERDROP_DIR; default ./clusterdrop-data)
  --json        one JSON document`,

  async run(args, terminal) {
    const options = readOptions({ command: 'admin thaw', options: PLACE, mayHave: 1 }, args);
    const { admin, flags } = await openAdminStores(options, terminal);
    const [user] = options.args;
    const { heldByAll } = await thaw(admin.store, user);
    answer(terminal, options, { user: user ?? null, frozen: heldByAll ? 'everybody' : null }, () =>
      heldByAll
        ? `${user} has no freeze of their own any more, but everybody is frozen: clusterdrop admin thaw${flags}\n`
        : `New clusters may start again${user === undefined ? '' : ` for ${user}`}.\n`,
    );
    return 0;
  },
};
