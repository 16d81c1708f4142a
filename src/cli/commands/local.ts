import { relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { eventLine } from '../../core/report/event-line.ts';
import type { Log } from '../../engine/world.ts';
import { foldersOf } from '../../local/open-folder-stores.ts';
import { FIRST_USER, prepareFolder } from '../../local/prepare-folder.ts';
import { runLocal } from '../../local/run-local.ts';
import { localWorld } from '../../local/world.ts';
import type { Command, Terminal } from '../command.ts';

const DEFAULT_SPEED = 20;

export const local: Command = {
  summary: 'run everything on this machine, with no account',
  help: `Usage: clusterdrop local [--dir DIR] [--speed N]

Runs the whole system on this machine: the buckets are folders, clusters are
simulated, mail goes into a folder. Stops on Ctrl-C; nothing is lost.

  --dir DIR    where it lives (default: ./clusterdrop-data)
  --speed N    how many times faster than AWS clusters come and go (default: ${DEFAULT_SPEED})`,

  async run(args, terminal) {
    const { values } = parseArgs({
      args: [...args],
      options: { dir: { type: 'string' }, speed: { type: 'string' } },
    });
    const speed = Number(values.speed ?? DEFAULT_SPEED);
    const dir = resolve(terminal.cwd, values.dir ?? terminal.env['CLUSTERDROP_DIR'] ?? 'clusterdrop-data');
    const isNew = await prepareFolder(dir);
    terminal.out(welcome(dir, isNew, terminal));
    const world = await localWorld({ dir, speed, log: printed(terminal) });
    await runLocal(world, terminal.signal);
    terminal.out('\nStopped. Clusters go on where they are when you start again.\n');
    return 0;
  },
};

function welcome(dir: string, isNew: boolean, { cwd }: Terminal): string {
  const home = `${relative(cwd, foldersOf(dir).bucket) || '.'}/home/${FIRST_USER}`;
  return `${isNew ? 'Made a new installation' : 'Running the installation'} in ${dir} (clusters are simulated).

In another terminal, start a cluster, and later end it:

    cp ${home}/example.json ${home}/mycluster.cf-create
    touch ${home}/mycluster.cf-delete

Watching ${home} and its neighbours. Ctrl-C stops.

`;
}

/** One line for each turn of events; what was said already is not said again. */
function printed(terminal: Terminal): Log {
  const said = new Map<string, string>();
  return {
    turn(cluster, decision) {
      const name = `${cluster.bucket}/${cluster.path}`;
      if (said.get(name) === decision.why) return;
      said.set(name, decision.why);
      terminal.out(`${eventLine(Date.now(), cluster, decision)}\n`);
    },
    trouble(about, problem) {
      terminal.err(`${about}: ${problem.message}\n    ${problem.fix}\n`);
    },
  };
}
