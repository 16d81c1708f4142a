import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { Installation } from '../../src/core/installation.ts';
import { readStatus, type StatusFile } from '../../src/core/report/status-file.ts';
import { root } from '../shipped.ts';
import type { LabPlace } from './lab-place.ts';
import { until } from './until.ts';
import { World } from './world.ts';

const run = promisify(execFile);
const PROGRAM = join(root, 'dist', 'clusterdrop.js');
const INSIDE = join(import.meta.dirname, 'inside.sh');
/** What has not ended by then never will: whoever waits for it is told so, with the situation, before the test's own time is over. */
const LONGEST_COMMAND = 90_000;

/** What a command said, and how it ended. */
export interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** The built program as people run it, in a lab: a process of its own, with an installation and a home folder of its own. */
export class Running {
  /** All that it makes in the container engine. */
  readonly world: World;
  readonly dir: string;
  readonly home: string;
  readonly #lab: LabPlace;
  readonly #environment: Readonly<Record<string, string>>;
  #child: ChildProcess | undefined;
  #printed = '';

  /** @param environment what this one is told beside what all of them are told */
  constructor(lab: LabPlace, environment: Readonly<Record<string, string>> = {}) {
    this.#lab = lab;
    const folder = mkdtempSync(join(tmpdir(), 'clusterdrop-containers-'));
    this.dir = join(folder, 'installation');
    this.home = join(folder, 'home');
    mkdirSync(this.home);
    // Nothing of whoever runs the tests.
    this.#environment = {
      PATH: `${dirname(process.execPath)}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`,
      HOME: this.home,
      LANG: 'C.UTF-8',
      CLUSTERDROP_LOOPBACK_ONLY: '1',
      CLUSTERDROP_BUILD_NETWORK: 'none',
      CLUSTERDROP_DIR: this.dir,
      DOCKER_HOST: `unix://${lab.socket}`,
      ...environment,
    };
    this.world = new World(lab.socket, () => this.#installation());
  }

