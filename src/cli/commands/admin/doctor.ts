import { type Finding, worstOf } from '../../../core/finding.ts';
import { examine } from '../../../engine/examining/examine.ts';
import { answer } from '../../answer.ts';
import type { Command, Terminal } from '../../command.ts';
import { findingWords } from '../../finding-words.ts';
import { openAdminStores } from '../../open-stores.ts';
import { PLACE, type ReadOptions, readOptions } from '../../options.ts';
import { type Place, placeOf } from '../../place-of.ts';
import { storeUrl } from '../../store-url.ts';

export const adminDoctor: Command = {
  help: `Usage: clusterdrop admin doctor [--type TYPE]...

Looks at a whole installation, and says in words what is wrong and how to mend it.
Changes nothing. "fail": something does not work. "warn": it works, but have a look.
Exit code 0 when nothing fails, else 3.

  --type TYPE   an EC2 instance type that your users want: which zones have it, and
                what your account may run of its kind; may be given several times
  --store URL   the installation: s3://BUCKET (or CLUSTERDROP_STORE). Here it may be
                the administrator's bucket too
  --dir DIR     the same in a folder (or CLUSTERDROP_DIR; default ./clusterdrop-data)
  --json        one JSON document`,

  async run(args, terminal) {
    const options = readOptions(
      {
        command: 'admin doctor',
        options: { ...PLACE, type: { wants: 'the name of an instance type', several: true } },
      },
      args,
    );
    const place = placeOf(options, terminal);
    const findings = await (place.kind === 'bucket'
      ? examineAccount(place, options, terminal)
      : examineFolder(place.dir, options, terminal));
    const worst = worstOf(findings);
    answer(terminal, options, { worst, findings }, () => findingWords(findings));
    return worst === 'fail' ? 3 : 0;
  },
};

async function examineAccount(
  { bucket, from }: Extract<Place, { kind: 'bucket' }>,
  options: ReadOptions,
  terminal: Terminal,
): Promise<readonly Finding[]> {
  // The SDK is large, and whoever works with a folder does without it.
  const [{ awsAccess }, { callProblem }, { usualRegion }, { openSubject }, { AWS_CHECKS }] =
    await Promise.all([
      import('../../../aws/access.ts'),
      import('../../../aws/call-problem.ts'),
      import('../../../aws/users-bucket.ts'),
      import('../../../aws/examining/open-subject.ts'),
      import('../../../aws/examining/aws-checks.ts'),
    ]);
  const subject = await openSubject({
    access: awsAccess(terminal.env),
    bucket,
    guess: await usualRegion(terminal.env),
    now: terminal.now(),
    flags: from === 'option' ? ` --store ${storeUrl(bucket)}` : '',
    types: options.all('type').map((type) => type.trim().toLowerCase()),
  });
  return watched(options, terminal, (onDone) =>
    examine({ checks: AWS_CHECKS, subject, problemOf: callProblem, onDone }),
  );
}

async function examineFolder(
  dir: string,
  options: ReadOptions,
  terminal: Terminal,
): Promise<readonly Finding[]> {
  const { flags, clock } = await openAdminStores(options, terminal);
  const [{ localWorld }, { foldersOf }, { LOCAL_CHECKS }] = await Promise.all([
    import('../../../local/world.ts'),
    import('../../../local/open-folder-stores.ts'),
    import('../../../local/examining/local-checks.ts'),
  ]);
  const log = { turn: () => undefined, answered: () => undefined, trouble: () => undefined };
  const world = await localWorld({ dir, speed: 1, log, clock, environment: terminal.env });
  const subject = {
    ...world,
    now: clock.now(),
    flags,
    environment: terminal.env,
    faultsFile: foldersOf(dir).faults,
    hostsFolder: foldersOf(dir).hosts,
  };
  return watched(options, terminal, (onDone) => examine({ checks: LOCAL_CHECKS, subject, onDone }));
}

/** How many are still under way, for somebody who watches. */
async function watched<T>(
  options: ReadOptions,
  terminal: Terminal,
  work: (onDone: (check: string, left: number) => void) => Promise<T>,
): Promise<T> {
  const clear = '\r\u001b[2K';
  const isSilent = options.has('json') || !terminal.isInteractive;
  return work((_, left) => {
    if (!isSilent) terminal.err(left > 0 ? `${clear}${left} more to look at` : clear);
  });
}
