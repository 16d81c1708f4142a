import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { s3Config } from '../../src/aws/access.ts';
import { S3Files } from '../../src/aws/s3-files.ts';
import { describeOnMoto, type Moto, startMoto } from '../emulator/moto.ts';
import { openS3Cli, REGION, type S3Cli } from './s3-cli.ts';

const MIB = 1024 * 1024;
const GOING = { aborted: false };

describeOnMoto('files on a bucket', () => {
  let moto: Moto;
  let world: S3Cli;
  beforeAll(async () => {
    moto = await startMoto();
  }, 60_000);
  afterAll(() => moto.stop());
  beforeEach(async () => {
    world = await openS3Cli(moto.endpoint);
  }, 60_000);
  afterEach(() => world.close());

  const here = (...path: string[]) => join(world.cwd, ...path);
  const store = async (path: string, body: string | Uint8Array) => {
    const Key = `home/alice/mycluster.files/${path}`;
    await world.s3.send(
      new PutObjectCommand({ Bucket: world.bucket, Key, Body: body, ContentLength: body.length }),
    );
  };
  const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

  it('go there in parts, come back whole, and are not copied again', async () => {
    const large = randomBytes(20 * MIB + 17);
    writeFileSync(here('large'), large);
    expect(await world.cli(['put', 'mycluster', 'large'])).toMatchObject({
      code: 0,
      out: 'Copied 1 file (21 MB) to home/alice/mycluster.files/.\n',
    });
    const Key = 'home/alice/mycluster.files/large';
    const head = await world.s3.send(new HeadObjectCommand({ Bucket: world.bucket, Key }));
    expect(head.ETag).toMatch(/-3"$/);
    expect((await world.cli(['put', 'mycluster', 'large'])).out).toContain('1 was there already');
    expect(await world.cli(['get', 'mycluster'])).toMatchObject({ code: 0 });
    expect(digest(readFileSync(here('mycluster.files', 'large')))).toBe(digest(large));
    expect(statSync(here('mycluster.files', 'large')).mtimeMs).toBe(head.LastModified?.getTime());
    expect((await world.cli(['get', 'mycluster'])).out).toContain('Copied 0 files (0 bytes)');
    await store('large', 'small now');
    expect((await world.cli(['get', 'mycluster', '--force'])).out).toContain('Copied 1 file (9 bytes)');
  });

  it('never leave the folder that they are copied to, whatever they are called', async () => {
    // The emulator's web server takes no more of them; what any bucket may say is in copy-hostile.test.ts.
    const hostile = ['..\\escaped', 'C:\\escaped', 'bell\u0007', 'x'.repeat(256)];
    for (const name of hostile) await store(name, 'hostile');
    await store('folder/', '');
    await store('good/ü ö+%41.txt', 'good');
    const said = await world.cli(['get', 'mycluster', '--json']);
    expect(said.code).toBe(2);
    const { copied, problems } = JSON.parse(said.out);
    expect(copied).toEqual(['good/ü ö+%41.txt']);
    expect(problems.map(({ code }: { code: string }) => code)).toEqual(hostile.map(() => 'bad-file-path'));
    expect(readdirSync(world.cwd)).toEqual(['mycluster.files']);
    expect(readdirSync(here('mycluster.files'), { recursive: true })).toEqual(['good', 'good/ü ö+%41.txt']);
    const words = await world.cli(['get', 'mycluster']);
    expect(words.err).not.toContain('\u0007');
  });

  it('are many at once', async () => {
    for (let n = 0; n < 60; n++) writeFileSync(here(`file-${n}`), `${n}`);
    writeFileSync(here('empty'), '');
    expect((await world.cli(['put', 'mycluster', '.'])).out).toContain('Copied 61 files');
    expect((await world.cli(['get', 'mycluster', '--to', 'back'])).out).toContain('Copied 61 files');
    expect(statSync(here('back', 'empty')).size).toBe(0);
    expect(readFileSync(here('back', 'file-42'), 'utf8')).toBe('42');
  });

  it('leave nothing half done where a part of one fails', async () => {
    const client = new S3Client(s3Config(moto, REGION));
    const files = new S3Files({ client, bucket: world.bucket, partSize: 5 * MIB });
    const source = {
      size: 16 * MIB,
      read: async (start: number, end: number) => {
        if (start === 10 * MIB) throw new Error('the disk is gone');
        return new Uint8Array(end - start);
      },
    };
    const write = files.write('home/alice/x.files/x', source, () => undefined, GOING);
    await expect(write).rejects.toThrow('the disk is gone');
    expect(await files.read('home/alice/x.files/x')).toBeUndefined();
    const left = await client.send(new ListMultipartUploadsCommand({ Bucket: world.bucket }));
    expect(left.Uploads ?? []).toEqual([]);
  });

  it('stop on Ctrl-C, and say how to go on', async () => {
    await store('a', 'one');
    const stopped = await world.cli(['get', 'mycluster'], { stopped: true });
    expect(stopped).toMatchObject({ code: 130, err: expect.stringContaining('copies what is missing') });
    expect(readdirSync(here('mycluster.files'))).toEqual([]);
  });
});
