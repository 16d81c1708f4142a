import { spawnSync } from 'node:child_process';
import {
  DeleteObjectCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, test } from 'vitest';
import { s3Config } from '../../src/aws/access.ts';
import { openS3Store, S3Store } from '../../src/aws/s3-store.ts';
import { ProblemError } from '../../src/core/problems.ts';
import { type ObjectStore, Throttled } from '../../src/engine/ports.ts';
import { objectStoreContract } from '../contract/object-store.contract.ts';
import { describeOnMoto, type Moto, startMoto } from '../emulator/moto.ts';
import {
  answering,
  type Loopback,
  type OpenedBucket,
  openBucket,
  REGION,
  setVersioning,
} from './s3-fixture.ts';

const KEY = 'home/alice/x.cf-create';

async function listed(store: ObjectStore, prefix: string) {
  const keys: string[] = [];
  const folders: string[] = [];
  for await (const page of store.list(prefix)) {
    keys.push(...page.objects.map(({ key }) => key));
    folders.push(...page.folders);
  }
  return { keys, folders };
}

async function textAt(store: ObjectStore, key: string): Promise<string | undefined> {
  const object = await store.get(key);
  return object && new TextDecoder().decode(object.body);
}

/** One call of every kind. */
function callsOf(store: ObjectStore): (() => Promise<unknown>)[] {
  return [
    () => store.get(KEY),
    () => store.get(KEY, 0),
    () => store.get(KEY, 1),
    () => store.put(KEY, '{}'),
    () => store.put(KEY, '{}', { ifAbsent: true }),
    () => store.put(KEY, '{}', { ifVersion: 'null' }),
    () => store.remove(KEY, 'null'),
    () => listed(store, 'home/alice/'),
  ];
}

/** The code of the problem that a call ends with. */
async function problemOf(call: Promise<unknown>): Promise<string> {
  const error = await call.then(
    () => new Error('it succeeded'),
    (reason: unknown) => reason,
  );
  if (error instanceof ProblemError) return error.problems.map((one) => one.code).join();
  throw error;
}

/** Runs `meanwhile` once, just before the client sends its next command of this name. */
function before(client: S3Client, command: string, meanwhile: () => Promise<unknown>): void {
  let done = false;
  client.middlewareStack.add(
    (next, context) => async (args) => {
      if (!done && context['commandName'] === command) {
        done = true;
        await meanwhile();
      }
      return next(args);
    },
    { step: 'initialize' },
  );
}

/** The next command of this name takes effect, but its answer gets lost on the way, and the SDK sends it again. */
function losingAnswerOf(client: S3Client, command: string): void {
  let done = false;
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const result = await next(args);
      if (done || context['commandName'] !== command) return result;
      done = true;
      throw Object.assign(new Error('the answer got lost'), { name: 'TimeoutError' });
    },
    { step: 'deserialize', priority: 'low' },
  );
}

