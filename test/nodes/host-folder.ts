import { type ChildProcess, type StdioOptions, spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { root } from '../shipped.ts';

const SCRIPTS = join(root, 'blueprints', 'slurm', 'node');
const LIB = 'usr/local/lib/clusterdrop';
/** The beginning of a path that is the host's own; all others are this machine's. */
const OWN = /(?<=^|[\s"'=<>(])\/(?=(?:etc|home|run|var|proc\/net|usr\/local)\/|proc\/uptime)/gm;

const SETTINGS = {
  PLACE: 'containers',
  ROLE: 'master',
  CLUSTER: 'mycluster',
  ACCOUNT: 'alice',
  PROFILES: 'all alice',
  LOGIN: 'login',
  POLICY: 'enabled',
  INITIAL_NODES: 0,
  MAX_NODES: 4,
  NODE_CPUS: 2,
  NODE_MEMORY_MB: 3891,
  SHRINK_AFTER: 60,
};

/** Only root makes files of others. */
export const isRoot = process.getuid?.() === 0;

/** A host of a `slurm` cluster in a folder: the scripts that are shipped, whose absolute paths lead there, and no daemons. */
export class HostFolder {
  readonly dir = mkdtempSync(join(tmpdir(), 'host-folder-'));

  constructor(settings: Readonly<Record<string, string | number>> = {}) {
    for (const name of readdirSync(SCRIPTS, { recursive: true, encoding: 'utf8' })) {
      const file = join(SCRIPTS, name);
      if (!statSync(file).isFile()) continue;
      this.write(join(LIB, name), readFileSync(file, 'utf8').replace(OWN, `${this.dir}/`));
      chmodSync(this.path(LIB, name), 0o755);
    }
    for (const folder of [
      'etc/slurm',
      'home/.clusterdrop',
      'run/clusterdrop/state',
      'run/clusterdrop/daemons',
    ])
      mkdirSync(this.path(folder), { recursive: true });
    mkdirSync(this.path('var/log/clusterdrop'), { recursive: true });
    this.set(settings);
  }

  /** What `/etc/clusterdrop/settings` says from now on. */
  set(settings: Readonly<Record<string, string | number>>): void {
    const lines = Object.entries({ ...SETTINGS, ...settings }).map(([key, value]) => `${key}='${value}'\n`);
    this.write('etc/clusterdrop/settings', lines.join(''));
  }

  path(...names: string[]): string {
    return join(this.dir, ...names);
  }

  write(name: string, text: string): void {
    mkdirSync(dirname(this.path(name)), { recursive: true });
    writeFileSync(this.path(name), text);
  }

  read(name: string): string {
    return readFileSync(this.path(name), 'utf8');
  }

  has(name: string): boolean {
    return existsSync(this.path(name));
  }

  /** Puts a shell script in the place of a command of the system, such as one of Slurm's. */
  command(name: string, script: string): void {
    this.write(`bin/${name}`, `#!/bin/bash\n${script}\n`);
    chmodSync(this.path('bin', name), 0o755);
  }

  withoutCommand(name: string): void {
    rmSync(this.path('bin', name));
  }

  /** Runs what may follow in a step of a boot, or in `tend`. */
  run(script: string): { readonly code: number | null; readonly out: string; readonly err: string } {
    const { status, stdout, stderr } = spawnSync('bash', ['-c', this.#within(script)], this.#options());
    return { code: status, out: String(stdout), err: String(stderr) };
  }

  begin(script: string): ChildProcess {
    // It goes on until it is killed.
    const { timeout: _, ...options } = this.#options();
    return spawn('bash', ['-c', this.#within(`exec ${script}`)], options);
  }

  #within(script: string): string {
    return `set -u
LIB=${this.path(LIB)} LOGS=${this.path('var/log/clusterdrop')} SHARED=${this.path('home/.clusterdrop')}
. ${this.path('etc/clusterdrop/settings')}
. "$LIB/notices"
. "$LIB/place/$PLACE"
${script}`;
  }

  #options() {
    const stdio: StdioOptions = ['ignore', 'pipe', 'pipe'];
    // A script that hangs fails.
    return {
      cwd: '/',
      stdio,
      timeout: 15_000,
      killSignal: 'SIGKILL' as const,
      env: { PATH: `${this.path('bin')}:${process.env['PATH']}`, LANG: 'C.UTF-8' },
    };
  }

  remove(): void {
    rmSync(this.dir, { recursive: true, force: true });
  }
}
