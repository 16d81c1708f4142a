import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { baseImageTar, LAB_FOLDER, type Suite } from './base-image.ts';
import type { LabPlace } from './lab-place.ts';

const run = promisify(execFile);
const PATIENCE = 60_000;
const OWN_NAMESPACES = '--net --mount --propagation private --pid --fork --kill-child --mount-proc --'.split(
  ' ',
);
const BASE_IMAGE = 'clusterdrop-lab-base:1';

/** What a lab has. */
export interface LabKind {
  /** Default: Docker. */
  readonly engine?: 'docker' | 'podman';
  /** Control groups of this version; default: those of the machine. */
  readonly cgroups?: 2;
  /** The Debian that hosts are made of; default: the one that the blueprint takes by itself. */
  readonly hosts?: Suite;
}

/**
 * A container engine of its own on a network of its own: lo and what the engine makes, and no way out. Its processes and mounts are in
 * namespaces too, none of which has a name, so they end with the lab's first process, and that ends with this one (`lab-init.sh`).
 * After a `kill -9` of everything what may be left is a folder of files and empty control groups; the next lab clears them away.
 */
export class Lab {
  readonly place: LabPlace;
  readonly #folder: string;
  readonly #driver: string;
  readonly #init: ChildProcess;
  readonly #answers: AsyncIterator<string>;

  private constructor(folder: string, driver: string, init: ChildProcess, place: LabPlace) {
    this.#folder = folder;
    this.#driver = driver;
    this.#init = init;
    this.place = place;
    if (!init.stdout) throw new Error('no standard output');
    this.#answers = createInterface({ input: init.stdout })[Symbol.asyncIterator]();
  }

  static async start({ engine = 'docker', cgroups, hosts }: LabKind = {}): Promise<Lab> {
    const tar = await baseImageTar(hosts);
    await clearLeftovers();
    const folder = mkdtempSync(join(LAB_FOLDER, 'clusterdrop-test-'));
    const name = basename(folder);
    const init = spawn(
      'unshare',
      [
        ...OWN_NAMESPACES,
        'bash',
        join(import.meta.dirname, 'lab-init.sh'),
        folder,
        name,
        engine,
        String(cgroups ?? 'any'),
      ],
      { stdio: ['pipe', 'pipe', 'inherit'], detached: true },
    );
    try {
      const process = await firstChildOf(init);
      writeFileSync(join(folder, 'process'), `${process} ${startOf(process)}\n`);
      const socket = join(folder, 'docker.sock');
      const driver = engine === 'docker' ? 'overlay2' : 'overlay';
      const lab = new Lab(folder, driver, init, { process, socket, baseImage: BASE_IMAGE, folder });
      await lab.startEngine();
      const { stdout: routes } = await lab.inside('ip', 'route', 'show', 'default');
      if (routes !== '') throw new Error(`the lab has a way out: ${routes}`);
      await lab.#checkDriver();
      await lab.docker('import', tar, BASE_IMAGE);
      return lab;
    } catch (error) {
      init.kill('SIGKILL');
      throw new Error(`no lab: ${logOf(folder)}`, { cause: error });
    }
  }

