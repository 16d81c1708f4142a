import {
  CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  ListStackResourcesCommand,
  ListStacksCommand,
} from '@aws-sdk/client-cloudformation';
import { DescribeInstancesCommand, EC2Client } from '@aws-sdk/client-ec2';
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { SESv2Client, SendEmailCommand } from '@aws-sdk/client-sesv2';
import { clientConfig, s3Config } from '../src/aws/access.ts';
import { MINUTE, SECOND } from '../src/core/instant.ts';
import { type AwsLifeAccount, USER } from './aws-life-account.ts';
import type { FunctionsWork } from './aws-life-functions.ts';
import { REGION } from './aws-life-parts.ts';

const NAME = 'mycluster';
const PATH = `home/${USER}/${NAME}`;
/** Without it the guide starts nothing for a user. */
const PROFILE = `customizer/${USER}/configure.d/user.sh`;
const POLL_EVERY = 2 * SECOND;
/** No function runs longer. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const LONGEST = 15 * MINUTE;
/**
 * S3 calls a function asynchronously: one that was cut off is tried twice more, and then the file has to be dropped again.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
 */
const PAUSES = [MINUTE, 2 * MINUTE];

class CutOff extends Error {}

/**
 * A model of how the quick start guide did it, after what is publicly known of its two functions; not their code. The one for
 * `.cf-create` starts the stack and waits for it: every two seconds it lists the stacks that are complete, first page only, until the
 * name shows up. The one for `.cf-delete` asks for the deletion and waits for nothing.
 */
export async function measureOldWay(account: AwsLifeAccount): Promise<FunctionsWork> {
  const { front, users, admin, stacks } = account;
  const aws = clientsOf(front.endpoint);
  let [invocations, seconds] = [0, 0];
  const invoke = async (work: (wait: () => void) => Promise<void>): Promise<boolean> => {
    invocations++;
    let waited = 0;
    const wait = () => {
      if (waited + POLL_EVERY > LONGEST) throw new CutOff();
      waited += POLL_EVERY;
      account.clock.advance(POLL_EVERY);
    };
    const begin = performance.now();
    try {
      await work(wait);
    } catch (error) {
      if (!(error instanceof CutOff)) throw error;
      seconds += LONGEST / SECOND;
      return false;
    }
    // Time passes for the stack while the function waits, not while it calls; both are paid for.
    seconds += waited / SECOND + (performance.now() - begin) / 1000;
    return true;
  };

  await users.put(`${PATH}.cf-create`, '{}');
  await admin.put(PROFILE, '#!/bin/sh\n');
  const traffic = await front.count(async () => {
    for (let tries = 0; !(await invoke((wait) => create(account, aws, wait))); tries++)
      account.clock.advance(PAUSES[tries % (PAUSES.length + 1)] ?? 0);
    await users.put(`${PATH}.cf-delete`, '');
    await invoke(() => remove(account, aws));
  });
  for (const client of Object.values(aws)) client.destroy();
  const stack = await stacks.describe({ name: NAME });
  if (stack?.status !== 'DELETE_IN_PROGRESS')
    throw new Error(`the old way should be deleting its stack, which is ${stack?.status ?? 'not there'}`);
  return { ...traffic, invocations, seconds };
}

type Clients = ReturnType<typeof clientsOf>;

function clientsOf(endpoint: string) {
  const config = clientConfig({ endpoint }, REGION);
  return {
    s3: new S3Client(s3Config({ endpoint }, REGION)),
    cloudFormation: new CloudFormationClient(config),
    ec2: new EC2Client(config),
    ses: new SESv2Client(config),
  };
}

async function create(account: AwsLifeAccount, aws: Clients, wait: () => void): Promise<void> {
  const { admin, installation, template } = account;
  const drop = { Bucket: installation.bucket, Key: `${PATH}.cf-create` };
  await aws.s3.send(new HeadObjectCommand({ Bucket: admin.bucket, Key: PROFILE }));
  await (await aws.s3.send(new GetObjectCommand(drop))).Body?.transformToString();
  // Before there is a stack, and once more at each try.
  await aws.ses.send(
    new SendEmailCommand({
      FromEmailAddress: installation.adminEmail,
      Destination: { ToAddresses: [installation.adminEmail ?? ''] },
      Content: {
        Simple: {
          Subject: { Data: `AWS ${USER} started ${NAME}` },
          Body: { Text: { Data: `key ${drop.Key}` } },
        },
      },
    }),
  );
  await aws.cloudFormation.send(
    new CreateStackCommand({
      StackName: NAME,
      TemplateBody: template.body,
      Parameters: template.parameters.map((key) => ({ ParameterKey: key, ParameterValue: 'any' })),
      Tags: [{ Key: 'project', Value: USER }],
      Capabilities: ['CAPABILITY_IAM'],
      ClientRequestToken: NAME,
    }),
  );
  while (!(await isComplete(aws))) wait();
  const { StackResourceSummaries: resources = [] } = await aws.cloudFormation.send(
    new ListStackResourcesCommand({ StackName: NAME }),
  );
  const instance = resources.findLast(({ ResourceType }) => ResourceType === 'AWS::EC2::Instance');
  const { Reservations: [reservation] = [] } = await aws.ec2.send(
    new DescribeInstancesCommand({ InstanceIds: [instance?.PhysicalResourceId ?? ''] }),
  );
  const address = reservation?.Instances?.[0]?.PublicIpAddress;
  if (address === undefined) throw new Error('the old way found no address');
  await aws.s3.send(new PutObjectCommand({ ...drop, Key: `${PATH}.cf-created`, Body: address }));
  await aws.s3.send(new DeleteObjectCommand(drop));
}

/** With more stacks than go on a page it is seen only because CloudFormation happens to name the newest first. */
async function isComplete({ cloudFormation }: Clients): Promise<boolean> {
  const { StackSummaries = [] } = await cloudFormation.send(
    new ListStacksCommand({ StackStatusFilter: ['CREATE_COMPLETE'] }),
  );
  return StackSummaries.some(({ StackName }) => StackName === NAME);
}

async function remove({ installation }: AwsLifeAccount, { s3, cloudFormation }: Clients): Promise<void> {
  const { bucket } = installation;
  const drop = { Bucket: bucket, Key: `${PATH}.cf-delete` };
  await cloudFormation.send(
    new DeleteStackCommand({ StackName: NAME, ClientRequestToken: `${NAME}-delete` }),
  );
  await s3.send(
    new CopyObjectCommand({
      Bucket: bucket,
      Key: `${PATH}.cf-deleted`,
      CopySource: `${bucket}/${drop.Key}`,
    }),
  );
  await s3.send(new DeleteObjectCommand(drop));
}
