import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateBucketCommand,
  PutBucketTaggingCommand,
  PutBucketVersioningCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { s3Config } from '../../src/aws/access.ts';
import { openS3Store } from '../../src/aws/s3-store.ts';
import { ADMIN_BUCKET_TAG } from '../../src/core/tag-names.ts';
import { addUser } from '../../src/engine/administration/add-user.ts';
import { welcomeUser } from '../../src/engine/administration/welcome-user.ts';
import { Attendant } from '../../src/engine/attendant.ts';
import { blueprintAt } from '../../src/engine/blueprints.ts';
import { installBlueprint } from '../../src/engine/install-blueprint.ts';
import { INSTALLATION_KEY } from '../../src/engine/installations.ts';
import { Ledgers } from '../../src/engine/ledgers.ts';
import { sweep } from '../../src/engine/sweep.ts';
import type { World } from '../../src/engine/world.ts';
import { SimulatedStacks } from '../../src/local/simulated-stacks.ts';
import { shippedBlueprints } from '../../src/shipped/shipped-blueprints.ts';
import { shippedPrices } from '../../src/shipped/shipped-catalogue.ts';
import { commandLine, type RunOptions } from './cli-fixture.ts';

export const REGION = 'eu-west-2';
let count = 0;

/**
 * An installation in an emulated account: real buckets, stacks that are simulated, and a command line, on one clock that only pauses
 * move. alice has a folder; who calls is up to the credentials in the environment.
 */
export async function openS3Cli(endpoint: string) {
  const base = mkdtempSync(join(tmpdir(), 'clusterdrop-s3-cli-'));
  const id = `${process.pid}-${count++}`;
  const [bucket, adminBucket] = [`users-${id}`, `admin-${id}`];
  let offset = 0;
  const clock = { now: () => Date.now() + offset };
  const access = { endpoint };
  const s3 = new S3Client(s3Config(access, REGION));
  for (const Bucket of [bucket, adminBucket]) {
    await s3.send(
      new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: REGION } }),
    );
    await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }));
  }
  const tag = (name: string) =>
    s3.send(
      new PutBucketTaggingCommand({
        Bucket: bucket,
        Tagging: { TagSet: [{ Key: ADMIN_BUCKET_TAG, Value: name }] },
      }),
    );
  await tag(adminBucket);
  const users = openS3Store(access, REGION, bucket);
  const admin = openS3Store(access, REGION, adminBucket);
  const installation = {
    version: 1 as const,
    id: `clusterdrop-123456789012-${REGION}`,
    prefix: 'clusterdrop',
    contact: 'the administrator',
    bucket,
    simulated: false,
    aws: {
      account: '123456789012',
      region: REGION,
      clustersRegion: REGION,
      buckets: [bucket],
      executionRole: 'arn:aws:iam::123456789012:role/clusterdrop-execution',
    },
  };
  for (const blueprint of shippedBlueprints()) await installBlueprint(admin, blueprint);
  await admin.put('limits/default.json', '{"version": 1}');
  await addUser(admin, { name: 'alice', keys: [] });
  await welcomeUser(users, installation, 'alice');
  await admin.put(INSTALLATION_KEY, JSON.stringify(installation));
  const nothing = () => undefined;
  const world: World = {
    installation,
    users: [users],
    admin,
    ledgers: new Ledgers(admin),
    stacks: new SimulatedStacks({
      folder: join(base, 'stacks'),
      clock,
      speed: 100,
      faultsFile: join(base, 'faults.json'),
      blueprintOf: (ref) => blueprintAt({ admin }, ref),
    }),
    mail: { send: async () => undefined },
    clock,
    log: { turn: nothing, answered: nothing, trouble: nothing },
    prices: shippedPrices,
  };
  const attendant = new Attendant({ world });
  let isRunning = true;
  const advance = async (ms: number) => {
    offset += ms;
    if (!isRunning) return;
    for await (const nudge of sweep(world)) attendant.nudge(nudge);
    for (const user of await world.ledgers.users())
      for (const { cluster } of Object.values((await world.ledgers.read(user)).clusters))
        attendant.nudge({ kind: 'cluster', cluster });
    await attendant.settled();
  };
  const home = join(base, 'home');
  const cwd = join(base, 'here');
  mkdirSync(cwd);
  const type = commandLine({ base: cwd, clock, advance });
  const env = { HOME: home, AWS_ENDPOINT_URL: endpoint, AWS_REGION: REGION };
  const store = `s3://${bucket}`;
  return {
    cwd,
    bucket,
    store,
    users,
    admin,
    s3,
    tag,
    clock,
    advance,
    /** Where what is remembered lies. */
    configuration: join(home, '.config', 'clusterdrop', 'config.json'),
    setRunning: (value: boolean) => void (isRunning = value),
    /** A command as it is, without a store. */
    plain: (args: readonly string[], options: RunOptions = {}) =>
      type(args, { ...options, env: { ...env, ...options.env } }),
    /** A command for this installation, of alice if nothing else is said. */
    cli: (args: readonly string[], options: RunOptions = {}) =>
      type([...args.slice(0, 1), '--store', store, ...args.slice(1)], {
        ...options,
        env: { ...env, CLUSTERDROP_USER: 'alice', ...options.env },
      }),
    close: () => {
      s3.destroy();
      rmSync(base, { recursive: true, force: true });
    },
  };
}

export type S3Cli = Awaited<ReturnType<typeof openS3Cli>>;
