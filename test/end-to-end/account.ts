import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Moto, startMoto } from '../emulator/moto.ts';
import { root } from '../shipped.ts';
import { type Proxy, startProxy } from './proxy.ts';

export interface Said {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Somebody with credentials of their own, and a home folder of their own. */
export interface Person {
  readonly name: string;
  readonly environment: Readonly<Record<string, string>>;
}

export interface RunOptions {
  readonly input?: string;
  /** Milliseconds after which it is killed. */
  readonly patience?: number;
}

export const REGION = 'eu-west-2';
export const ACCOUNT = '123456789012';

/**
 * An emulated AWS account and the programs that people use with it: the bundled command line and the real AWS CLI, each in a
 * process of its own. Every call goes through a proxy that writes it down.
 */
export class Account {
  readonly moto: Moto;
  readonly proxy: Proxy;
  readonly folder: string;
  readonly administrator: Person;
  readonly #children = new Set<ChildProcess>();

  private constructor(moto: Moto, proxy: Proxy, folder: string) {
    this.moto = moto;
    this.proxy = proxy;
    this.folder = folder;
    this.administrator = this.person('administrator', 'administrator');
  }

  static async open(): Promise<Account> {
    const moto = await startMoto();
    const account = new Account(
      moto,
      await startProxy(moto.endpoint),
      mkdtempSync(join(tmpdir(), 'clusterdrop-account-')),
    );
    const built = await account.run('node', ['build.mjs', account.dist], account.administrator, {}, root);
    if (built.code !== 0) throw new Error(`the bundles cannot be built: ${built.err}`);
    for (const part of ['data', 'blueprints', 'customizer', 'infrastructure', 'package.json'])
      cpSync(join(root, part), join(account.folder, 'package', part), { recursive: true });
    return account;
  }

  get dist(): string {
    return join(this.folder, 'package', 'dist');
  }

  person(name: string, accessKey: string, secret = 'testing'): Person {
    const home = join(this.folder, 'homes', name);
    mkdirSync(home, { recursive: true });
    return {
      name,
      environment: {
        PATH: process.env['PATH'] ?? '',
        HOME: home,
        XDG_CONFIG_HOME: join(home, '.config'),
        TMPDIR: tmpdir(),
        AWS_ENDPOINT_URL: this.proxy.endpoint,
        AWS_REGION: REGION,
        AWS_DEFAULT_REGION: REGION,
        AWS_ACCESS_KEY_ID: accessKey,
        AWS_SECRET_ACCESS_KEY: secret,
        AWS_EC2_METADATA_DISABLED: 'true',
        AWS_PAGER: '',
        // A program that overlooked where calls have to go would find nobody here: nothing leaves this machine.
        HTTP_PROXY: 'http://127.0.0.1:9',
        HTTPS_PROXY: 'http://127.0.0.1:9',
        NO_PROXY: '127.0.0.1,localhost',
        CLUSTERDROP_LOOPBACK_ONLY: '1',
      },
    };
  }

  /** The bundled command line, as it is installed. */
  clusterdrop(who: Person, args: readonly string[], options: RunOptions = {}): Promise<Said> {
    return this.run('node', [join(this.dist, 'clusterdrop.js'), ...args], who, options);
  }

  /** The AWS CLI: somebody else's client. Its version 1 looks at `AWS_ENDPOINT_URL` for most services, but not for SQS. */
  aws(who: Person, args: readonly string[], options: RunOptions = {}): Promise<Said> {
    return this.run('aws', ['--endpoint-url', this.proxy.endpoint, ...args], who, options);
  }

  /** The AWS CLI's answer; @throws when it fails. */
  async awsJson<T>(who: Person, args: readonly string[]): Promise<T> {
    const { code, out, err } = await this.aws(who, [...args, '--output', 'json']);
    if (code !== 0) throw new Error(`aws ${args.join(' ')}: ${err}`);
    return (out.trim() === '' ? {} : JSON.parse(out)) as T;
  }

  /** A program that runs on. It is killed at the end, if not before. */
  start(
    command: string,
    args: readonly string[],
    environment: Readonly<Record<string, string>>,
  ): ChildProcess {
    const child = spawn(command, args, { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#children.add(child);
    child.once('exit', () => this.#children.delete(child));
    return child;
  }

  run(
    command: string,
    args: readonly string[],
    who: Person,
    { input = '', patience = 120_000 }: RunOptions = {},
    cwd = who.environment['HOME'],
  ): Promise<Said> {
    return new Promise((resolve, reject) => {
      const child = spawn(command, args, {
        env: who.environment,
        cwd,
        timeout: patience,
        killSignal: 'SIGKILL',
      });
      let [out, err] = ['', ''];
      child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
      child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
      child.on('error', reject);
      child.on('close', (code) => resolve({ code, out, err }));
      child.stdin.on('error', () => undefined).end(input);
    });
  }

  async close(): Promise<void> {
    await Promise.all(
      [...this.#children].map(
        (child) =>
          new Promise<void>((resolve) => {
            child.once('exit', () => resolve());
            child.kill('SIGKILL');
          }),
      ),
    );
    await this.proxy.close();
    await this.moto.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