describeOnMoto('a bucket on the emulator', () => {
  let moto: Moto;
  beforeAll(async () => {
    moto = await startMoto();
  });
  afterAll(() => moto.stop());

  // A call takes some milliseconds here, and of an old bucket nothing is left to be slow with.
  objectStoreContract('S3', () => openBucket(moto.endpoint), { runs: 5 });

  describe('S3', () => {
    let opened: OpenedBucket;
    let store: S3Store;
    beforeEach(async () => {
      opened = await openBucket(moto.endpoint);
      store = opened.store;
    });
    afterEach(() => opened.close());

    const somebodyPuts = (body: string, key = KEY) =>
      opened.other.send(new PutObjectCommand({ Bucket: opened.bucket, Key: key, Body: body }));
    const somebodyDeletes = (key = KEY) =>
      opened.other.send(new DeleteObjectCommand({ Bucket: opened.bucket, Key: key }));

    describe('removing', () => {
      it('gives back the same text that was dropped anew between look and deletion', async () => {
        const first = await store.put(KEY, '{}');
        let second: string | undefined;
        before(opened.client, 'DeleteObjectCommand', async () => {
          second = (await somebodyPuts('{}')).VersionId;
        });
        expect(await store.remove(KEY, first?.version ?? '')).toBe('changed');
        expect(second).toBeDefined();
        expect(await store.get(KEY)).toMatchObject({ version: second, size: 2 });
        expect((await listed(store, KEY)).keys).toEqual([KEY]);
        expect(await store.remove(KEY, second ?? '')).toBe('removed');
      });

      it('leaves other text that was dropped in between', async () => {
        const first = await store.put(KEY, '{}');
        before(opened.client, 'DeleteObjectCommand', () => somebodyPuts('{"a":1}'));
        expect(await store.remove(KEY, first?.version ?? '')).toBe('changed');
        expect(await textAt(store, KEY)).toBe('{"a":1}');
      });

      it('leaves what was written onto its marker', async () => {
        const first = await store.put(KEY, '{}');
        before(opened.client, 'ListObjectVersionsCommand', () => somebodyPuts('{}'));
        expect(await store.remove(KEY, first?.version ?? '')).toBe('removed');
        expect(await textAt(store, KEY)).toBe('{}');
      });

      it('claims nothing that somebody else removed', async () => {
        const first = await store.put(KEY, '{}');
        before(opened.client, 'DeleteObjectCommand', () => somebodyDeletes());
        expect(await store.remove(KEY, first?.version ?? '')).toBe('absent');
      });

      it('looks under its marker also when it never heard that there is one', async () => {
        const first = await store.put(KEY, '{}');
        before(opened.client, 'DeleteObjectCommand', () => somebodyPuts('{}'));
        losingAnswerOf(opened.client, 'DeleteObjectCommand');
        expect(await store.remove(KEY, first?.version ?? '')).toBe('changed');
        expect(await textAt(store, KEY)).toBe('{}');
      });

      it('brings no deletion of another key to an end', async () => {
        await somebodyPuts('{}', `${KEY}x`);
        await somebodyDeletes(`${KEY}x`);
        const first = await store.put(KEY, '{}');
        losingAnswerOf(opened.client, 'DeleteObjectCommand');
        expect(await store.remove(KEY, first?.version ?? '')).toBe('absent');
        expect((await listed(store, KEY)).keys).toEqual([]);
      });

      it('keeps what it removes among the old versions', async () => {
        const first = await store.put(KEY, '{}');
        await store.remove(KEY, first?.version ?? '');
        const { Versions } = await opened.other.send(
          new ListObjectVersionsCommand({ Bucket: opened.bucket }),
        );
        expect(Versions?.map(({ VersionId }) => VersionId)).toEqual([first?.version]);
      });
    });

    describe('writing', () => {
      it('knows its own write again when the answer got lost', async () => {
        losingAnswerOf(opened.client, 'PutObjectCommand');
        const written = await store.put(KEY, 'mine', { ifAbsent: true });
        expect(await store.get(KEY)).toMatchObject({ ...written });
        expect(written?.size).toBe(4);
      });

      it("does not take another's write for its own", async () => {
        before(opened.client, 'PutObjectCommand', () => somebodyPuts('mine'));
        losingAnswerOf(opened.client, 'PutObjectCommand');
        expect(await store.put(KEY, 'mine', { ifAbsent: true })).toBeUndefined();
      });

      it('fails its condition when the object goes in between', async () => {
        const first = await store.put(KEY, 'old');
        before(opened.client, 'PutObjectCommand', () => somebodyDeletes());
        expect(await store.put(KEY, 'new', { ifVersion: first?.version ?? '' })).toBeUndefined();
        expect(await store.get(KEY)).toBeUndefined();
      });

      it.each([
        ['home/alice/x.cf-status', 'text/plain; charset=utf-8'],
        ['home/alice/x.cf-created', 'text/plain; charset=utf-8'],
        ['reports/x.json', 'application/json'],
        ['customizer/alice/manifest.txt', 'text/plain; charset=utf-8'],
        ['customizer/alice/configure.d/10-x', 'text/plain; charset=utf-8'],
        ['home/alice/page.html', 'text/plain; charset=utf-8'],
      ])('lets a browser show %s', async (key, type) => {
        await store.put(key, 'grüße');
        const { ContentType } = await opened.other.send(
          new HeadObjectCommand({ Bucket: opened.bucket, Key: key }),
        );
        expect(ContentType).toBe(type);
      });
    });

    describe('listing', () => {
      it('shows no key and no folder of which only old versions are left', async () => {
        for (const key of ['home/alice/gone/a', 'home/alice/gone/deep/b', 'home/alice/gone.txt']) {
          await somebodyPuts('{}', key);
          await somebodyDeletes(key);
        }
        await somebodyPuts('{}', 'home/alice/here/a');
        await somebodyPuts('{}', 'home/zoe/a');
        await somebodyDeletes('home/zoe/a');
        expect(await listed(store, 'home/')).toEqual({ keys: [], folders: ['home/alice/'] });
        expect(await listed(store, 'home/alice/')).toEqual({ keys: [], folders: ['home/alice/here/'] });
        expect(await listed(store, 'home/alice/gone/')).toEqual({ keys: [], folders: [] });
      });

      it('takes one call for the files of a cluster, however often its status was written', async () => {
        for (let n = 0; n < 30; n++) await store.put('home/alice/x.cf-status', `${n}`);
        await store.put(KEY, '{}');
        const calls: string[] = [];
        opened.client.middlewareStack.add(
          (next, context) => (args) => {
            calls.push(String(context['commandName']));
            return next(args);
          },
          { step: 'initialize' },
        );
        expect((await listed(store, 'home/alice/x.cf-')).keys).toEqual([KEY, 'home/alice/x.cf-status']);
        expect(calls).toEqual(['ListObjectVersionsCommand']);
      });

      it('goes on after a page within the versions of one key', async () => {
        for (const key of ['a', 'b', 'c'])
          for (let n = 0; n < 5; n++) await store.put(`home/alice/${key}`, `${n}`);
        // Pages of four entries.
        opened.client.middlewareStack.add(
          (next, context) => (args) => {
            if (context['commandName'] === 'ListObjectVersionsCommand')
              Object.assign(args.input, { MaxKeys: 4 });
            return next(args);
          },
          { step: 'initialize' },
        );
        expect((await listed(store, 'home/alice/')).keys).toEqual(
          ['a', 'b', 'c'].map((key) => `home/alice/${key}`),
        );
      });

      it('throws when a later page fails', async () => {
        for (let n = 0; n < 4; n++) await store.put(`home/alice/${n}`, '{}');
        let pages = 0;
        opened.client.middlewareStack.add(
          (next, context) => (args) => {
            if (context['commandName'] === 'ListObjectVersionsCommand') {
              Object.assign(args.input, { MaxKeys: 2 });
              if (++pages === 2) throw Object.assign(new Error('x'), { name: 'SlowDown' });
            }
            return next(args);
          },
          { step: 'initialize' },
        );
        await expect(listed(store, 'home/alice/')).rejects.toBeInstanceOf(Throttled);
      });
    });

    it.for(['a b', 'a+b', '100%', '%2F', 'q?x=1&y=2#z', 'München', '🎉', '"\'<&>', 'a\\b', "(x)!*'"])(
      'finds what the AWS command line put as %s',
      async (name, context) => {
        const aws = ['s3api', 'put-object', '--endpoint-url', moto.endpoint, '--region', REGION];
        const key = `home/alice/${name}`;
        const run = spawnSync('aws', [...aws, '--bucket', opened.bucket, '--key', key], {
          encoding: 'utf8',
          // An empty profile name, right for the SDK, is wrong for Python.
          env: Object.fromEntries(
            Object.entries(process.env).filter(([variable]) => variable !== 'AWS_PROFILE'),
          ),
        });
        if (run.error) return context.skip('no AWS command line here');
        expect(run.stderr).toBe('');
        const { VersionId } = JSON.parse(run.stdout) as { VersionId: string };
        expect((await listed(store, 'home/alice/')).keys).toEqual([key]);
        expect(await store.get(key)).toMatchObject({ key, version: VersionId, size: 0 });
        expect(await store.remove(key, VersionId)).toBe('removed');
      },
    );

    it('says that a bucket is missing, never that an object is', async () => {
      const missing = new S3Store({ bucket: 'no-such-bucket', client: opened.client });
      for (const call of callsOf(missing)) expect(await problemOf(call())).toBe('no-such-bucket');
    });
  });

  describe('a bucket without versioning', () => {
    it('is refused, whatever is asked', async () => {
      const opened = await openBucket(moto.endpoint, { versioned: false });
      const { store } = opened;
      expect(await problemOf(store.put(KEY, '{}'))).toBe('bucket-not-versioned');
      // Whether there is something S3 itself decides; all others see the object without a version.
      for (const call of callsOf(store).filter((one) => !String(one).includes('ifAbsent')))
        expect(await problemOf(call())).toBe('bucket-not-versioned');
      opened.close();
    });

    it('is good once versioning is on, with what lay there before', async () => {
      const opened = await openBucket(moto.endpoint, { versioned: false });
      const { store, other, bucket } = opened;
      await other.send(new PutObjectCommand({ Bucket: bucket, Key: KEY, Body: '{}' }));
      await other.send(new PutObjectCommand({ Bucket: bucket, Key: 'home/alice/data', Body: '1' }));
      await setVersioning(other, bucket, 'Enabled');
      expect((await listed(store, 'home/alice/')).keys).toEqual(['home/alice/data', KEY]);
      expect(await store.get(KEY)).toMatchObject({ version: 'null', size: 2 });
      expect(await store.remove(KEY, 'null')).toBe('removed');
      expect(await store.get(KEY)).toBeUndefined();
      const written = await store.put('home/alice/data', '2', { ifVersion: 'null' });
      expect(written?.version).not.toBe('null');
      await setVersioning(other, bucket, 'Suspended');
      await other.send(new PutObjectCommand({ Bucket: bucket, Key: KEY, Body: '{}' }));
      expect(await problemOf(listed(store, 'home/alice/'))).toBe('bucket-not-versioned');
      expect(await problemOf(store.get(KEY))).toBe('bucket-not-versioned');
      opened.close();
    });
  });
});

