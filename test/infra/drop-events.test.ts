import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation';
import {
  CreateBucketCommand,
  PutBucketNotificationConfigurationCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { clientConfig, s3Config } from '../../src/aws/access.ts';
import { type EmulatedTemplate, emulatorCopy } from '../emulator/emulator-copy.ts';
import { describeOnMoto, type Moto, startMoto } from '../emulator/moto.ts';
import { ADMIN_BUCKET, HOME, PARAMETERS, USERS_BUCKETS } from './deployed.ts';
import { template } from './templates.ts';

const HEARD = [
  'home/alice/mycluster.cf-create',
  'home/alice/project/deep/mycluster.cf-delete',
  'home/alice/with space + ünd.cf-create',
  'home/alice/mycluster.cf-create.txt',
  'home/alice/mycluster.CF-CREATE',
  'home/alice/mycluster.Cf-Delete',
];
const NOT_HEARD = [
  'home/alice/mycluster.cf-status',
  'home/alice/mycluster.cf-failed',
  'home/alice/mycluster.files/results.csv',
  'home/alice/authorized_keys',
  'other/mycluster.cf-create.txt',
  // Left to the sweep: patterns know no letter case but at the end.
  'home/alice/mycluster.CF-CREATE.txt',
];

describeOnMoto('of what is written into the users’ bucket', () => {
  let moto: Moto;
  let heard: readonly string[];
  beforeAll(async () => {
    moto = await startMoto();
    heard = await heardOf(moto, [...HEARD, ...NOT_HEARD]);
  }, 120_000);
  afterAll(() => moto.stop());

  it.each(HEARD)('the queue hears of %s', (key) => expect(heard).toContain(key));
  it.each(NOT_HEARD)('the queue does not hear of %s', (key) => expect(heard).not.toContain(key));
});

async function heardOf(moto: Moto, keys: readonly string[]): Promise<readonly string[]> {
  const s3 = new S3Client(s3Config(moto, HOME));
  const [Bucket] = USERS_BUCKETS;
  for (const name of [Bucket, ADMIN_BUCKET])
    await s3.send(
      new CreateBucketCommand({ Bucket: name, CreateBucketConfiguration: { LocationConstraint: HOME } }),
    );
  await s3.send(
    new PutBucketNotificationConfigurationCommand({
      Bucket,
      NotificationConfiguration: { EventBridgeConfiguration: {} },
    }),
  );
  const { CodeKey = '' } = PARAMETERS.engine;
  await s3.send(new PutObjectCommand({ Bucket: ADMIN_BUCKET, Key: CodeKey, Body: 'zip' }));
  const QueueUrl = await engineQueue(moto);
  for (const Key of keys) await s3.send(new PutObjectCommand({ Bucket, Key, Body: '{}' }));

  const sqs = new SQSClient(clientConfig(moto, HOME));
  const heard: string[] = [];
  for (;;) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 0 }),
    );
    if (Messages.length === 0) return heard;
    for (const { Body = '' } of Messages)
      heard.push((JSON.parse(Body) as { detail: { object: { key: string } } }).detail.object.key);
  }
}

async function engineQueue(moto: Moto): Promise<string | undefined> {
  const cloudformation = new CloudFormationClient(clientConfig(moto, HOME));
  const StackName = 'control-clusterdrop-engine';
  await cloudformation.send(
    new CreateStackCommand({
      StackName,
      TemplateBody: JSON.stringify(emulatorCopy(template('engine') as unknown as EmulatedTemplate)),
      Capabilities: ['CAPABILITY_NAMED_IAM'],
      Parameters: Object.entries(PARAMETERS.engine).map(([ParameterKey, ParameterValue]) => ({
        ParameterKey,
        ParameterValue,
      })),
    }),
  );
  const { Stacks: [stack] = [] } = await cloudformation.send(new DescribeStacksCommand({ StackName }));
  return stack?.Outputs?.find(({ OutputKey }) => OutputKey === 'QueueUrl')?.OutputValue;
}