  #installation(): string {
    const path = join(this.dir, 'admin', 'installation.json');
    return (JSON.parse(readFileSync(path, 'utf8')) as Installation).id;
  }

  /** @param baseImage what hosts are made of, if not of the lab's own */
  async start(baseImage = this.#lab.baseImage): Promise<void> {
    if (!existsSync(PROGRAM)) throw new Error('dist/clusterdrop.js is missing: run "npm run build" first');
    const printedBefore = this.#printed.length;
    const options = ['--hosts', 'containers', '--base-image', baseImage];
    const child = spawn('bash', this.#inside(process.execPath, PROGRAM, 'local', ...options), {
      env: this.#environment,
      cwd: dirname(this.dir),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        this.#printed += text;
        if (process.env['SHOW'] !== undefined) process.stderr.write(text);
      });
    await this.until('it starts', () => {
      if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}:\n${this.#printed}`);
      return this.#printed.slice(printedBefore).includes('Ctrl-C stops');
    });
  }

  #inside(...command: string[]): string[] {
    return [INSIDE, String(this.#lab.process), this.home, ...command];
  }

  /** Ends the process by its own id and waits until it has gone. @returns its exit code; `null` when the signal ended it. */
  async end(signal: 'SIGINT' | 'SIGKILL' = 'SIGINT'): Promise<number | null> {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null;
    const gone = once(child, 'exit');
    child.kill(signal);
    await gone;
    return child.exitCode;
  }

  /** Ends it and takes away what it made, whatever state that is in. */
  async close(): Promise<void> {
    await this.end('SIGKILL');
    // Before it has begun there is nothing.
    if (existsSync(join(this.dir, 'admin', 'installation.json'))) await this.world.clear();
    rmSync(dirname(this.dir), { recursive: true, force: true });
  }

  /** Whatever it has printed since it was made. */
  get printed(): string {
    return this.#printed;
  }

  path(user: string, name: string): string {
    return join(this.dir, 'bucket', 'home', user, name);
  }

  has(user: string, name: string): boolean {
    return existsSync(this.path(user, name));
  }

  read(user: string, name: string): string | undefined {
    try {
      return readFileSync(this.path(user, name), 'utf8');
    } catch {
      // What was there may just be on its way out.
      return undefined;
    }
  }

  write(user: string, name: string, text: string): void {
    mkdirSync(dirname(this.path(user, name)), { recursive: true });
    writeFileSync(this.path(user, name), text);
  }

  /** Puts a file into a profile, as an administrator does. Its place is below the profile's folder, such as `configure.d/user.sh`. */
  writeProfile(profile: string, name: string, text: string): void {
    const path = join(this.dir, 'admin', 'customizer', profile, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }

  create(user: string, cluster: string, request: Readonly<Record<string, unknown>> = {}): void {
    this.write(user, `${cluster}.cf-create`, JSON.stringify(request));
  }

  /** `undefined` while there is none. */
  status(user: string, cluster: string): StatusFile | undefined {
    const text = this.read(user, `${cluster}.cf-status`);
    return text === undefined ? undefined : readStatus(text);
  }

  /** Until the drop that lies there is answered and one can log in. */
  untilRunning(user: string, cluster: string, longest = 120_000): Promise<StatusFile> {
    return this.until(
      `${user}/${cluster} runs`,
      () => {
        const failed = this.read(user, `${cluster}.cf-failed`);
        if (failed !== undefined) throw new Error(`${failed}\n${this.#printed.slice(-4000)}`);
        if (!this.has(user, `${cluster}.cf-created`) || this.has(user, `${cluster}.cf-create`)) return false;
        const status = this.status(user, cluster);
        return status?.state === 'running' && status;
      },
      longest,
    );
  }

  /** Drops `.cf-delete` and waits until it is carried out. */
  async delete(user: string, cluster: string): Promise<void> {
    this.write(user, `${cluster}.cf-delete`, '');
    await this.untilGone(user, cluster);
  }

  untilGone(user: string, cluster: string): Promise<boolean> {
    return this.until(
      `${user}/${cluster} is gone`,
      () =>
        this.has(user, `${cluster}.cf-deleted`) &&
        !this.has(user, `${cluster}.cf-delete`) &&
        this.status(user, cluster)?.state === 'gone',
    );
  }

  until<T>(
    what: string,
    look: () => T | Promise<T>,
    longest = 60_000,
    every?: number,
  ): Promise<Exclude<T, undefined | false>> {
    return until(what, look, {
      longest,
      ...(every !== undefined && { every }),
      tell: () => this.#situation(),
    });
  }

  /** What somebody needs to know who reads that a test has failed. */
  async #situation(): Promise<string> {
    const users = join(this.dir, 'bucket', 'home');
    const files = existsSync(users)
      ? readdirSync(users, { recursive: true, encoding: 'utf8' }).slice(0, 60)
      : [];
    const statuses = files.filter((name) => name.endsWith('.cf-status'));
    return [
      this.#printed.slice(-4000),
      files.join(' '),
      ...statuses.map((name) => readFileSync(join(users, name), 'utf8').slice(0, 3000)),
      await this.world.told(),
    ].join('\n');
  }

  /** Any command in the lab, in this home and environment. */
  async inside(...command: string[]): Promise<Said> {
    try {
      const { stdout, stderr } = await run('bash', this.#inside(...command), {
        env: this.#environment,
        cwd: dirname(this.dir),
        maxBuffer: 1 << 26,
        timeout: LONGEST_COMMAND,
        killSignal: 'SIGKILL',
      });
      return { code: 0, out: stdout, err: stderr };
    } catch (error) {
      const {
        code,
        killed,
        stdout = '',
        stderr = '',
      } = error as { code?: unknown; killed?: boolean; stdout?: string; stderr?: string };
      const late = killed === true ? `\nnot ended after ${LONGEST_COMMAND / 1000} s` : '';
      return { code: typeof code === 'number' ? code : -1, out: stdout, err: `${stderr}${late}` };
    }
  }

  /** Another `clusterdrop` command on this installation. @throws when it fails */
  async command(...args: string[]): Promise<string> {
    return good(args.join(' '), await this.inside(process.execPath, PROGRAM, ...args));
  }

  /** With the command that the status tells, as somebody pastes it; `more` options of ssh are added to it. */
  tryLogin(user: string, cluster: string, command: string, more = ''): Promise<Said> {
    const login = this.status(user, cluster)?.ssh?.command;
    if (login === undefined) throw new Error(`the status of ${user}/${cluster} tells no command`);
    // It never asks, and gives up soon where nothing answers.
    const line = `${login} -o BatchMode=yes -o ConnectTimeout=10 ${more} -- ${shellWord(command)}`;
    return this.inside('bash', '-c', line);
  }

  /** @returns what the command printed. @throws when it fails */
  async login(user: string, cluster: string, command: string): Promise<string> {
    const said = await this.tryLogin(user, cluster, command);
    if (said.code === 0) return said.out;
    return good(command, { ...said, err: `${said.err}\n${await this.#situation()}` });
  }

  /** Makes a key in this home. @returns its public half */
  async makeKey(name = 'id_ed25519'): Promise<string> {
    const file = join(this.home, '.ssh', name);
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    good(
      'ssh-keygen',
      await this.inside('ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-C', name, '-f', file),
    );
    return readFileSync(`${file}.pub`, 'utf8');
  }
}

function good(what: string, said: Said): string {
  if (said.code !== 0) throw new Error(`${what} ended with ${said.code}:\n${said.out}\n${said.err}`);
  return said.out;
}

function shellWord(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
