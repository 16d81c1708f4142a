import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CreateBucketCommand, PutBucketVersioningCommand, S3Client } from '@aws-sdk/client-s3';
import { s3Config } from '../../src/aws/access.ts';
import { S3Store } from '../../src/aws/s3-store.ts';

export const REGION = 'eu-west-2';

export interface OpenedBucket {
  readonly bucket: string;
  readonly store: S3Store;
  /** Of the store: a test may put a middleware into it. */
  readonly client: S3Client;
  /** Somebody else's. */
  readonly other: S3Client;
  settle(): void;
  close(): void;
}

let buckets = 0;

/** A fresh bucket on an emulator. */
export async function openBucket(
  endpoint: string,
  { versioned = true }: { readonly versioned?: boolean } = {},
): Promise<OpenedBucket> {
  const bucket = `users-${buckets++}`;
  const client = new S3Client(s3Config({ endpoint }, REGION));
  const other = new S3Client(s3Config({ endpoint }, REGION));
  await other.send(
    new CreateBucketCommand({ Bucket: bucket, CreateBucketConfiguration: { LocationConstraint: REGION } }),
  );
  if (versioned) await setVersioning(other, bucket, 'Enabled');
  return {
    bucket,
    client,
    other,
    store: new S3Store({ bucket, client }),
    settle: () => undefined,
    close: () => {
      client.destroy();
      other.destroy();
    },
  };
}

export async function setVersioning(
  client: S3Client,
  bucket: string,
  Status: 'Enabled' | 'Suspended',
): Promise<void> {
  await client.send(new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration: { Status } }));
}

export interface Loopback {
  readonly endpoint: string;
  close(): Promise<void>;
}

/** Speaks HTTP on a port of this machine, for answers of AWS that the emulator never gives. */
export async function answering(
  answer: (request: IncomingMessage & { readonly body: string }, response: ServerResponse) => void,
): Promise<Loopback> {
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () =>
      answer(Object.assign(request, { body: Buffer.concat(parts).toString() }), response),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
