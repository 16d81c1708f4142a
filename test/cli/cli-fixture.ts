import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../src/cli/run.ts';
import { Attendant } from '../../src/engine/attendant.ts';
import { openFolderStores } from '../../src/local/open-folder-stores.ts';
import { prepareFolder } from '../../src/local/prepare-folder.ts';
import { watchOnce } from '../../src/local/run-local.ts';
import { localWorld } from '../../src/local/world.ts';

export interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface RunOptions {
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly interactive?: boolean;
  /** What somebody at the terminal types; with none, nobody sits there. */
  readonly answers?: readonly (string | undefined)[];
  /** Somebody sits there, though nothing is asked. */
  readonly canAsk?: boolean;
  /** Ctrl-C after so many pauses. */
  readonly stopAfter?: number;
  /** Ctrl-C before anything else. */
  readonly stopped?: boolean;
  /** Called in each pause: what the world does meanwhile. */
  readonly meanwhile?: (pauses: number) => Promise<void> | void;
}

/** A folder with an installation, a system that attends to it, and a command line: all on one clock, which only pauses move. */
export async function openCli({ prepared = true } = {}) {
  const base = mkdtempSync(join(tmpdir(), 'clusterdrop-cli-'));
  const dir = join(base, 'clusterdrop-data');
  let offset = 0;
  const clock = { now: () => Date.now() + offset };
  if (prepared) await prepareFolder(dir);
  const system = prepared ? await attended(dir, clock) : undefined;
  let isRunning = prepared;

  /** Lets time pass, and the system do what is due. */
  async function advance(ms: number): Promise<void> {
    offset += ms;
    if (isRunning) await system?.attend();
  }

  const cli = commandLine({ base, clock, advance });
  const home = join(dir, 'bucket', 'home', 'alice');
  return {
    base,
    dir,
    home,
    cli,
    advance,
    clock,
    stores: () => openFolderStores(dir, clock),
    /** The system goes or comes back. */
    setRunning: (value: boolean) => void (isRunning = value),
    close: () => rmSync(base, { recursive: true, force: true }),
  };
}

/** Somebody at a command line in the folder `base`. Their pauses are the only time that passes. */
export function commandLine({
  base,
  clock,
  advance,
}: {
  readonly base: string;
  readonly clock: { now(): number };
  readonly advance: (ms: number) => Promise<void>;
}) {
  return async (args: readonly string[], options: RunOptions = {}): Promise<Said> => {
    let [out, err, pauses] = ['', '', 0];
    const stop = new AbortController();
    if (options.stopped) stop.abort();
    const answers = [...(options.answers ?? [])];
    const code = await run(args, {
      out: (text) => void (out += text),
      err: (text) => void (err += text),
      // Whatever a test forgets, nothing but an emulator on this machine is ever called.
      env: { CLUSTERDROP_LOOPBACK_ONLY: '1', ...options.env },
      cwd: base,
      isInteractive: options.interactive ?? false,
      signal: stop.signal,
      now: () => clock.now(),
      pause: async (ms) => {
        pauses++;
        if (pauses > 2000) throw new Error('the command waits for ever');
        await options.meanwhile?.(pauses);
        await advance(ms);
        if (pauses === options.stopAfter) stop.abort();
      },
      readInput: async () => new TextEncoder().encode(options.input ?? ''),
      canAsk: options.canAsk ?? answers.length > 0,
      ask: async (question) => {
        err += question;
        return answers.shift();
      },
      // Programs are found where the test puts them, and nowhere else.
      launch: async (program, words) => {
        const env = { PATH: options.env?.['PATH'] ?? '/nonexistent' };
        const ran = spawnSync(program, words, { env, cwd: base, encoding: 'utf8' });
        if (ran.error) throw ran.error;
        out += ran.stdout;
        err += ran.stderr;
        return ran.status ?? 1;
      },
    });
    return { code, out, err };
  };
}

export type Cli = Awaited<ReturnType<typeof openCli>>;

async function attended(dir: string, clock: { now: () => number }) {
  const log = { turn: () => {}, answered: () => {}, trouble: () => {} };
  const world = await localWorld({ dir, speed: 100, clock, log, environment: {} });
  const attendant = new Attendant({ world });
  const seen = new Map<string, string>();
  return {
    async attend() {
      await watchOnce(world, attendant, seen);
      for (const user of await world.ledgers.users())
        for (const { cluster } of Object.values((await world.ledgers.read(user)).clusters))
          attendant.nudge({ kind: 'cluster', cluster });
      attendant.tick();
      await attendant.settled();
    },
  };
}

/** What differs from run to run is written as what it is. */
export function steady(text: string): string {
  return text
    .replace(/\b[0-9a-f]{64}\b/g, '<drop>')
    .replace(/-[0-9a-f]{16}\b/g, '-<identity>')
    .replace(/\b(?:192\.0\.2|198\.51\.100|203\.0\.113)\.\d+\b/g, '<address>')
    .replace(/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, '<instant>')
    .replace(/\b[A-Z][a-z]{2} \d+ [A-Z][a-z]{2} \d{4}, \d\d:\d\d UTC/g, '<date>')
    .replace(/\b\d{4}-\d\d-\d\d \d\d:\d\d\b/g, '<minute>')
    .replace(/^\d\d:\d\d:\d\d /gm, '<time> ')
    .replace(/(?<=list prices of )\d{4}-\d\d-\d\d/g, '<day>');
}

/** A table whose columns are as wide as what differs from run to run. */
export function columns(text: string): string {
  return steady(text).replace(/ {2,}/g, '  ');
}
