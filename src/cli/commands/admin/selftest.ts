import type { Installation } from '../../../core/installation.ts';
import { isoOf, MINUTE, SECOND } from '../../../core/instant.ts';
import { priceText, untilEnd, usdText } from '../../../core/price.ts';
import { ProblemError, problem } from '../../../core/problems.ts';
import { visibleLine } from '../../../core/report/visible.ts';
import { addUser } from '../../../engine/administration/add-user.ts';
import { demandUser, hasProfile } from '../../../engine/administration/known-users.ts';
import { welcomeUser } from '../../../engine/administration/welcome-user.ts';
import { offeredBlueprint } from '../../../engine/blueprints.ts';
import { checkRequest } from '../../../engine/client/check-request.ts';
import { DEFAULT_BLUEPRINT } from '../../../engine/gate.ts';
import { runSelftest } from '../../../engine/selftest/run-selftest.ts';
import { clusterOf, type Trial } from '../../../engine/selftest/selftest-steps.ts';
import type { SelftestSubject, StepReport } from '../../../engine/selftest/selftest-subject.ts';
import { LIFETIME, smallRequest } from '../../../engine/selftest/small-request.ts';
import { removeFiles, removeOwnUser } from '../../../engine/selftest/tidy-up.ts';
import { answer } from '../../answer.ts';
import { checkSources } from '../../check-sources.ts';
import type { Command, Terminal } from '../../command.ts';
import { demandYes } from '../../demand-yes.ts';
import { type AdminStores, openAdminStores } from '../../open-stores.ts';
import { PERSON, type ReadOptions, readOptions } from '../../options.ts';
import { type Place, placeOf } from '../../place-of.ts';
import { progressOn } from '../../progress.ts';
import { shortSpan } from '../../short-span.ts';
import { timeoutOf } from '../../wait-for-drop.ts';

const OWN_USER = 'selftest';
const USUAL_TIMEOUT = 30 * MINUTE;

export const selftest: Command = {
  help: `Usage: clusterdrop admin selftest [--user NAME]

Lives through the whole story on the installation that it finds, as a user would: a
request with a mistake, a file with a wrong name, then a small cluster from its
beginning to its end, and a look for what is left. On AWS that is a real cluster,
which costs money: the price is shown first, and you are asked. Whatever fails, and
on Ctrl-C, what was made is told to end.
Exit code 0 when everything is as it has to be, else 3.

  --user NAME       whose cluster it is; without it the user ${OWN_USER} is made for the
                    test and removed afterwards
  --blueprint NAME  what the cluster is made from (default: what requests take)
  --timeout T       the longest wait for any one answer (default: 30m)
  --keep            leave the user and the files of the test where they are
  --yes             do not ask
  --store URL       the installation: s3://BUCKET (or CLUSTERDROP_STORE)
  --dir DIR         the same in a folder (or CLUSTERDROP_DIR; default ./clusterdrop-data)
  --json            one JSON document`,

  async run(args, terminal) {
    const options = readOptions(
      {
        command: 'admin selftest',
        options: {
          ...PERSON,
          blueprint: { wants: 'the name of a blueprint' },
          timeout: { wants: 'a length of time such as 30m' },
          keep: { wants: 'flag' },
          yes: { wants: 'flag' },
        },
      },
      args,
    );
    const timeout = timeoutOf(options) ?? USUAL_TIMEOUT;
    const stores = await openAdminStores(options, terminal);
    const { store: admin, installation } = stores.admin;
    const user = options.get('user') ?? OWN_USER;
    const isOwn = options.get('user') === undefined && !(await hasProfile(admin, user));
    if (!isOwn) await demandUser(admin, user);
    const request = smallRequest(await blueprintFor(stores, options.get('blueprint')));
    const progress = progressOn(terminal, options.has('json'));
    const subject: SelftestSubject = {
      ...(await worldAt(placeOf(options, terminal), stores, terminal)),
      ...stores.pace,
      installation,
      admin,
      users: stores.users,
      clock: stores.clock,
      timeout,
      pause: (milliseconds) => terminal.pause(milliseconds),
      isStopped: () => terminal.signal.aborted,
      onProgress: (status) => progress.status(status),
      onSilence: () => progress.say(stores.pace.silenceWords),
    };
    const name = `selftest-${Math.floor(terminal.now() / SECOND).toString(36)}`;
    const trial: Trial = { subject, user, name, request };
    if (!(await isWorthIt(trial, stores, isOwn, options, terminal))) return 1;

    if (isOwn) {
      await addUser(admin, { name: user, keys: [] });
      await welcomeUser(stores.users, installation, user);
    }
    const { steps, isStopped } = await runSelftest(trial, (report) => {
      progress.end();
      if (!options.has('json')) terminal.out(stepLine(report));
    }).finally(() => progress.end());
    const isWell = !isStopped && steps.every(({ ok }) => ok);
    // What a failure has left is evidence.
    if (isWell && !options.has('keep')) await (isOwn ? removeOwnUser(trial) : removeFiles(trial));
    const outcome = isStopped ? 'stopped' : isWell ? 'sound' : 'failed';
    if (options.has('json')) answer(terminal, options, { user, name, outcome, steps }, () => '');
    else if (isStopped)
      terminal.err(
        `\nCut short. ${clusterOf(trial).path}.cf-delete lies there, so the cluster ends by itself; see: clusterdrop admin clusters${stores.flags}\n`,
      );
    else terminal.out(isWell ? '\nAll is as it has to be.\n' : failedWords(trial, stores.flags));
    return isStopped ? 130 : isWell ? 0 : 3;
  },
};

