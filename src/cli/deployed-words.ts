import type { DeploymentChange } from '../aws/installing/deployment-change.ts';
import type { DeploymentView } from '../aws/installing/deployment-view.ts';
import { knownUsers } from '../engine/administration/known-users.ts';
import { blueprintNames } from '../engine/blueprints.ts';

/** What an administrator does after installing, in the order in which it is done. */
export async function nextSteps(
  { admin, wanted }: Pick<DeploymentView, 'admin' | 'wanted'>,
  done: readonly DeploymentChange[],
): Promise<string[]> {
  const { choices, makesMailIdentity } = wanted;
  const { mail, alarmEmail } = choices;
  const [blueprints, users] = [await blueprintNames(admin), await knownUsers(admin)];
  // The group went with the stack, and comes back empty.
  const isBack = done.some(
    ({ kind, ...change }) => kind === 'create' && 'part' in change && change.part === 'base',
  );
  return [
    ...(mail && makesMailIdentity
      ? [`AWS has written to ${mail.from}: follow the link in that mail, or no mail is sent.`]
      : []),
    ...(alarmEmail === undefined
      ? []
      : [`AWS asks ${alarmEmail} whether alarms are welcome: follow the link in that mail.`]),
    ...(blueprints.length === 0
      ? [
          'No kind of cluster is offered yet. Take one in (docs/guide-blueprints.md): clusterdrop admin add-blueprint FOLDER --default',
        ]
      : []),
    ...(users.length === 0
      ? [
          'Let somebody in: clusterdrop admin add-user alice --create --key alice.pub --email alice@example.org --access-key alice.credentials',
        ]
      : isBack
        ? [
            `Put everybody whom you let in before into the users' group again (${users.length}): clusterdrop admin add-user NAME, or add-users LIST`,
          ]
        : []),
    'See whether all is well: clusterdrop admin doctor',
  ];
}
