import { resolve } from 'node:path';
import { awsAccess } from '../../../aws/access.ts';
import { accountPlace } from '../../../aws/installing/account-place.ts';
import { ANYWHERE } from '../../../aws/installing/cidr.ts';
import { carryOut, type PlannedDeployment, planned, plannedAtRest } from '../../../aws/installing/deploy.ts';
import type { DeploymentOrder } from '../../../aws/installing/deployment-view.ts';
import { deploymentWords } from '../../../aws/installing/deployment-words.ts';
import { Interrupted } from '../../../aws/installing/install-progress.ts';
import { readCode, readTemplates, shippedUploads } from '../../../aws/installing/shipped-files.ts';
import { usualRegion } from '../../../aws/users-bucket.ts';
import { ProblemError, problem } from '../../../core/problems.ts';
import { answer } from '../../answer.ts';
import type { Command, Terminal } from '../../command.ts';
import { demandYes } from '../../demand-yes.ts';
import { DEPLOY, givenBuckets, givenChoices, installationName, sshRange } from '../../deploy-options.ts';
import { nextSteps } from '../../deployed-words.ts';
import { patienceOn } from '../../install-progress-on.ts';
import { keepStore } from '../../keep-store.ts';
import { type ReadOptions, readOptions } from '../../options.ts';

export const deploy: Command = {
  help: `Usage: clusterdrop admin deploy [options]

Installs Clusterdrop in an AWS account, or brings an installation up to date. Shows
what would change, and asks. Running clusters are not touched. What was chosen once
is remembered: later runs need only what is to be different.

Where
  --region REGION          of buckets, queue and functions (default: your profile's)
  --clusters-region REGION of the clusters (default: the same)
  --name NAME              first word of everything that is made (default: clusterdrop)

Buckets
  --bucket NAME            users' bucket to be made (default: NAME-users-ACCOUNT-REGION)
  --existing-bucket NAME   users' bucket that is there; may be given several times.
                           Its settings are added to, never replaced
  --admin-bucket NAME      administrator's bucket to be made
  --existing-admin-bucket NAME
  --old-versions-days N    how long replaced and removed files are kept (default: 30)

Who may reach clusters
  --ssh-from CIDR          your network, such as 192.0.2.0/24. Asked for the first time
  --vpc ID --subnets A,B   a network that is there, instead of one of its own
  --vpc-cidr CIDR          range of its own network, a /16 (default: 10.86.0.0/16)

People and mail ("none" takes an address away)
  --contact TEXT           whom users may ask
  --admin-email ADDRESS    where your mail goes
  --mail-from ADDRESS      from which mail is sent, by SES; without it none is
  --mail-region REGION     of SES (default: that of the buckets)
  --alarm-email ADDRESS    where alarms go
  --federated-tag KEY      principal tag that names the folder of somebody who is no
                           IAM user (default: clusterdrop-user)

Running it
  --sweep-minutes N        how often all is looked through, 2 to 15 (default: 5)
  --log-days N             how long logs are kept (default: 90)

  --dry-run                show what would change, and change nothing
  --yes                    do not ask
  --templates DIR          other templates than those that come along
  --json                   one JSON document`,

  async run(args, terminal) {
    const options = readOptions({ command: 'admin deploy', options: DEPLOY }, args);
    const order = await orderOf(options, terminal);
    const silent = options.has('json');
    const patience = patienceOn(terminal, silent);
    const { name, account, region } = order.place;
    patience.progress.say(`Looking at the account ${account}, ${region} ...`);
    try {
      const isDry = options.has('dry-run');
      const plan = await (isDry ? planned(order) : plannedAtRest(order, patience));
      patience.end();
      if (plan.changes.length === 0) {
        answer(terminal, options, documentOf(plan, 'unchanged'), () => 'Nothing to change.\n');
        return 0;
      }
      const words = `Clusterdrop "${name}" in the account ${account}, ${region}:\n\n${deploymentWords(plan.changes)}${warnings(plan)}\n`;
      if (isDry) {
        answer(
          terminal,
          options,
          documentOf(plan, 'planned'),
          () => `${words}Nothing was changed (--dry-run).\n`,
        );
        return 0;
      }
      if (!silent) terminal.err(words);
      if (!(await demandYes('admin deploy', 'Do this?', options, terminal))) return 1;
      const installation = await carryOut(order, plan, patience);
      patience.end();
      const next = await nextSteps(plan.view, plan.changes);
      const [bucket] = plan.view.wanted.buckets.users;
      if (bucket && !silent)
        keepStore({ kind: 'bucket', bucket: bucket.name, from: 'option' }, undefined, terminal);
      answer(
        terminal,
        options,
        { ...documentOf(plan, 'done'), installation, next },
        () =>
          `Installed "${name}" in the account ${account}, ${region}.\n\nWhat is next:\n${next.map((one) => `  ${one}\n`).join('')}`,
      );
      return 0;
    } catch (error) {
      patience.end();
      if (!(error instanceof Interrupted)) throw error;
      terminal.err(
        '\nNot waiting any more. What has begun goes on in the account; run the same command to go on.\n',
      );
      return 130;
    }
  },
};

async function orderOf(options: ReadOptions, terminal: Terminal): Promise<DeploymentOrder> {
  const name = installationName(options);
  const [choices, buckets] = [givenChoices(options), givenBuckets(options)];
  const folder = options.get('templates');
  const templatesIn = folder === undefined ? undefined : resolve(terminal.cwd, folder);
  const templates = readTemplates(templatesIn);
  const code = readCode(templatesIn);
  const access = awsAccess(terminal.env);
  const region = options.get('region') ?? (await usualRegion(terminal.env));
  const place = await accountPlace(access, name, region);
  return {
    access,
    place,
    choices,
    buckets,
    templates,
    code,
    shipped: shippedUploads(),
    askSshFrom: () => askSshFrom(terminal),
  };
}

async function askSshFrom(terminal: Terminal): Promise<string> {
  const text = terminal.canAsk
    ? await terminal.ask('From which network may clusters be reached by ssh (such as 192.0.2.0/24)? ')
    : undefined;
  if (text === undefined || text.trim() === '') throw new ProblemError(problem('ssh-from-needed', {}));
  return sshRange(text);
}

function documentOf({ view, changes, busy }: PlannedDeployment, outcome: string) {
  const { name, account, region } = view.wanted.place;
  return { name, account, region, outcome, changes, busy: busy.map((one) => one.name) };
}

function warnings({ view, busy }: PlannedDeployment): string {
  const lines = [
    ...(view.wanted.choices.sshFrom === ANYWHERE
      ? ['Careful: --ssh-from 0.0.0.0/0 lets the whole world try to log in to every cluster.']
      : []),
    ...busy.map(({ name, status }) => `${name} is ${status}: this may look different in a moment.`),
  ];
  return lines.length === 0 ? '' : `\n${lines.map((line) => `${line}\n`).join('')}`;
}