async function blueprintFor({ admin }: AdminStores, named: string | undefined) {
  const { defaultBlueprint = DEFAULT_BLUEPRINT, contact } = admin.installation;
  const name = named ?? defaultBlueprint;
  const offered = await offeredBlueprint({ admin: admin.store }, name);
  if (!offered) throw new ProblemError(problem('missing-blueprint', { blueprint: name, contact }));
  return offered;
}

/** What only this kind of installation has. */
async function worldAt(
  place: Place,
  { admin, clock }: AdminStores,
  terminal: Terminal,
): Promise<Pick<SelftestSubject, 'stacks' | 'machinesOf'>> {
  if (place.kind === 'folder') {
    const { localWorld } = await import('../../../local/world.ts');
    const log = { turn: () => undefined, answered: () => undefined, trouble: () => undefined };
    return localWorld({ dir: place.dir, speed: 1, log, clock, environment: terminal.env });
  }
  const [{ awsAccess }, { readAwsInstallation }, { openCloudFormationStacks }, { leftMachines }] =
    await Promise.all([
      import('../../../aws/access.ts'),
      import('../../../aws/aws-installation.ts'),
      import('../../../aws/cloudformation-stacks.ts'),
      import('../../../aws/examining/left-machines.ts'),
    ]);
  const access = awsAccess(terminal.env);
  const installation = await readAwsInstallation(admin.store);
  if (!installation) throw new ProblemError(problem('not-on-aws', { bucket: admin.store.bucket }));
  return {
    stacks: openCloudFormationStacks(access, installation, admin.store),
    machinesOf: (cluster) => leftMachines(access, installation, cluster),
  };
}

/** Judges the request before anybody is made or asked, and shows what it comes to. @throws ProblemError for one that is refused */
async function isWorthIt(
  trial: Trial,
  stores: AdminStores,
  isOwn: boolean,
  options: ReadOptions,
  terminal: Terminal,
): Promise<boolean> {
  const bytes = new TextEncoder().encode(trial.request);
  const { problems, price } = await checkRequest(await checkSources(stores), clusterOf(trial), bytes);
  // Whoever is still to be made has no profile yet.
  const wrong = problems.filter(({ code }) => !(isOwn && code === 'no-profile'));
  if (wrong.length > 0) throw new ProblemError(...wrong);
  const { simulated }: Installation = stores.admin.installation;
  const most = price && untilEnd(price, LIFETIME);
  const total = most === undefined || most === null ? '' : ` ${usdText(most)} USD if it lived for its hour;`;
  const cost = simulated
    ? 'It is simulated, and costs nothing.'
    : `It costs ${price ? priceText(price) : 'an unknown price'}:${total} it is ended before.`;
  if (!options.has('json'))
    terminal.err(
      `A cluster ${trial.name} of ${visibleLine(trial.user)} is started and ended in ${stores.name}. ${cost}\n`,
    );
  return simulated || demandYes('admin selftest', 'Start it?', options, terminal);
}

function stepLine({ step, ok, what, milliseconds }: StepReport): string {
  return `${ok ? 'ok  ' : 'fail'}  ${step}: ${visibleLine(what, 600)} (${shortSpan(Math.max(SECOND, milliseconds))})\n`;
}

function failedWords(trial: Trial, flags: string): string {
  const { path } = clusterOf(trial);
  return `
Not all is as it has to be (${isoOf(trial.subject.clock.now())}). The files of the test were left: ${visibleLine(path)}*
What runs of it: clusterdrop admin clusters${flags}
What is wrong with the installation: clusterdrop admin doctor${flags}
`;
}
