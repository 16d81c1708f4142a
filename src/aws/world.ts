import { SQSClient } from '@aws-sdk/client-sqs';
import { ProblemError, problem } from '../core/problems.ts';
import { Ledgers } from '../engine/ledgers.ts';
import type { Clock, Mail } from '../engine/ports.ts';
import type { Log, World } from '../engine/world.ts';
import { shippedCatalogue } from '../shipped/shipped-catalogue.ts';
import { type AwsAccess, awsAccess, clientConfig } from './access.ts';
import { type AwsInstallation, type AwsPlace, readAwsInstallation } from './aws-installation.ts';
import { openCloudFormationStacks } from './cloudformation-stacks.ts';
import { NudgeQueue } from './nudge-queue.ts';
import { S3Prices } from './s3-prices.ts';
import { openS3Store } from './s3-store.ts';

export interface AwsWorld extends World {
  readonly installation: AwsInstallation;
  /** Where nudges wait; an installation without a queue has none. */
  readonly queue?: NudgeQueue;
  readonly access: AwsAccess;
}

export interface AwsWorldOptions {
  readonly adminBucket: string;
  /** Of the administrator's bucket. */
  readonly region: string;
  /** Made for an installation that has just been read. */
  readonly log: (installation: AwsInstallation, clock: Clock) => Log;
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly clock?: Clock;
}

export const systemClock: Clock = { now: () => Date.now() };

/**
 * Everything the engine needs, in an AWS account: S3, CloudFormation, SES, SQS. What lies where is read from `installation.json`
 * in the administrator's bucket. The only place of this world that reads the environment.
 * @throws ProblemError `not-on-aws`
 */
export async function awsWorld({
  adminBucket,
  region,
  log,
  environment = process.env,
  clock = systemClock,
}: AwsWorldOptions): Promise<AwsWorld> {
  const access = awsAccess(environment);
  const admin = openS3Store(access, region, adminBucket);
  const installation = await readAwsInstallation(admin);
  if (!installation) throw new ProblemError(problem('not-on-aws', { bucket: adminBucket }));
  const { aws } = installation;
  return {
    installation,
    access,
    users: aws.buckets.map((bucket) => openS3Store(access, aws.region, bucket)),
    admin,
    ledgers: new Ledgers(admin),
    stacks: openCloudFormationStacks(access, installation, admin),
    mail: aws.mail ? lazyMail(access, aws.mail) : noMail,
    clock,
    log: log(installation, clock),
    prices: new S3Prices({ admin, region: aws.clustersRegion, shipped: shippedCatalogue, clock }),
    ...(aws.queueUrl !== undefined && {
      queue: new NudgeQueue(new SQSClient(clientConfig(access, aws.region)), aws.queueUrl),
    }),
  };
}

/** Most nudges bring no letter: SES and what composes mail are loaded with the first one. */
function lazyMail(access: AwsAccess, place: NonNullable<AwsPlace['mail']>): Mail {
  let opened: Promise<Mail> | undefined;
  return {
    async send(letter) {
      opened ??= import('./ses-mail.ts').then(({ openSesMail }) => openSesMail(access, place));
      await (await opened).send(letter);
    },
  };
}

/** Nobody asked for mail: what is to be told stands in the users' folders. */
const noMail: Mail = { send: async () => undefined };

/** What the functions are told by their environment; everything else they read from the administrator's bucket. @throws when it is not set */
export function functionPlace(environment = process.env): {
  readonly adminBucket: string;
  readonly region: string;
} {
  const { CLUSTERDROP_ADMIN_BUCKET: adminBucket, AWS_REGION: region } = environment;
  if (!adminBucket || !region) throw new Error('CLUSTERDROP_ADMIN_BUCKET and AWS_REGION must be set');
  return { adminBucket, region };
}
