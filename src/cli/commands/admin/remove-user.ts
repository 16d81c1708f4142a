import { ProblemError } from '../../../core/problems.ts';
import { removeUser } from '../../../engine/administration/remove-user.ts';
import type { StopPlaces } from '../../../engine/administration/stop-clusters.ts';
import { answer } from '../../answer.ts';
import type { Command } from '../../command.ts';
import { iamSideOf } from '../../iam-options.ts';
import type { IamSide } from '../../iam-side.ts';
import { isAgreed } from '../../is-agreed.ts';
import { openAdminStores } from '../../open-stores.ts';
import { PLACE, readOptions } from '../../options.ts';

export const removeUserCommand: Command = {
  help: `Usage: clusterdrop admin remove-user NAME [--stop]

Lets somebody start no more clusters: takes away their profile, registered address
and own limits. Their folder home/NAME/, all NAME.files/ and the books stay. On AWS
they leave the users' group as well; the IAM user itself stays.

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
    const stores = await openAdminStores(options, terminal);
    const { admin } = stores;
    const iam = await iamSideOf(stores, options, terminal);
    const user = options.args[0] ?? '';
    const stop = options.has('stop');
    if (stop && !(await isAgreed(`Remove ${user} and end all their clusters?`, options, terminal))) return 1;
    const { stopped, left } = await removed({ admin: admin.store, buckets: admin.buckets }, user, stop, iam);
    const group = left ? ` ${user} is out of the group ${iam?.group}; the IAM user itself stays.` : '';
    const ending = stopped.length === 0 ? '' : ` ${count(stopped.length)} told to end.`;
    answer(
      terminal,
      options,
      {
        user,
        outcome: 'removed',
        stopped: stopped.map(({ path }) => path),
        ...(iam && { leftGroup: left ? iam.group : null }),
      },
      () => `Removed ${user}, who can start nothing now.${ending}${group} home/${user}/ stays as it is.\n`,
    );
    return 0;
  },
};

/** Cut short in between, a repeat finds no user any more, and somebody who is still in the group. */
async function removed(places: StopPlaces, user: string, stop: boolean, iam: IamSide | undefined) {
  try {
    const { stopped } = await removeUser(places, user, { stop });
    return { stopped, left: (await iam?.leave(user)) === true };
  } catch (error) {
    const isUnknown = error instanceof ProblemError && error.problems[0]?.code === 'unknown-user';
    if (isUnknown && (await iam?.leave(user)) === true) return { stopped: [], left: true };
    throw error;
  }
}

function count(clusters: number): string {
  return clusters === 1 ? 'One cluster was' : `${clusters} clusters were`;
}
