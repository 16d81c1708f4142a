import { durationOf } from '../../core/duration.ts';
import { MINUTE, SECOND } from '../../core/instant.ts';
import { ProblemError, problem } from '../../core/problems.ts';
import { visibleLine } from '../../core/report/visible.ts';
import type { Command } from '../command.ts';
import { openAdminStores } from '../open-stores.ts';
import { PLACE, type ReadOptions, readOptions } from '../options.ts';
import { printedLog } from '../printed-log.ts';

const SWEEP_WORDS = 'a length of time of at least 5s, such as 5m';

export const serveCommand: Command = {
  help: `Usage: clusterdrop serve [--store s3://BUCKET] [--sweep-every T] [--no-queue]

Does what the installation's functions do, as a process that lives on, on any
machine whose AWS rights suffice: it takes nudges out of the queue, and looks
through everything now and then. It may run beside the functions, or several
times. Stops on Ctrl-C; nothing is lost.

  --sweep-every T  how often everything is looked through (default: 5m with a
                   queue, 15s without)
  --no-queue       look through everything instead of waiting for nudges; this is
                   what happens anyway where an installation has no queue
  --store s3://B   the users' bucket of the installation (or CLUSTERDROP_STORE)
  --json           one JSON document per line for each turn of events`,

  async run(args, terminal) {
    const options = readOptions(
      {
        command: 'serve',
        options: { ...PLACE, 'sweep-every': { wants: SWEEP_WORDS }, 'no-queue': { wants: 'flag' } },
      },
      args,
    );
    const sweepEvery = sweepEveryOf(options);
    const { admin } = await openAdminStores(options, terminal);
    const [{ readAwsInstallation }, { awsWorld }, { serve }] = await Promise.all([
      import('../../aws/aws-installation.ts'),
      import('../../aws/world.ts'),
      import('../../aws/serve.ts'),
    ]);
    const installation = await readAwsInstallation(admin.store);
    if (!installation) throw new ProblemError(problem('not-on-aws', { bucket: admin.store.bucket }));
    const json = options.has('json');
    const world = await awsWorld({
      adminBucket: admin.store.bucket,
      region: installation.aws.region,
      environment: terminal.env,
      log: () => printedLog(terminal, json),
    });
    const queueUrl = options.has('no-queue') ? undefined : installation.aws.queueUrl;
    if (!json) terminal.out(welcome(installation.aws.buckets, queueUrl !== undefined));
    await serve({
      world,
      queueUrl,
      signal: terminal.signal,
      pause: (milliseconds) => terminal.pause(milliseconds),
      ...(sweepEvery !== undefined && { sweepEvery }),
    });
    if (!json) terminal.out('\nStopped. Clusters go on where they are.\n');
    return 0;
  },
};

function sweepEveryOf(options: ReadOptions): number | undefined {
  const text = options.get('sweep-every');
  if (text === undefined) return undefined;
  const duration = durationOf(text);
  if (duration !== undefined && duration >= 5 * SECOND && duration <= 60 * MINUTE) return duration;
  throw new ProblemError(problem('bad-option', { option: '--sweep-every', found: text, wants: SWEEP_WORDS }));
}

function welcome(buckets: readonly string[], hasQueue: boolean): string {
  const where = buckets.map((bucket) => `s3://${visibleLine(bucket)}`).join(', ');
  return `Serving ${where}, ${hasQueue ? 'from its queue' : 'by looking through everything now and then'}. Ctrl-C stops.\n\n`;
}
