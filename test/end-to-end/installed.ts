import type { ChildProcess } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { CloudFormationClient, paginateDescribeStacks, type Stack } from '@aws-sdk/client-cloudformation';
import { EC2Client, paginateDescribeInstances } from '@aws-sdk/client-ec2';
import { GetObjectCommand, NoSuchKey, paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';
import { unzipSync } from 'fflate';
import { root } from '../shipped.ts';
import { Account, type Person, REGION, type Said } from './account.ts';
import { EMULATOR_BLUEPRINT, writeEmulatorTemplates } from './emulator-parts.ts';
import { Gate } from './gate.ts';

export const ADMIN_BUCKET = `clusterdrop-admin-123456789012-${REGION}`;
export const USERS_BUCKET = `clusterdrop-users-123456789012-${REGION}`;
export const STORE = `s3://${USERS_BUCKET}`;
/** Access keys by which a recorded call tells which role made it. */
export const ROLES = { reconcile: 'reconcile-function', sweep: 'sweep-function' } as const;

const LONGEST = 90_000;

/** An account in which `clusterdrop admin deploy` has installed everything, and its functions run. */
export class Installed {
  readonly account: Account;
  readonly deployed: Said;
  readonly gate = new Gate(USERS_BUCKET, ADMIN_BUCKET);
  // What a test looks at, past the proxy: these calls are nobody's.
  readonly #s3: S3Client;
  readonly #cloudFormation: CloudFormationClient;
  readonly #ec2: EC2Client;
  readonly #hosts = new Map<keyof typeof ROLES, ChildProcess>();
  readonly #logs: string[] = [];
  #queueUrl = '';

  private constructor(account: Account, deployed: Said) {
    this.account = account;
    this.deployed = deployed;
    for (const role of ['reconcile', 'sweep'] as const) this.gate.knows(ROLES[role], role);
    account.proxy.setGate((call) => this.gate.isAllowed(call));
    const config = { region: REGION, endpoint: account.moto.endpoint };
    this.#s3 = new S3Client({ ...config, forcePathStyle: true });
    this.#cloudFormation = new CloudFormationClient(config);
    this.#ec2 = new EC2Client(config);
  }

  /** Installs into an empty account. */
  static async open(): Promise<Installed> {
    const account = await Account.open();
    writeEmulatorTemplates(join(account.folder, 'templates'));
    // The emulator's CloudFormation knows no groups; everything else is made by the command itself.
    await account.awsJson(account.administrator, [
      'iam',
      'create-group',
      '--group-name',
      'clusterdrop-users',
    ]);
    const deployed = await deploy(account);
    if (deployed.code !== 0) {
      await account.close();
      throw new Error(`admin deploy failed:\n${deployed.out}\n${deployed.err}`);
    }
    return new Installed(account, deployed);
  }

  get administrator(): Person {
    return this.account.administrator;
  }

  deploy(...more: string[]): Promise<Said> {
    return deploy(this.account, ...more);
  }

  /** The command line as the administrator. @throws when it fails */
  async admin(...args: string[]): Promise<Said> {
    return good(args, await this.account.clusterdrop(this.administrator, [...args, '--store', STORE]));
  }

  async addBlueprint(): Promise<void> {
    await this.admin('admin', 'add-blueprint', join(root, EMULATOR_BLUEPRINT), '--default', '--yes');
    await this.admin('admin', 'limits', 'set', 'blueprints=small');
  }

  /** A user with an access key of their own, as `admin add-user` makes them. */
  async addUser(name: string): Promise<Person> {
    const file = join(this.account.folder, `${name}.credentials`);
    await this.admin(
      'admin',
      'add-user',
      name,
      '--create',
      '--access-key',
      file,
      '--email',
      `${name}@example.org`,
    );
    const text = readFileSync(file, 'utf8');
    const value = (key: string) => new RegExp(`${key}\\s*=\\s*(\\S+)`).exec(text)?.[1] ?? '';
    this.gate.knows(value('aws_access_key_id'), 'user', { 'aws:username': name });
    return this.account.person(name, value('aws_access_key_id'), value('aws_secret_access_key'));
  }

  /** The functions out of the zip that was uploaded, each run as its role. */
  async startFunctions({ visibilitySeconds = 5, sweepSeconds = 3600 } = {}): Promise<void> {
    const folder = join(this.account.folder, 'functions');
    const { Contents = [] } = await this.account.awsJson<{ Contents?: { Key: string }[] }>(
      this.administrator,
      ['s3api', 'list-objects-v2', '--bucket', ADMIN_BUCKET, '--prefix', 'code/'],
    );
    const zip = join(this.account.folder, 'functions.zip');
    await this.account.awsJson(this.administrator, [
      's3api',
      'get-object',
      '--bucket',
      ADMIN_BUCKET,
      '--key',
      Contents[0]?.Key ?? '',
      zip,
    ]);
    for (const [name, bytes] of Object.entries(unzipSync(readFileSync(zip)))) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), bytes);
    }
    this.#queueUrl = await this.queueUrl();
    this.#host('reconcile', visibilitySeconds);
    this.#host('sweep', sweepSeconds);
  }

  #host(what: keyof typeof ROLES, seconds: number): void {
    const functions = join(this.account.folder, 'functions');
    const child = this.account.start(
      'node',
      [join(import.meta.dirname, 'lambda-host.mjs'), what, functions, this.#queueUrl, String(seconds)],
      {
        ...this.account.person(what, ROLES[what]).environment,
        CLUSTERDROP_ADMIN_BUCKET: ADMIN_BUCKET,
      },
    );
    this.#hosts.set(what, child);
    child.stdout?.setEncoding('utf8').on('data', (text: string) => this.#logs.push(text));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => this.#logs.push(text));
  }

  /** As if the machine below it broke: at this very moment, without a word. */
  killFunction(what: keyof typeof ROLES): void {
    this.#hosts.get(what)?.kill('SIGKILL');
  }

  restartFunction(what: keyof typeof ROLES, seconds: number): void {
    this.#host(what, seconds);
  }

  /** What the functions have written to their log, but for the numbers. */
  logs(): string {
    return this.#logs
      .join('')
      .split('\n')
      .filter((line) => !line.startsWith('{"_aws"'))
      .join('\n');
  }

  async queueUrl(queue = 'clusterdrop-nudges'): Promise<string> {
    const { QueueUrl } = await this.account.awsJson<{ QueueUrl: string }>(this.administrator, [
      'sqs',
      'get-queue-url',
      '--queue-name',
      queue,
    ]);
    return QueueUrl;
  }

  /** Drops a file with the AWS CLI, as its owner. */
  async drop(who: Person, name: string, text = '{}'): Promise<void> {
    const file = join(this.account.folder, 'drop');
    writeFileSync(file, text);
    good(['s3 cp'], await this.account.aws(who, ['s3', 'cp', file, `${STORE}/home/${who.name}/${name}`]));
  }

  /** Names in a user's folder. */
  async files(user: string): Promise<string[]> {
    const names: string[] = [];
    for await (const { Contents = [] } of paginateListObjectsV2(
      { client: this.#s3 },
      { Bucket: USERS_BUCKET, Prefix: `home/${user}/` },
    ))
      names.push(...Contents.map(({ Key = '' }) => Key.slice(`home/${user}/`.length)));
    return names;
  }

  async read(key: string): Promise<string | undefined> {
    try {
      const { Body } = await this.#s3.send(new GetObjectCommand({ Bucket: USERS_BUCKET, Key: key }));
      return await Body?.transformToString();
    } catch (error) {
      if (error instanceof NoSuchKey) return undefined;
      throw error;
    }
  }

  /** Stacks of clusters that are not gone. */
  async stacks(): Promise<Stack[]> {
    const stacks: Stack[] = [];
    for await (const { Stacks = [] } of paginateDescribeStacks({ client: this.#cloudFormation }, {}))
      stacks.push(
        ...Stacks.filter(
          ({ StackName = '', StackStatus }) =>
            StackName.startsWith('clusterdrop-') && StackStatus !== 'DELETE_COMPLETE',
        ),
      );
    return stacks;
  }

  /** Addresses of instances that run. */
  async instances(): Promise<string[]> {
    const addresses: string[] = [];
    for await (const { Reservations = [] } of paginateDescribeInstances(
      { client: this.#ec2 },
      { Filters: [{ Name: 'instance-state-name', Values: ['pending', 'running'] }] },
    ))
      for (const { Instances = [] } of Reservations)
        addresses.push(...Instances.map(({ PublicIpAddress = '' }) => PublicIpAddress));
    return addresses;
  }

  /** Looks until it is so. @throws with the functions' log when it does not become so */
  async until<T>(
    what: string,
    look: () => Promise<T | undefined | false>,
    { longest = LONGEST, every = 300 } = {},
  ): Promise<T> {
    for (const begin = performance.now(); performance.now() - begin < longest; await pause(every)) {
      const seen = await look();
      if (seen !== undefined && seen !== false) return seen;
    }
    throw new Error(`not within ${longest / 1000} s: ${what}\n${this.logs().slice(-6000)}`);
  }

  untilFile(user: string, name: string): Promise<string> {
    return this.until(`home/${user}/${name}`, () => this.read(`home/${user}/${name}`));
  }

  close(): Promise<void> {
    return this.account.close();
  }
}

function deploy(account: Account, ...more: string[]): Promise<Said> {
  return account.clusterdrop(
    account.administrator,
    [
      'admin',
      'deploy',
      '--yes',
      '--templates',
      join(account.folder, 'templates'),
      '--ssh-from',
      '192.0.2.0/24',
      '--contact',
      'admin@example.org',
      ...more,
    ],
    { patience: 300_000 },
  );
}

export function good(args: readonly string[], said: Said): Said {
  if (said.code !== 0)
    throw new Error(`${args.join(' ')} ended with ${said.code}:\n${said.out}\n${said.err}`);
  return said;
}
