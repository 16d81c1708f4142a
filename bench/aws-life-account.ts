import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AwsInstallation } from '../src/aws/aws-installation.ts';
import { pricesKey } from '../src/aws/s3-prices.ts';
import { openS3Store, type S3Store } from '../src/aws/s3-store.ts';
import { MINUTE } from '../src/core/instant.ts';
import { addUser } from '../src/engine/administration/add-user.ts';
import { welcomeUser } from '../src/engine/administration/welcome-user.ts';
import { blueprintAt } from '../src/engine/blueprints.ts';
import { installBlueprint } from '../src/engine/install-blueprint.ts';
import { INSTALLATION_KEY } from '../src/engine/installations.ts';
import type { Clock } from '../src/engine/ports.ts';
import { fullMilliseconds } from '../src/local/planned-event.ts';
import { scheduleOf } from '../src/local/resource-schedule.ts';
import { SimulatedStacks } from '../src/local/simulated-stacks.ts';
import { shippedJson } from '../src/shipped/package-folder.ts';
import { startCloudFormationServer } from '../test/emulator/cloudformation-server.ts';
import { smallBlueprint } from '../test/emulator/small-blueprint.ts';
import { type AwsFront, startAwsFront } from './aws-life-front.ts';
import { addOtherStacks } from './aws-life-others.ts';
import { DOMAIN, makeBuckets, makeQueue, REGION, runInstance } from './aws-life-parts.ts';

export const ACCOUNT = '123456789012';
export const USER = 'alice';
const START = Date.UTC(2026, 10, 2, 9);
/** How many stacks CloudFormation puts on a page: AWS gives a size only, of 1 MB. */
const PAGE = 100;

/** An emulated account in which Clusterdrop is installed, with a clock that only the measurement moves. */
export interface AwsLifeAccount {
  readonly front: AwsFront;
  readonly clock: Clock & { advance(milliseconds: number): void };
  readonly installation: AwsInstallation;
  /** The two buckets past the front: what people do there is not counted. */
  readonly users: S3Store;
  readonly admin: S3Store;
  readonly stacks: SimulatedStacks;
  /** What stacks are made from, for whoever asks CloudFormation by themselves. */
  readonly template: { readonly body: string; readonly parameters: readonly string[] };
  close(): Promise<void>;
}

export interface AwsLifeConditions {
  /** How long CloudFormation takes to make a cluster. */
  readonly minutes: number;
  /** Stacks in the account with which we have nothing to do. */
  readonly others: number;
}

let count = 0;

/** `moto` does all but CloudFormation, which there knows no work in progress: it is simulated, behind the same protocol. */
export async function openAwsLifeAccount(
  moto: string,
  { minutes, others }: AwsLifeConditions,
): Promise<AwsLifeAccount> {
  const folder = mkdtempSync(join(tmpdir(), 'clusterdrop-bench-'));
  const [bucket, adminBucket] = [`users-${++count}`, `admin-${count}`];
  await makeBuckets(moto, [bucket, adminBucket]);
  const users = openS3Store({ endpoint: moto }, REGION, bucket);
  const admin = openS3Store({ endpoint: moto }, REGION, adminBucket);
  const { blueprint, template } = smallBlueprint();
  const ref = { name: blueprint.name, hash: await installBlueprint(admin, blueprint, template) };

  let now = START;
  const clock = {
    now: () => now,
    advance: (milliseconds: number) => {
      now += milliseconds;
    },
  };
  const atFullPace = scheduleOf(blueprint.resources, 0, (resource) => fullMilliseconds(resource, 1)).end;
  addOtherStacks(folder, {
    count: others,
    region: REGION,
    account: ACCOUNT,
    before: START,
    blueprint: ref,
  });
  const stacks = new SimulatedStacks({
    folder,
    clock,
    speed: atFullPace / (minutes * MINUTE),
    blueprintOf: (wanted) => blueprintAt({ admin }, wanted),
    region: REGION,
    account: ACCOUNT,
  });
  const instance = await runInstance(moto);
  const server = await startCloudFormationServer({ stacks, page: PAGE, blueprint: ref, instance });
  const front = await startAwsFront(server.endpoint, moto);

  const installation: AwsInstallation = {
    version: 1,
    id: `clusterdrop-${ACCOUNT}-${REGION}`,
    prefix: 'clusterdrop',
    contact: 'the administrator',
    adminEmail: `admin@${DOMAIN}`,
    bucket,
    defaultBlueprint: blueprint.name,
    network: {
      vpc: 'vpc-1',
      subnets: ['subnet-1'],
      sshFrom: '0.0.0.0/0',
      boundary: `arn:aws:iam::${ACCOUNT}:policy/clusterdrop-boundary`,
      rolePath: '/clusterdrop/clusterdrop/clusters/',
    },
    simulated: false,
    aws: {
      account: ACCOUNT,
      region: REGION,
      clustersRegion: REGION,
      buckets: [bucket],
      executionRole: `arn:aws:iam::${ACCOUNT}:role/clusterdrop-execution`,
      queueUrl: await makeQueue(moto, front.endpoint),
      mail: { region: REGION, from: `Clusterdrop <clusterdrop@${DOMAIN}>` },
    },
  };
  await addUser(admin, { name: USER, email: `${USER}@${DOMAIN}`, keys: [] });
  await welcomeUser(users, installation, USER);
  await admin.put(
    pricesKey(REGION),
    JSON.stringify({ version: 1, ...Object(shippedJson('data', 'ec2-instance-types.json')) }),
  );
  await admin.put('limits/default.json', `{"version": 1, "blueprints": ["${blueprint.name}"]}`);
  await admin.put(INSTALLATION_KEY, JSON.stringify(installation));

  return {
    front,
    clock,
    installation,
    users,
    admin,
    stacks,
    template: { body: template, parameters: Object.keys(blueprint.parameters) },
    close: async () => {
      await front.close();
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
