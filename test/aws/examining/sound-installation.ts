import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudWatchClient, PutMetricAlarmCommand } from '@aws-sdk/client-cloudwatch';
import { CreateSubnetCommand, CreateVpcCommand, EC2Client } from '@aws-sdk/client-ec2';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { CreateGroupCommand, IAMClient } from '@aws-sdk/client-iam';
import {
  LambdaClient,
  ListEventSourceMappingsCommand,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import {
  GetObjectCommand,
  PutBucketLifecycleConfigurationCommand,
  PutObjectCommand,
  PutPublicAccessBlockCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { SESv2Client } from '@aws-sdk/client-sesv2';
import { SQSClient } from '@aws-sdk/client-sqs';
import { zipSync } from 'fflate';
import { awsAccess, clientConfig, s3Config } from '../../../src/aws/access.ts';
import { run } from '../../../src/cli/run.ts';
import type { Finding } from '../../../src/core/finding.ts';
import { startMoto } from '../../emulator/moto.ts';
import { EMULATOR_BLUEPRINT, writeEmulatorTemplates } from '../../end-to-end/emulator-parts.ts';
import { startProxy } from '../../end-to-end/proxy.ts';
import { root } from '../../shipped.ts';

export const REGION = 'eu-west-2';
const ACCOUNT = '123456789012';
export const USERS = `clusterdrop-users-${ACCOUNT}-${REGION}`;
export const ADMIN = `clusterdrop-admin-${ACCOUNT}-${REGION}`;
export const STORE = `s3://${USERS}`;

export interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** `installation.json`, as far as tests change it. */
export interface InstallationDocument {
  defaultBlueprint: string;
  network: { vpc: string; subnets: string[] };
  aws: { executionRole: string; queueUrl: string; mail?: { region: string; from: string } };
}

/** What `admin doctor` found. */
export interface Found extends Said {
  readonly findings: readonly Finding[];
}

/** An emulated account in which `admin deploy` has installed everything, and what the emulator passes over was set by hand. */
export async function openSoundInstallation() {
  const moto = await startMoto();
  const proxy = await startProxy(moto.endpoint);
  const folder = mkdtempSync(join(tmpdir(), 'clusterdrop-doctor-'));
  const env = {
    AWS_ENDPOINT_URL: proxy.endpoint,
    AWS_REGION: REGION,
    CLUSTERDROP_LOOPBACK_ONLY: '1',
    CLUSTERDROP_DEBUG: '1',
    HOME: folder,
  };
  const access = awsAccess(env);
  const [s3, config] = [new S3Client(s3Config(access, REGION)), clientConfig(access, REGION)];
  const clients = {
    s3,
    iam: new IAMClient(config),
    sqs: new SQSClient(config),
    ses: new SESv2Client(config),
    events: new EventBridgeClient(config),
    lambda: new LambdaClient(config),
    cloudWatch: new CloudWatchClient(config),
  };

  let later = 0;
  let meanwhile: (milliseconds: number) => Promise<void> = async () => undefined;

  async function cli(...args: string[]): Promise<Said> {
    let [out, err] = ['', ''];
    const code = await run(args, {
      out: (text) => void (out += text),
      err: (text) => void (err += text),
      env,
      cwd: folder,
      isInteractive: false,
      signal: new AbortController().signal,
      now: () => Date.now() + later,
      pause: (milliseconds) => meanwhile(milliseconds),
      readInput: async () => new Uint8Array(),
      canAsk: false,
      ask: async () => undefined,
      launch: async () => 0,
    });
    return { code, out, err };
  }

  async function good(...args: string[]): Promise<void> {
    const { code, out, err } = await cli(...args);
    if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}:\n${out}\n${err}`);
  }

  async function putAdmin(key: string, text: string): Promise<void> {
    await s3.send(new PutObjectCommand({ Bucket: ADMIN, Key: key, Body: text }));
  }

  async function getAdmin(key: string): Promise<string> {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: ADMIN, Key: key }));
    return (await Body?.transformToString()) ?? '';
  }

  const templates = join(folder, 'templates');
  writeEmulatorTemplates(templates);
  const code = { 'reconcile.mjs': new TextEncoder().encode('export const handler = () => {};\n') };
  writeFileSync(join(templates, 'functions.zip'), zipSync(code));
  await clients.iam.send(new CreateGroupCommand({ GroupName: 'clusterdrop-users' }));
  const choices = ['--ssh-from', '192.0.2.0/24', ...(await network(new EC2Client(config)))];
  await good('admin', 'deploy', '--yes', '--templates', templates, ...choices);
  await good(
    'admin',
    'add-blueprint',
    join(root, EMULATOR_BLUEPRINT),
    '--default',
    '--yes',
    '--store',
    STORE,
  );
  await good('admin', 'add-user', 'alice', '--federated', '--store', STORE);
  await good('admin', 'limits', 'set', 'blueprints=small', '--store', STORE);
  await handMade(clients);
  await putAdmin(`prices/${REGION}.json`, shippedPrices());

  return {
    ...clients,
    cli,
    /** Every call that was made. */
    calls: proxy.calls,
    putAdmin,
    getAdmin,
    env,
    /** What happens while a command waits. */
    inPauses: (work: typeof meanwhile) => void (meanwhile = work),
    /** Milliseconds from now at which everything is looked at. */
    at: (milliseconds: number) => void (later = milliseconds),
    /** Changes `installation.json` while something is done. */
    async withInstallation(change: (document: InstallationDocument) => void, work: () => Promise<void>) {
      const before = await getAdmin('installation.json');
      const document = JSON.parse(before) as InstallationDocument;
      change(document);
      await putAdmin('installation.json', JSON.stringify(document));
      try {
        await work();
      } finally {
        await putAdmin('installation.json', before);
      }
    },
    queueUrl: (name: string) => `${proxy.endpoint}/${ACCOUNT}/clusterdrop-${name}`,
    /** @param what arguments besides the installation */
    doctor: async (...what: string[]): Promise<Found> => {
      const place = what.includes('--store') ? [] : ['--store', STORE];
      const said = await cli('admin', 'doctor', '--json', ...place, ...what);
      return { ...said, findings: (JSON.parse(said.out) as { findings: Finding[] }).findings };
    },
    close: async () => {
      await proxy.close();
      await moto.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export type SoundInstallation = Awaited<ReturnType<typeof openSoundInstallation>>;

function shippedPrices(): string {
  const text = readFileSync(join(root, 'data', 'ec2-instance-types.json'), 'utf8');
  return JSON.stringify({ version: 1, ...(JSON.parse(text) as object) });
}

/** A network that is there already: of its own one the emulator puts into the zones of another region. */
async function network(ec2: EC2Client): Promise<string[]> {
  const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: '10.9.0.0/16' }));
  const subnets: string[] = [];
  for (const [index, zone] of ['a', 'b'].entries()) {
    const where = { VpcId: Vpc?.VpcId, AvailabilityZone: `${REGION}${zone}` };
    const { Subnet } = await ec2.send(new CreateSubnetCommand({ ...where, CidrBlock: `10.9.${index}.0/24` }));
    subnets.push(Subnet?.SubnetId ?? '');
  }
  return ['--vpc', Vpc?.VpcId ?? '', '--subnets', subnets.join(',')];
}

/** What the emulator's CloudFormation makes nothing of. */
async function handMade({ s3, lambda, cloudWatch }: Pick<SoundInstallation, 's3' | 'lambda' | 'cloudWatch'>) {
  for (const Bucket of [USERS, ADMIN]) {
    await s3.send(
      new PutPublicAccessBlockCommand({
        Bucket,
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          IgnorePublicAcls: true,
          BlockPublicPolicy: true,
          RestrictPublicBuckets: true,
        },
      }),
    );
    await s3.send(
      new PutBucketLifecycleConfigurationCommand({
        Bucket,
        LifecycleConfiguration: {
          Rules: [
            {
              ID: 'old',
              Status: 'Enabled',
              Filter: { Prefix: '' },
              NoncurrentVersionExpiration: { NoncurrentDays: 30 },
            },
          ],
        },
      }),
    );
  }
  const { EventSourceMappings: [mapping] = [] } = await lambda.send(
    new ListEventSourceMappingsCommand({ FunctionName: 'clusterdrop-reconcile' }),
  );
  await lambda.send(new UpdateEventSourceMappingCommand({ UUID: mapping?.UUID, Enabled: true }));
  await cloudWatch.send(
    new PutMetricAlarmCommand({
      AlarmName: 'clusterdrop-dead-letters',
      AlarmDescription: 'Messages were put aside.',
      AlarmActions: [`arn:aws:sns:${REGION}:${ACCOUNT}:clusterdrop-alarms`],
      Namespace: 'AWS/SQS',
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Statistic: 'Maximum',
      Period: 300,
      EvaluationPeriods: 1,
      Threshold: 0,
      ComparisonOperator: 'GreaterThanThreshold',
    }),
  );
}
