import { freeze } from '../../../engine/administration/freeze.ts';
import { answer } from '../../answer.ts';
import type { Command } from '../../command.ts';
import { openAdminStores } from '../../open-stores.ts';
import { PLACE, readOptions } from '../../options.ts';

const REASON = 'the administrator has paused them';

export const freezeCommand: Command = {
  help: `Usage: clusterdrop admin freeze [USER] [--reason TEXT]

From now on nothing new starts, for one user or for everybody. What runs goes on, and
whoever drops a file is told the reason. "admin thaw" ends it.

  --reason TEXT  for all to read (default: "${REASON}")
  --store URL    the installation: s3://BUCKET (or CLUSTERDROP_STORE)
  --dir DIR      the same in a folder (or CLUSTERDROP_DIR; default ./clusterdrop-data)
  --json         one JSON document`,

  async run(args, terminal) {
    const options = readOptions(
      { command: 'admin freeze', options: { ...PLACE, reason: { wants: 'a short text' } }, mayHave: 1 },
      args,
    );
    const { admin, flags } = await openAdminStores(options, terminal);
    const [user] = options.args;
    const reason = options.get('reason') ?? REASON;
    await freeze(admin.store, user, reason);
    const who = user ?? 'everybody';
    answer(
      terminal,
      options,
      { user: user ?? null, frozen: reason },
      () =>
        `Nothing new starts for ${who} now: ${reason}\nTo end that: clusterdrop admin thaw${user === undefined ? '' : ` ${user}`}${flags}\n`,
    );
    return 0;
  },
};
