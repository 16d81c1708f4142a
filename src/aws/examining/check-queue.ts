import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { fail, ok, type Verdict } from '../../core/finding.ts';
import { SECOND } from '../../core/instant.ts';
import { clientConfig } from '../access.ts';
import { type AwsSubject, deployAgain, functionName } from './aws-subject.ts';
import { ifThere } from './if-there.ts';
import { judgeQueue } from './judge-queue.ts';

/** SQS gives one thing two names: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueAttributes.html */
export const NO_QUEUE = ['QueueDoesNotExist', 'AWS.SimpleQueueService.NonExistentQueue'];

export async function checkQueue(subject: AwsSubject): Promise<readonly Verdict[]> {
  const { queueUrl, region } = subject.installation.aws;
  if (queueUrl === undefined) return [ok('there is none')];
  const sqs = new SQSClient(clientConfig(subject.access, region));
  const command = new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ['All'] });
  const found = await ifThere(sqs.send(command), ...NO_QUEUE);
  if (!found) return [fail(`${queueUrl} does not exist`, deployAgain(subject))];
  const seconds = await functionSeconds(subject);
  return judgeQueue(
    {
      attributes: { ...found.Attributes },
      ...(seconds !== undefined && { functionTimeout: seconds * SECOND }),
    },
    deployAgain(subject),
  );
}

/** Another check tells when the function is missing, or may not be seen. */
async function functionSeconds(subject: AwsSubject): Promise<number | undefined> {
  const lambda = new LambdaClient(clientConfig(subject.access, subject.installation.aws.region));
  const command = new GetFunctionConfigurationCommand({ FunctionName: functionName(subject, 'reconcile') });
  return lambda.send(command).then(
    ({ Timeout }) => Timeout,
    () => undefined,
  );
}
