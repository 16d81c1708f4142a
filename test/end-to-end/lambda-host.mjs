// What Lambda does with an event source mapping, in a process that a test may kill at any moment: takes messages out of the
// queue, hands them to the very bundle that is uploaded, deletes those that it did not report as failed. Or it runs the sweep.
// The bundle reads its environment as in Lambda: CLUSTERDROP_ADMIN_BUCKET, AWS_REGION. (AWS_ENDPOINT_URL leads to the emulator.)

import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { DeleteMessageBatchCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';

const [what, functions, queueUrl, seconds] = process.argv.slice(2);
const { handler } = await import(pathToFileURL(join(functions, `${what}.mjs`)).href);

// Its own calls are Lambda's, not the function's.
const client = new SQSClient({ credentials: { accessKeyId: 'lambda-service', secretAccessKey: 'testing' } });

/** @param seconds after which a message that was not deleted is given again */
async function reconcile() {
  const { Messages = [] } = await client.send(
    new ReceiveMessageCommand({
      QueueUrl: queueUrl,
      MaxNumberOfMessages: 10,
      WaitTimeSeconds: 1,
      VisibilityTimeout: Number(seconds),
    }),
  );
  if (Messages.length === 0) return;
  const { batchItemFailures } = await handler({
    Records: Messages.map(({ MessageId, Body, ReceiptHandle }) => ({
      messageId: MessageId,
      receiptHandle: ReceiptHandle,
      body: Body,
      attributes: {},
      messageAttributes: {},
      eventSource: 'aws:sqs',
    })),
  });
  const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
  const done = Messages.filter(({ MessageId }) => !failed.has(MessageId));
  if (done.length > 0)
    await client.send(
      new DeleteMessageBatchCommand({
        QueueUrl: queueUrl,
        Entries: done.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle })),
      }),
    );
}

/** @param seconds between two of them */
async function sweep() {
  await handler({});
  await new Promise((resolve) => setTimeout(resolve, Number(seconds) * 1000));
}

async function forever(work) {
  for (;;) {
    try {
      await work();
    } catch (error) {
      // As in Lambda: what threw is given again.
      console.log(JSON.stringify({ level: 'error', why: String(error), stack: error.stack }));
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}

if (what === 'sweep') void forever(sweep);
else for (let at = 0; at < 2; at++) void forever(reconcile);
console.log('ready');
