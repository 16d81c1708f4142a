import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { until } from './until.ts';

const PROGRAM = join(import.meta.dirname, '..', '..', 'dist', 'clusterdrop.js');
const SPEED = '60';

/** The demo's own surroundings: nobody's settings reach it, so it sends no real mail and touches no other installation. */
const env = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !name.startsWith('CLUSTERDROP_')),
);

/** The built program as people run it: a process of its own, in a folder of its own. */
export class System {
  readonly dir: string;
  #child: ChildProcess | undefined;
  #printed = '';

  constructor(dir: string) {
    this.dir = dir;
  }

  async start(): Promise<void> {
    if (!existsSync(PROGRAM)) throw new Error('dist/clusterdrop.js is missing: run "npm run build" first');
    this.#printed = '';
    this.#child = spawn(
      process.execPath,
      [PROGRAM, 'local', '--hosts', 'simulated', '--dir', this.dir, '--speed', SPEED],
      {
        env,
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    this.#child.stdout?.on('data', (data: Buffer) => (this.#printed += data.toString()));
    await until('the system to start', () => this.#printed.includes('Ctrl-C stops'));
  }

  /** Ends the process by its own id and waits until it has gone. @returns its exit code; `null` when the signal ended it. */
  async end(signal: 'SIGINT' | 'SIGKILL'): Promise<number | null> {
    const child = this.#child;
    if (!child) return null;
    child.kill(signal);
    await until('the system to end', () => child.exitCode !== null || child.signalCode !== null);
    this.#child = undefined;
    return child.exitCode;
  }

  /** Without waiting, for whatever way the demo itself ends. */
  abandon(): void {
    this.#child?.kill('SIGKILL');
  }

  /** What it said last. */
  get lastLine(): string {
    return this.#printed.trim().split('\n').at(-1) ?? '';
  }

  /** Another `clusterdrop` command, run to its end. @returns what it prints. */
  command(...args: readonly string[]): string {
    return execFileSync(process.execPath, [PROGRAM, ...args, '--dir', this.dir], { env, encoding: 'utf8' });
  }
}