describe('what S3 answers and the emulator never does', () => {
  let server: Loopback | undefined;
  afterEach(() => server?.close());

  async function storeThatHears(status: number, xml: string): Promise<ObjectStore> {
    server = await answering((request, response) => {
      response.writeHead(status, { 'content-type': 'application/xml' });
      response.end(request.method === 'HEAD' ? undefined : xml);
    });
    // The SDK's own patience is not what is looked at here.
    const client = new S3Client({
      ...s3Config({ endpoint: server.endpoint }, REGION),
      retryMode: 'standard',
      maxAttempts: 1,
    });
    return new S3Store({ bucket: 'users', client });
  }

  const refusal = (code: string) => `<Error><Code>${code}</Code><Message>in words</Message></Error>`;

  test.each([
    [503, 'SlowDown'],
    [503, 'ServiceUnavailable'],
    [500, 'InternalError'],
    [429, 'TooManyRequests'],
    [400, 'RequestTimeout'],
  ])('%i %s is Throttled', async (status, code) => {
    const store = await storeThatHears(status, refusal(code));
    for (const call of callsOf(store)) await expect(call()).rejects.toBeInstanceOf(Throttled);
  });

  test.each([
    [403, 'AccessDenied', 'access-denied'],
    [400, 'ExpiredToken', 'credentials-expired'],
    [403, 'InvalidAccessKeyId', 'unknown-credentials'],
    [403, 'SignatureDoesNotMatch', 'unknown-credentials'],
    [404, 'NoSuchBucket', 'no-such-bucket'],
  ])('%i %s is never "absent" but the problem %s, HEAD or not', async (status, code, expected) => {
    const store = await storeThatHears(status, refusal(code));
    for (const call of callsOf(store)) expect(await problemOf(call())).toBe(expected);
  });

  it('reads keys as S3 itself encodes them', async () => {
    const keys = ['a+b.txt', 'a%2Bb.txt', '100%25.csv', '%ED%95%9C%EA%B8%80', 'line%0Abreak', 'bell%07'];
    const version = (key: string) =>
      `<Version><Key>${key}</Key><VersionId>v</VersionId><IsLatest>true</IsLatest>
       <LastModified>2026-11-22T15:04:05.000Z</LastModified><ETag>"e"</ETag><Size>1</Size></Version>`;
    const store = await storeThatHears(
      200,
      `<ListVersionsResult><IsTruncated>false</IsTruncated><EncodingType>url</EncodingType>${keys.map(version).join('')}</ListVersionsResult>`,
    );
    expect((await listed(store, '')).keys).toEqual([
      'a b.txt',
      'a+b.txt',
      '100%.csv',
      '한글',
      'line\nbreak',
      'bell\u0007',
    ]);
  });

  it('is never taken for an empty listing when nobody answers', async () => {
    server = await answering(() => undefined);
    const { endpoint } = server;
    await server.close();
    const store = openS3Store({ endpoint }, REGION, 'users');
    expect(await problemOf(listed(store, 'home/'))).toBe('aws-unreachable');
  });
});
