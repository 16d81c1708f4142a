import { isoOf } from '../../core/instant.ts';
import { ProblemError, problem } from '../../core/problems.ts';
import { visibleLine } from '../../core/report/visible.ts';
import { wrapped } from '../../core/report/words.ts';
import { type ChosenHosts, chooseHosts, HOST_KINDS, type HostKind } from '../../local/choose-hosts.ts';
import { ensureFirstKey } from '../../local/containers/first-key.ts';
import { DEFAULT_BASE, type HostingChoices } from '../../local/containers/open-hosting.ts';
import { foldersOf, openFolderStores } from '../../local/open-folder-stores.ts';
import { FIRST_USER, prepareFolder } from '../../local/prepare-folder.ts';
import { runLocal } from '../../local/run-local.ts';
import { localWorld } from '../../local/world.ts';
import { jsonLine } from '../answer.ts';
import type { Command, Terminal } from '../command.ts';
import { folderOf } from '../open-stores.ts';
import { COMMON, type ReadOptions, readOptions } from '../options.ts';
import { DEFAULT_FOLDER } from '../place-of.ts';
import { printedLog } from '../printed-log.ts';
import { shownPath } from '../shown-path.ts';
import { withLogins } from '../with-logins.ts';
import { cleanFolder } from './local-clean.ts';

const DEFAULT_SPEED = 20;
const MOST_SPEED = 1_000_000;

export const local: Command = {
  help: `Usage: clusterdrop local [--dir DIR] [--hosts containers|simulated|auto]
       clusterdrop local --clean [--dir DIR]

Runs the whole system on this machine: the buckets are folders, mail goes into a
folder, clusters are real Slurm hosts in containers (Docker or Podman), or simulated
where there is no container engine. Stops on Ctrl-C; nothing is lost, and clusters
go on where they are when you start again.

  --dir DIR           where it lives (or CLUSTERDROP_DIR; default ./${DEFAULT_FOLDER})
  --hosts KIND        containers, simulated, or auto: containers where an engine answers
                      (or CLUSTERDROP_HOSTS; default: auto)
  --base-image IMAGE  Debian image that the image of the hosts is built on
                      (or CLUSTERDROP_BASE_IMAGE; default: ${DEFAULT_BASE})
  --speed N           how many times faster than AWS simulated clusters come and go
                      (default: ${DEFAULT_SPEED})
  --clean             end all clusters in containers, their files saved, and remove every
                      container, network, volume and image of this folder
  --force             with --clean: also what has files that cannot be saved
  --json              one JSON document per line for each turn of events, and nothing else

The engine is found at DOCKER_HOST, else at the usual sockets of Docker and Podman.
As long as clusters live in one, no other one is taken.`,

  async run(args, terminal) {
    const options = readOptions(
      {
        command: 'local',
        options: {
          ...COMMON,
          dir: { wants: 'a folder' },
          speed: { wants: SPEED_WORDS },
          hosts: { wants: HOST_WORDS },
          'base-image': { wants: 'the name of an image' },
          clean: { wants: 'flag' },
          force: { wants: 'flag' },
        },
      },
      args,
    );
    const speed = speedOf(options);
    const wanted = hostsOf(options, terminal);
    const dir = folderOf(options, terminal);
    if (options.has('clean')) return cleanFolder(dir, options, terminal);
    const chosen = await chooseHosts(dir, wanted, terminal.env);
    const isNew = await prepareFolder(dir, chosen.kind === 'simulated');
    const json = options.has('json');
    const say = (text: string) => void (json || terminal.out(text));
    say(welcome(dir, isNew, chosen, terminal));
    const log = printedLog(terminal, json);
    const containers = hostingOf(chosen, options, terminal);
    const world = await localWorld({
      dir,
      speed,
      log: json ? log : withLogins(log, openFolderStores(dir).users, dir, terminal),
      environment: terminal.env,
      containers,
    });
    if (containers) {
      const { admin, users } = openFolderStores(dir);
      const home = terminal.env['HOME'];
      const key = await ensureFirstKey({ dir, user: FIRST_USER, admin, users, home });
      if (key !== undefined) say(`${visibleLine(key)}\n\n`);
    }
    await runLocal(world, terminal.signal);
    say('\nStopped. Clusters go on where they are when you start again.\n');
    return 0;
  },
};

