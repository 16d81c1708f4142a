import { ProblemError, problem } from '../../core/problems.ts';
import { visibleLine } from '../../core/report/visible.ts';
import { foldersOf } from '../../local/open-folder-stores.ts';
import { FIRST_USER, prepareFolder } from '../../local/prepare-folder.ts';
import { runLocal } from '../../local/run-local.ts';
import { localWorld } from '../../local/world.ts';
import type { Command, Terminal } from '../command.ts';
import { folderOf } from '../open-stores.ts';
import { COMMON, type ReadOptions, readOptions } from '../options.ts';
import { DEFAULT_FOLDER } from '../place-of.ts';
import { printedLog } from '../printed-log.ts';
import { shownPath } from '../shown-path.ts';

const DEFAULT_SPEED = 20;
const MOST_SPEED = 1_000_000;

export const local: Command = {
  help: `Usage: clusterdrop local [--dir DIR] [--speed N]

Runs the whole system on this machine: the buckets are folders, clusters are
simulated, mail goes into a folder. Stops on Ctrl-C; nothing is lost.

  --dir DIR    where it lives (or CLUSTERDROP_DIR; default ./${DEFAULT_FOLDER})
  --speed N    how many times faster than AWS clusters come and go (default: ${DEFAULT_SPEED})
  --json       one JSON document per line for each turn of events, and nothing else`,

  async run(args, terminal) {
    const options = readOptions(
      {
        command: 'local',
        options: { ...COMMON, dir: { wants: 'a folder' }, speed: { wants: SPEED_WORDS } },
      },
      args,
    );
    const speed = speedOf(options);
    const dir = folderOf(options, terminal);
    const isNew = await prepareFolder(dir);
    const json = options.has('json');
    if (!json) terminal.out(welcome(dir, isNew, terminal));
    const world = await localWorld({
      dir,
      speed,
      log: printedLog(terminal, json),
      environment: terminal.env,
    });
    await runLocal(world, terminal.signal);
    if (!json) terminal.out('\nStopped. Clusters go on where they are when you start again.\n');
    return 0;
  },
};

const SPEED_WORDS = `a number above 0, at most ${MOST_SPEED}`;

function speedOf(options: ReadOptions): number {
  const text = options.get('speed');
  if (text === undefined) return DEFAULT_SPEED;
  const speed = Number(text);
  if (text.trim() !== '' && speed > 0 && speed <= MOST_SPEED) return speed;
  throw new ProblemError(problem('bad-option', { option: '--speed', found: text, wants: SPEED_WORDS }));
}

function welcome(dir: string, isNew: boolean, { cwd, env }: Terminal): string {
  // Started by `npm start` in a checkout, nothing has put the command on the path.
  const program = env['npm_lifecycle_event'] === 'start' ? 'node dist/clusterdrop.js' : 'clusterdrop';
  const home = `${foldersOf(dir).bucket}/home/${FIRST_USER}`;
  const path = (name: string) => shownPath(`${home}/${name}`, cwd);
  return `${isNew ? 'Made a new installation' : 'Running the installation'} in ${visibleLine(dir)} (clusters are simulated).

In another terminal, start a cluster, and later end it:

    cp ${path('example.json')} ${path('mycluster.cf-create')}
    touch ${path('mycluster.cf-delete')}

"${program} help" shows commands that do the same and tell you more.
Watching ${shownPath(home, cwd)} and its neighbours. Ctrl-C stops.

`;
}
