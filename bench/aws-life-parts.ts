import { EC2Client, RunInstancesCommand } from '@aws-sdk/client-ec2';
import { CreateBucketCommand, PutBucketVersioningCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateEmailIdentityCommand, SESv2Client } from '@aws-sdk/client-sesv2';
import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { clientConfig, s3Config } from '../src/aws/access.ts';

// What an installation finds in an account, made in the emulator of which only the endpoint is known.

export const REGION = 'eu-west-2';
export const DOMAIN = 'example.org';

/** Versioned ones. */
export async function makeBuckets(endpoint: string, buckets: readonly string[]): Promise<void> {
  const s3 = new S3Client(s3Config({ endpoint }, REGION));
  for (const Bucket of buckets) {
    await s3.send(
      new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: REGION } }),
    );
    await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }));
  }
  s3.destroy();
}

/** From its addresses mail may be sent from now on. */
export async function verifyDomain(endpoint: string): Promise<void> {
  const ses = new SESv2Client(clientConfig({ endpoint }, REGION));
  await ses.send(new CreateEmailIdentityCommand({ EmailIdentity: DOMAIN }));
  ses.destroy();
}

/** @returns its address at the front: the SDK calls a queue where its address says. */
export async function makeQueue(endpoint: string, front: string): Promise<string> {
  const sqs = new SQSClient(clientConfig({ endpoint }, REGION));
  const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: 'clusterdrop-nudges' }));
  sqs.destroy();
  return `${front}${new URL(QueueUrl).pathname}`;
}

/** @returns its id */
export async function runInstance(endpoint: string): Promise<string> {
  const ec2 = new EC2Client(clientConfig({ endpoint }, REGION));
  const { Instances: [instance] = [] } = await ec2.send(
    new RunInstancesCommand({ ImageId: 'ami-12345678', MinCount: 1, MaxCount: 1 }),
  );
  ec2.destroy();
  if (instance?.InstanceId === undefined) throw new Error('the emulator started no instance');
  return instance.InstanceId;
}
