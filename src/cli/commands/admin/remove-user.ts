import { removeUser } from '../../../engine/administration/remove-user.ts';
import { answer } from '../../answer.ts';
import type { Command } from '../../command.ts';
import { isAgreed } from '../../is-agreed.ts';
import { openAdminStores } from '../../open-stores.ts';
import { PLACE, readOptions } from '../../options.ts';

export const removeUserCommand: Command = {
  help: `Usage: clusterdrop admin remove-user NAME [--stop]

Lets somebody start no more clusters: takes away their profile, registered address
and own limits. Their folder home/NAME/, all NAME.files/ and the books stay.

  --stop        end their clusters as well; without it, a user who has some is refused
  --yes         do not ask first (nothing is asked where nobody can answer)
  --store URL   the installation: s3://BUCKET (or CLUSTERDROP_STORE)
  --dir DIR     the same in a folder (or CLUSTERDROP_DIR; default ./clusterdrop-data)
  --json        one JSON document`,

  async run(args, terminal) {
    const options = readOptions(
      {
        command: 'admin remove-user',
        options: { ...PLACE, stop: { wants: 'flag' }, yes: { wants: 'flag' } },
        needs: ['the name of the user'],
      },
      args,
    );
    const { users, admin } = await openAdminStores(options, terminal);
    const user = options.args[0] ?? '';
    const stop = options.has('stop');
    if (stop && !(await isAgreed(`Remove ${user} and end all their clusters?`, options, terminal))) return 1;
    const { stopped } = await removeUser({ admin: admin.store, users }, user, { stop });
    const ending = stopped.length === 0 ? '' : ` ${count(stopped.length)} told to end.`;
    answer(
      terminal,
      options,
      { user, outcome: 'removed', stopped: stopped.map(({ path }) => path) },
      () => `Removed ${user}, who can start nothing now.${ending} home/${user}/ stays as it is.\n`,
    );
    return 0;
  },
};

function count(clusters: number): string {
  return clusters === 1 ? 'One cluster was' : `${clusters} clusters were`;
}
