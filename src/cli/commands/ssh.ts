import { ProblemError, problem } from '../../core/problems.ts';
import { exactWord } from '../../core/report/exact-word.ts';
import { answer } from '../answer.ts';
import type { Command, Terminal } from '../command.ts';
import { type Login, loginTo, prepareKnownHosts } from '../login-command.ts';
import { openStores } from '../open-stores.ts';
import { PERSON, readOptions } from '../options.ts';
import { untilRunning } from '../until-running.ts';
import { timeoutOf } from '../wait-for-drop.ts';
import { clusterNamed, nameOf, whichUser } from '../which-user.ts';
import { demandCluster } from './status.ts';

export const ssh: Command = {
  help: `Usage: clusterdrop ssh [FOLDER/]NAME [-- COMMAND...]

Logs in to a cluster, or runs a command there; one that is still being made is waited
for. Shows the ssh command that it runs; without a terminal and without a command it
only shows it. The exit code is ssh's.

    clusterdrop ssh mycluster
    clusterdrop ssh mycluster -- squeue --long

Each cluster has a file of known host keys of its own, so that an address that some
other machine had before frightens nobody. The command's words are joined by blanks
and read by the shell of the cluster, as ssh always does.

  --print       show the command on standard output; wait for nothing, run nothing
  --timeout T   wait no longer than this, such as 30m
  --user NAME   whose cluster (or CLUSTERDROP_USER; default: you, or the only one)
  --store URL   the installation: s3://BUCKET (or CLUSTERDROP_STORE)
  --dir DIR     the same in a folder (or CLUSTERDROP_DIR; default ./clusterdrop-data)
  --json        one JSON document; wait for nothing, run nothing`,

  async run(args, terminal) {
    const end = args.indexOf('--');
    const options = readOptions(
      {
        command: 'ssh',
        options: {
          ...PERSON,
          print: { wants: 'flag' },
          timeout: { wants: 'a length of time such as 30m' },
        },
        needs: ['the name of a cluster'],
      },
      end < 0 ? args : args.slice(0, end),
    );
    const timeout = timeoutOf(options);
    const command = end < 0 ? [] : args.slice(end + 1);
    const stores = await openStores(options, terminal);
    const user = await whichUser(stores, options, terminal);
    const cluster = clusterNamed(stores.users.bucket, user, options.args[0] ?? '');
    const isOnlyShown =
      options.has('print') || options.has('json') || (command.length === 0 && !terminal.canAsk);
    const first = await demandCluster(stores, cluster, terminal);
    const view = isOnlyShown ? first : await untilRunning(first, stores, terminal, timeout);
    if (!view) return 130;
    const simulated = view.status?.simulated === true;
    if (simulated && !isOnlyShown)
      throw new ProblemError(problem('only-simulated', { name: nameOf(cluster) }));
    const login = loginTo(view, stores, terminal);
    const words = ['ssh', ...login.args, ...command];
    const line = words.map(exactWord).join(' ');
    if (isOnlyShown) {
      prepareKnownHosts(login);
      const { account, address, port, keyFile = null } = login;
      answer(
        terminal,
        options,
        { name: nameOf(cluster), user, account, address, port, keyFile, command: words, simulated },
        () => `${line}\n`,
      );
      if (simulated) terminal.err('It is simulated: nothing answers at that address.\n');
      return 0;
    }
    terminal.err(`${line}\n`);
    return await launched(login, command, terminal);
  },
};

/** @returns the exit code of ssh. @throws ProblemError `no-ssh` */
async function launched(login: Login, command: readonly string[], terminal: Terminal): Promise<number> {
  prepareKnownHosts(login);
  try {
    return await terminal.launch('ssh', [...login.args, ...command]);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new ProblemError(problem('no-ssh', { program: 'ssh' }));
  }
}
