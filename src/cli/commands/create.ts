import type { Cluster } from '../../core/identity.ts';
import { readableOf } from '../../core/instant.ts';
import { priceText } from '../../core/price.ts';
import { type Problem, ProblemError, problem } from '../../core/problems.ts';
import type { Checked } from '../../engine/client/check-request.ts';
import { putDrop } from '../../engine/client/put-drop.ts';
import { answer, jsonText } from '../answer.ts';
import type { Command, Terminal } from '../command.ts';
import { openStores, type Stores } from '../open-stores.ts';
import { PERSON, type ReadOptions, readOptions } from '../options.ts';
import { readRequestFile } from '../read-request-file.ts';
import { REQUEST_OPTIONS, requestOf, requestOptionsHelp } from '../request-options.ts';
import { exitCodeOf, fileProblems } from '../tell-problems.ts';
import { timeoutOf, waitForDrop } from '../wait-for-drop.ts';
import { clusterNamed, nameOf, whichUser } from '../which-user.ts';

export const create: Command = {
  help: `Usage: clusterdrop create [FOLDER/]NAME [--file FILE | settings] [--wait]

Starts a cluster, by dropping NAME.cf-create into your folder. For a cluster that
runs it changes the settings that are named, and no others.

  --file FILE   the request, as JSON; - reads standard input
  --wait        show how far it is, and end when the cluster is ready (exit code 0)
                or cannot be had. Ctrl-C only ends the waiting
  --timeout T   wait no longer than this, such as 30m
  --no-check    drop the file without looking for mistakes first
  --user NAME   whose cluster (or CLUSTERDROP_USER; default: you, or the only one)
  --store URL   the installation: s3://BUCKET (or CLUSTERDROP_STORE)
  --dir DIR     the same in a folder (or CLUSTERDROP_DIR; default ./clusterdrop-data)
  --json        one JSON document

Settings; those left out take their defaults ("clusterdrop check FILE" shows them):

${requestOptionsHelp()}`,

  async run(args, terminal) {
    const options = readOptions(
      {
        command: 'create',
        options: {
          ...PERSON,
          ...REQUEST_OPTIONS,
          file: { wants: 'the name of a request file, or - for standard input' },
          wait: { wants: 'flag' },
          timeout: { wants: 'a length of time such as 30m' },
          'no-check': { wants: 'flag' },
        },
        needs: ['the name of the cluster'],
      },
      args,
    );
    timeoutOf(options);
    const request = await requestFrom(options, terminal);
    const stores = await openStores(options, terminal);
    const user = await whichUser(stores, options, terminal);
    const cluster = clusterNamed(stores.users.bucket, user, options.args[0] ?? '');
    const checked = options.has('no-check') ? undefined : await checkFirst(stores, cluster, request.bytes);
    if (checked && checked.problems.length > 0) return refused(checked, request, options, terminal);
    const drop = await putDrop(stores.users, cluster, 'create', request.bytes);
    if (!options.has('json') && checked) terminal.out(acceptedWords(cluster, checked, terminal.now()));
    if (options.has('wait')) return waitForDrop(drop, stores, options, terminal);
    answer(
      terminal,
      options,
      { user, name: nameOf(cluster), path: cluster.path, drop: drop.id, outcome: 'dropped', problems: [] },
      () => nextWords(cluster, stores.flags),
    );
    return 0;
  },
};

interface Asked {
  readonly bytes: Uint8Array;
  /** Made from options: then a line and a column mean nothing to anybody. */
  readonly file: string | undefined;
}

async function requestFrom(options: ReadOptions, terminal: Terminal): Promise<Asked> {
  const file = options.get('file');
  const { text, given } = requestOf(options);
  if (file !== undefined && given[0] !== undefined) {
    const why = 'what the file says would no longer hold';
    throw new ProblemError(problem('clashing-options', { one: '--file', other: given[0], why }));
  }
  return file === undefined
    ? { bytes: new TextEncoder().encode(text || '{}\n'), file }
    : { bytes: await readRequestFile(file, terminal), file };
}

async function checkFirst(stores: Stores, cluster: Cluster, bytes: Uint8Array): Promise<Checked> {
  const [{ checkRequest }, { checkSources }] = await Promise.all([
    import('../../engine/client/check-request.ts'),
    import('../check-sources.ts'),
  ]);
  return checkRequest(await checkSources(stores), cluster, bytes);
}

function refused(checked: Checked, { file }: Asked, options: ReadOptions, terminal: Terminal): number {
  const problems = file === undefined ? checked.problems.map(withoutPlace) : checked.problems;
  if (options.has('json')) terminal.out(jsonText({ problems }));
  else terminal.err(fileProblems('Nothing was dropped:', problems, checked.text));
  return exitCodeOf(problems);
}

function withoutPlace(one: Problem): Problem {
  const { at: _, ...rest } = one;
  return rest;
}

function acceptedWords(
  cluster: Cluster,
  { running, changes, settings, price }: Checked,
  now: number,
): string {
  const rate = price ? ` It costs ${priceText(price)}.` : '';
  if (running) {
    const what = changes && changes.length > 0 ? changes.join(', ') : 'nothing in it';
    return `Dropped ${nameOf(cluster)}.cf-create. ${cluster.name} runs, and this changes ${what}.${rate}\n`;
  }
  const end = settings ? ` It would end on ${readableOf(now + settings.Lifetime)}.` : '';
  return `Dropped ${nameOf(cluster)}.cf-create.${rate}${end}\n`;
}

function nextWords(cluster: Cluster, flags: string): string {
  const name = nameOf(cluster);
  return `
How far it is:  clusterdrop status ${name}${flags} --watch
To end it:      clusterdrop delete ${name}${flags}
`;
}