  async startEngine(): Promise<void> {
    const toldBefore = logOf(this.#folder, Number.POSITIVE_INFINITY).length;
    await this.#order('start');
    for (const begin = performance.now(); performance.now() - begin < PATIENCE; await pause(50)) {
      const answers = await this.docker('version').then(
        () => true,
        () => false,
      );
      if (answers) return;
      const books = join(this.#folder, 'data', 'network', 'files', 'local-kv.db');
      const told = logOf(this.#folder, Number.POSITIVE_INFINITY).slice(toldBefore);
      // Docker 20.10 that was killed while it wrote a network down dies of it at every start, until somebody takes its books away.
      if (/^panic: [\s\S]*reservePools/m.test(told) && existsSync(books)) {
        rmSync(books);
        await this.#order('start');
      }
    }
    throw new Error(`the engine does not answer:\n${logOf(this.#folder)}`);
  }

  /** As an administrator does it: containers are ended too. */
  stopEngine(): Promise<void> {
    return this.#order('stop');
  }

  /** As if it had crashed. */
  killEngine(): Promise<void> {
    return this.#order('kill');
  }

  async #order(order: string): Promise<void> {
    this.#init.stdin?.write(`${order}\n`);
    const late = pause(2 * PATIENCE, undefined, { ref: false }).then(() => {
      throw new Error(`the engine does not ${order}: ${logOf(this.#folder)}`);
    });
    const answer = await Promise.race([this.#answers.next(), late]);
    if (answer.value !== order) throw new Error(`the lab has ended: ${logOf(this.#folder)}`);
  }

  async #checkDriver(): Promise<void> {
    const { stdout } = await this.docker('info', '--format', '{{.Driver}}');
    if (stdout.trim() !== this.#driver)
      throw new Error(
        `the engine's storage is ${stdout.trim()}, not ${this.#driver}: let CLUSTERDROP_LAB_CACHE be a folder of a disk`,
      );
  }

  inside(...command: string[]): Promise<{ stdout: string; stderr: string }> {
    return run('nsenter', [`--net=/proc/${this.place.process}/ns/net`, ...command]);
  }

  docker(...args: string[]): Promise<{ stdout: string; stderr: string }> {
    return run('docker', ['--host', `unix://${this.place.socket}`, ...args], { maxBuffer: 1 << 26 });
  }

  /** Names of bridges whose packets the kernel sends out under an address of the machine: the engine need not know of all of them. */
  async masquerading(): Promise<string[]> {
    const { stdout } = await this.inside('iptables', '--table', 'nat', '--list-rules', 'POSTROUTING');
    return [...stdout.matchAll(/! -o (br-[0-9a-f]+) -j MASQUERADE/g)].map(([, name = '']) => name);
  }

  /** Everything in it is gone when this returns. */
  async stop(): Promise<void> {
    const gone = once(this.#init, 'exit');
    this.#init.stdin?.end();
    await gone;
    await clearAway(this.#folder);
  }
}

/** The process that `unshare` forks off, once it is there. */
async function firstChildOf(parent: ChildProcess): Promise<number> {
  for (const begin = performance.now(); performance.now() - begin < PATIENCE; await pause(10)) {
    if (parent.exitCode !== null) break;
    const children = readFileSync(`/proc/${parent.pid}/task/${parent.pid}/children`, 'utf8').trim();
    if (children !== '') return Number(children);
  }
  throw new Error('unshare started nothing');
}

/** When a process started, which together with its id is said of no other one. */
function startOf(process: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${process}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}

/** Labs whose first process is gone, because whoever ran them was killed. Those that live are somebody else's. */
async function clearLeftovers(): Promise<void> {
  for (const name of readdirSync(LAB_FOLDER).filter((one) => one.startsWith('clusterdrop-test-'))) {
    const folder = join(LAB_FOLDER, name);
    const [process, start] = textOf(join(folder, 'process')).split(/\s+/);
    // Without the file it was killed, or is being started this very moment by another one.
    if (start !== undefined && startOf(Number(process)) !== start) await clearAway(folder);
  }
}

async function clearAway(folder: string): Promise<void> {
  for (const groups of ['/sys/fs/cgroup', ...controllers()]) {
    const group = join(groups, basename(folder));
    if (!existsSync(group)) continue;
    try {
      await run('find', [group, '-depth', '-type', 'd', '-exec', 'rmdir', '{}', '+']);
    } catch (error) {
      // Another one was clearing the same away.
      if (existsSync(group)) throw error;
    }
  }
  rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
}

function controllers(): string[] {
  return readdirSync('/sys/fs/cgroup', { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join('/sys/fs/cgroup', entry.name));
}

function textOf(path: string): string {
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}

function logOf(folder: string, last = 4000): string {
  return textOf(join(folder, 'engine.log')).slice(-last);
}