const SPEED_WORDS = `a number above 0, at most ${MOST_SPEED}`;
const HOST_WORDS = 'containers, simulated or auto';

function speedOf(options: ReadOptions): number {
  const text = options.get('speed');
  if (text === undefined) return DEFAULT_SPEED;
  const speed = Number(text);
  if (text.trim() !== '' && speed > 0 && speed <= MOST_SPEED) return speed;
  throw new ProblemError(problem('bad-option', { option: '--speed', found: text, wants: SPEED_WORDS }));
}

function hostsOf(options: ReadOptions, { env }: Terminal): HostKind {
  const given = options.get('hosts');
  const text = given ?? (env['CLUSTERDROP_HOSTS'] || 'auto');
  const kind = HOST_KINDS.find((one) => one === text);
  if (kind !== undefined) return kind;
  const option = given === undefined ? 'CLUSTERDROP_HOSTS' : '--hosts';
  throw new ProblemError(problem('bad-option', { option, found: text, wants: HOST_WORDS }));
}

/** `CLUSTERDROP_SHRINK_AFTER`: idle seconds before a compute host goes. `CLUSTERDROP_BUILD_NETWORK`: as `docker build --network`. */
function hostingOf(
  chosen: ChosenHosts,
  options: ReadOptions,
  terminal: Terminal,
): HostingChoices | undefined {
  if (chosen.kind !== 'containers') return undefined;
  const { env } = terminal;
  const shrink = Number(env['CLUSTERDROP_SHRINK_AFTER'] || Number.NaN);
  return {
    opened: chosen.found,
    base: options.get('base-image') ?? (env['CLUSTERDROP_BASE_IMAGE'] || DEFAULT_BASE),
    buildNetwork: env['CLUSTERDROP_BUILD_NETWORK'] || undefined,
    shrinkAfter: shrink > 0 && shrink <= 86_400 ? Math.ceil(shrink) : undefined,
    progress: (text) => {
      const at = terminal.now();
      terminal.out(
        options.has('json')
          ? jsonLine({ at: isoOf(at), step: 'image', why: text })
          : `${isoOf(at).slice(11, 19)}  ${visibleLine(text, 300)}\n`,
      );
    },
  };
}

function welcome(dir: string, isNew: boolean, chosen: ChosenHosts, { cwd, env }: Terminal): string {
  // Started by `npm start` in a checkout, nothing has put the command on the path.
  const program = env['npm_lifecycle_event'] === 'start' ? 'node dist/clusterdrop.js' : 'clusterdrop';
  const home = `${foldersOf(dir).bucket}/home/${FIRST_USER}`;
  const path = (name: string) => shownPath(`${home}/${name}`, cwd);
  return `${isNew ? 'Made a new installation' : 'Running the installation'} in ${visibleLine(dir)} (${kindWords(chosen)}).
${realThing(chosen)}
In another terminal, start a cluster, and later end it:

    cp ${path('example.json')} ${path('mycluster.cf-create')}
    touch ${path('mycluster.cf-delete')}

"${program} help" shows commands that do the same and tell you more.
Watching ${shownPath(home, cwd)} and its neighbours. Ctrl-C stops.

`;
}

function kindWords(chosen: ChosenHosts): string {
  return chosen.kind === 'containers'
    ? `clusters are real: Slurm hosts in containers, since ${visibleLine(chosen.why)}`
    : 'clusters are simulated';
}

/** How to get real clusters, for somebody who did not ask for simulated ones. */
function realThing(chosen: ChosenHosts): string {
  if (chosen.kind === 'containers' || chosen.help === undefined) return '';
  const way = `Real ones compute, and let you log in. ${visibleLine(chosen.help, 600)} Then start this again.`;
  return `
They are simulated because ${visibleLine(chosen.why, 400)}.
${wrapped(way)}
`;
}
