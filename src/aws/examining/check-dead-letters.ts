import { GetQueueAttributesCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { fail, ok, type Verdict } from '../../core/finding.ts';
import { visibleLine } from '../../core/report/visible.ts';
import { clientConfig } from '../access.ts';
import { type AwsSubject, deployAgain, sqsArn } from './aws-subject.ts';
import { NO_QUEUE } from './check-queue.ts';
import { ifThere } from './if-there.ts';

const MOST_SHOWN = 3;
const MOST_OF_ONE = 200;

/** Messages that nobody could follow up: bugs, and what was no message of ours. The system takes none of them up again by itself. */
export async function checkDeadLetters(subject: AwsSubject): Promise<readonly Verdict[]> {
  const { deadLetterQueueUrl: url, region } = subject.installation.aws;
  if (url === undefined) return [ok('there is no queue for them')];
  const sqs = new SQSClient(clientConfig(subject.access, region));
  const command = new GetQueueAttributesCommand({
    QueueUrl: url,
    AttributeNames: ['ApproximateNumberOfMessages'],
  });
  const found = await ifThere(sqs.send(command), ...NO_QUEUE);
  if (!found) return [fail(`${url} does not exist`, deployAgain(subject))];
  const count = Number(found.Attributes?.['ApproximateNumberOfMessages'] ?? 0);
  if (count === 0) return [ok('there are none')];
  const bodies = await firstBodies(sqs, url);
  const shown = bodies.map((body) => `  ${visibleLine(body, MOST_OF_ONE)}`);
  return [
    fail(
      `${count === 1 ? '1 message' : `${count} messages`} could not be followed up`,
      [
        ...(shown.length === 0 ? [] : ['It says, at its beginning:', ...shown]),
        'Look at all of them, and at the log of the function, for the reason:',
        `  aws sqs receive-message --queue-url ${url} --region ${region} --max-number-of-messages 10 --visibility-timeout 0`,
        'Once that is mended, have them followed up again:',
        `  aws sqs start-message-move-task --source-arn ${sqsArn(subject, url)} --region ${region}`,
      ].join('\n'),
    ),
  ];
}

/** A look that leaves them where they are: nothing takes messages out of this queue, and each is there for the next look at once. */
async function firstBodies(sqs: SQSClient, url: string): Promise<readonly string[]> {
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({ QueueUrl: url, MaxNumberOfMessages: MOST_SHOWN, VisibilityTimeout: 0 }),
  );
  return Messages.map(({ Body = '' }) => Body);
}
