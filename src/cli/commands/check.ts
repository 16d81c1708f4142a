import { basename } from 'node:path';
import { clusterAt, NAME } from '../../core/identity.ts';
import { checkRequest } from '../../engine/client/check-request.ts';
import { jsonText } from '../answer.ts';
import { checkSources } from '../check-sources.ts';
import { checkDocument, checkWords } from '../check-words.ts';
import type { Command, Terminal } from '../command.ts';
import { openStores, type Stores } from '../open-stores.ts';
import { PERSON, type ReadOptions, readOptions } from '../options.ts';
import { placeOf } from '../place-of.ts';
import { readRequestFile } from '../read-request-file.ts';
import { exitCodeOf } from '../tell-problems.ts';
import { whichUser } from '../which-user.ts';

export const check: Command = {
  help: `Usage: clusterdrop check FILE

Says what a request file would come to, without dropping anything: every mistake
in it with its place, the settings and where each comes from, the template's
parameters, the price, and your limits. - reads standard input.

  --name NAME   the cluster it is for (default: the name of the file). For one that
                runs, the file is judged as a change of it
  --user NAME   who would drop it (or CLUSTERDROP_USER; default: you, or the only one)
  --store URL   the installation: s3://BUCKET (or CLUSTERDROP_STORE)
  --dir DIR     the same in a folder (or CLUSTERDROP_DIR; default ./clusterdrop-data);
                without one, only the file itself is judged
  --json        one JSON document`,

  async run(args, terminal) {
    const options = readOptions(
      {
        command: 'check',
        options: { ...PERSON, name: { wants: 'the name of a cluster' } },
        needs: ['the name of a request file, or - for standard input'],
      },
      args,
    );
    const file = options.args[0] ?? '';
    const bytes = await readRequestFile(file, terminal);
    const stores = await storesIfAny(options, terminal);
    const user = stores ? await whichUser(stores, options, terminal) : 'you';
    const cluster = clusterAt(stores?.users.bucket ?? '', `home/${user}/${clusterName(options, file)}`);
    const sources = await checkSources(stores ?? { clock: { now: () => terminal.now() } });
    const checked = await checkRequest(sources, cluster, bytes);
    const shown = file === '-' ? 'standard input' : basename(file);
    terminal.out(
      options.has('json')
        ? jsonText({ file: shown, user: stores ? user : null, ...checkDocument(checked) })
        : checkWords(shown, user, checked),
    );
    return exitCodeOf(checked.problems);
  },
};

/** A file can be judged by itself, before there is any installation; one that was named must be there. */
async function storesIfAny(options: ReadOptions, terminal: Terminal): Promise<Stores | undefined> {
  try {
    return await openStores(options, terminal);
  } catch (error) {
    if (options.get('user') !== undefined || placeOf(options, terminal).from !== 'default') throw error;
    return undefined;
  }
}

function clusterName(options: ReadOptions, file: string): string {
  const name = options.get('name') ?? basename(file).replace(/\..*$/, '');
  return NAME.test(name) ? name : 'mycluster';
}
