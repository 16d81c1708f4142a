import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { IAMClient } from '@aws-sdk/client-iam';
import { GetObjectCommand, ListBucketsCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { awsAccess, clientConfig, s3Config } from '../../../src/aws/access.ts';
import { run } from '../../../src/cli/run.ts';
import { startMoto } from '../../emulator/moto.ts';
import { type Proxy, startProxy } from '../../end-to-end/proxy.ts';
import { writeTemplates } from './emulated-templates.ts';

export const REGION = 'eu-west-2';
export const ACCOUNT = '123456789012';
export const USERS = `clusterdrop-users-${ACCOUNT}-${REGION}`;
export const ADMIN = `clusterdrop-admin-${ACCOUNT}-${REGION}`;

export interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** An emulated account, whole commands against it, and a list of the calls that they made. */
export async function openAccount() {
  const moto = await startMoto();
  const proxy = await startProxy(moto.endpoint);
  const folder = mkdtempSync(join(tmpdir(), 'clusterdrop-account-'));
  const templates = writeTemplates(join(folder, 'templates'));
  const env = {
    AWS_ENDPOINT_URL: proxy.endpoint,
    AWS_REGION: REGION,
    CLUSTERDROP_LOOPBACK_ONLY: '1',
    HOME: folder,
  };
  const access = awsAccess(env);

  async function cli(args: readonly string[], answers?: readonly (string | undefined)[]): Promise<Said> {
    let [out, err] = ['', ''];
    const waiting = [...(answers ?? [])];
    const code = await run(args, {
      out: (text) => void (out += text),
      err: (text) => void (err += text),
      env,
      cwd: folder,
      isInteractive: false,
      signal: new AbortController().signal,
      now: () => Date.now(),
      pause: async () => {
        throw new Error('nothing here takes time');
      },
      readInput: async () => new Uint8Array(),
      canAsk: answers !== undefined,
      ask: async (question) => {
        err += question;
        return waiting.shift();
      },
      launch: async () => 0,
    });
    return { code, out, err };
  }

  const s3 = new S3Client(s3Config(access, REGION));
  const cloudFormation = (region = REGION) => new CloudFormationClient(clientConfig(access, region));
  return {
    moto,
    proxy,
    folder,
    templates,
    access,
    s3,
    iam: new IAMClient(clientConfig(access, REGION)),
    cloudFormation,
    cli,
    deploy: (...more: string[]) =>
      cli(['admin', 'deploy', '--yes', '--templates', templates, '--ssh-from', '192.0.2.0/24', ...more]),
    /** Calls that changed something since the list was last cleared. */
    writes: () => writesIn(proxy),
    stacks: async (region = REGION) =>
      ((await cloudFormation(region).send(new DescribeStacksCommand({}))).Stacks ?? [])
        .map(({ StackName = '' }) => StackName)
        .toSorted(),
    buckets: async () =>
      ((await s3.send(new ListBucketsCommand({}))).Buckets ?? []).map(({ Name = '' }) => Name).toSorted(),
    keys: async (bucket: string) =>
      ((await s3.send(new ListObjectsV2Command({ Bucket: bucket }))).Contents ?? []).map(({ Key }) => Key),
    json: async (bucket: string, key: string) => {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      return JSON.parse((await Body?.transformToString()) ?? 'null');
    },
    close: async () => {
      await proxy.close();
      await moto.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export type EmulatedAccount = Awaited<ReturnType<typeof openAccount>>;

const READS = /^(?:Get|Head|List|Describe)/;

export function writesIn({ calls }: Proxy): string[] {
  return calls.map(({ operation }) => operation).filter((operation) => !READS.test(operation));
}
