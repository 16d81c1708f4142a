import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { S3Client } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { s3Config } from '../../src/aws/access.ts';
import { S3Store } from '../../src/aws/s3-store.ts';

describe('a call to somebody who never answers', () => {
  const server = createServer((socket) => socket.on('error', () => undefined));
  beforeEach(async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(() => void server.close());

  it('comes to an end, and is told as trouble on the way', async () => {
    const { port } = server.address() as AddressInfo;
    const config = s3Config({ endpoint: `http://127.0.0.1:${port}` }, 'eu-west-2');
    // The same limits, only shorter: whatever they are called, one of them must end the call.
    const limits = Object.fromEntries(Object.keys(config.requestHandler).map((name) => [name, 50]));
    const client = new S3Client({
      ...config,
      requestHandler: limits,
      maxAttempts: 1,
      credentials: { accessKeyId: 'nobody', secretAccessKey: 'nobody' },
    });
    await expect(
      new S3Store({ bucket: 'users', client }).get('home/alice/x.cf-create'),
    ).rejects.toMatchObject({
      problems: [{ code: 'aws-unreachable' }],
    });
    client.destroy();
  }, 5000);
});
