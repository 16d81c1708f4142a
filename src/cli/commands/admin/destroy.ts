import { awsAccess } from '../../../aws/access.ts';
import { accountPlace } from '../../../aws/installing/account-place.ts';
import { deleteOwnBuckets, destroy as takeDown } from '../../../aws/installing/destroy.ts';
import { destructionWords } from '../../../aws/installing/destruction.ts';
import {
  type DestructionView,
  demandNoClusters,
  viewDestruction,
} from '../../../aws/installing/destruction-view.ts';
import { Interrupted } from '../../../aws/installing/install-progress.ts';
import { usualRegion } from '../../../aws/users-bucket.ts';
import { ProblemError, problem } from '../../../core/problems.ts';
import { answer } from '../../answer.ts';
import type { Command, Terminal } from '../../command.ts';
import { demandYes } from '../../demand-yes.ts';
import { INSTALLATION, installationName } from '../../deploy-options.ts';
import { patienceOn } from '../../install-progress-on.ts';
import { readOptions } from '../../options.ts';

export const destroy: Command = {
  help: `Usage: clusterdrop admin destroy [options]

Takes an installation out of an AWS account: functions, queue, network, roles. Refuses
as long as there are clusters, or requests without an answer. Buckets stay with all
that is in them, and "admin deploy" takes them up again. What was added to buckets of
yours is taken away, and nothing else there.

  --region REGION      where it is installed (default: your profile's)
  --name NAME          its name (default: clusterdrop)
  --admin-bucket NAME  its administrator's bucket, where no stack is left to tell
  --delete-data        delete the buckets that it made as well, with all that is in
                       them. Each one's name must be typed
  --yes                do not ask (--delete-data asks all the same)
  --json               one JSON document`,

  async run(args, terminal) {
    const options = readOptions(
      {
        command: 'admin destroy',
        options: {
          ...INSTALLATION,
          'admin-bucket': { wants: 'the name of a bucket' },
          'delete-data': { wants: 'flag' },
        },
      },
      args,
    );
    const name = installationName(options);
    const access = awsAccess(terminal.env);
    const region = options.get('region') ?? (await usualRegion(terminal.env));
    const place = await accountPlace(access, name, region);
    const adminBucket = options.get('admin-bucket');
    const order = { access, place, ...(adminBucket !== undefined && { adminBucket }) };
    const silent = options.has('json');
    const patience = patienceOn(terminal, silent);
    const deletes = options.has('delete-data');
    try {
      const view = await viewDestruction(order);
      await demandNoClusters(order, view);
      const { stacks, own, foreign } = view.destruction;
      const isGone = stacks.length === 0 && !view.installation;
      const document = { name, account: place.account, region, stacks: stacks.map((one) => one.name) };
      if (isGone && (!deletes || own.length === 0)) {
        answer(terminal, options, { ...document, outcome: 'unchanged', kept: [...own, ...foreign] }, () =>
          goneWords(view),
        );
        return 0;
      }
      if (!silent)
        terminal.err(
          `Clusterdrop "${name}" in the account ${place.account}, ${region}:\n\n${destructionWords(view.destruction, deletes)}\n`,
        );
      if (deletes) await demandNames(own, terminal);
      else if (!(await demandYes('admin destroy', 'Do this?', options, terminal))) return 1;
      await takeDown(order, view, patience);
      if (deletes) await deleteOwnBuckets(order, view, patience);
      patience.end();
      const kept = deletes ? foreign : [...own, ...foreign];
      answer(
        terminal,
        options,
        { ...document, outcome: 'done', kept, deleted: deletes ? own : [] },
        () => `"${name}" is gone.${kept.length === 0 ? '' : ` What stays: ${kept.join(', ')}.`}\n`,
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

function goneWords({ destruction: { own, foreign } }: DestructionView): string {
  const kept = [...own, ...foreign];
  return `There is nothing to take down.${kept.length === 0 ? '' : ` What was kept: ${kept.join(', ')}.`}\n`;
}

/** What is deleted here comes back from nowhere: a slip of the finger must not be enough, nor a script. */
async function demandNames(own: readonly string[], terminal: Terminal): Promise<void> {
  for (const bucket of own) {
    const typed = terminal.canAsk
      ? await terminal.ask(`Type ${bucket} to delete it with all that is in it: `)
      : undefined;
    if (typed?.trim() !== bucket) throw new ProblemError(problem('not-typed', { bucket }));
  }
}
