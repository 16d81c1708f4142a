import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { answering } from '../aws/s3-fixture.ts';
import { openFolderGate } from '../emulator/folder-gate.ts';
import { describeOnMoto, type Moto, startMoto } from '../emulator/moto.ts';
import { openS3Cli, type S3Cli } from './s3-cli.ts';

const WHO =
  '<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::123456789012:user/alice</Arn></GetCallerIdentityResult></GetCallerIdentityResponse>';

describeOnMoto('what can be wrong between here and a bucket', () => {
  let moto: Moto;
  let world: S3Cli;
  beforeAll(async () => {
    moto = await startMoto();
  }, 60_000);
  afterAll(() => moto.stop());
  beforeEach(async () => {
    world = await openS3Cli(moto.endpoint);
  }, 60_000);
  afterEach(() => {
    vi.unstubAllEnvs();
    world.close();
  });

  it.each([
    ['ExpiredToken', 400, 'your AWS credentials have expired', 2],
    ['InvalidAccessKeyId', 403, 'AWS does not know your credentials', 2],
    ['SignatureDoesNotMatch', 403, 'AWS does not know your credentials', 2],
    ['AccessDenied', 403, 'home/alice/ is not open to you', 2],
    ['NoSuchBucket', 404, 'there is no bucket users-', 2],
    ['KMS.DisabledException', 400, 'AWS could not do it: KMS.DisabledException', 3],
  ])('%s is told in words', async (code, status, words, exit) => {
    const aws = await answering((request, response) => {
      const isHead = request.method === 'HEAD';
      const isSts = request.url === '/';
      response.writeHead(isHead || isSts ? 200 : status, { 'content-type': 'application/xml' });
      const error = `<Error><Code>${code}</Code><Message>no</Message></Error>`;
      response.end(isHead ? undefined : isSts ? WHO : error);
    });
    try {
      const said = await world.cli(['list'], { env: { AWS_ENDPOINT_URL: aws.endpoint } });
      expect(said).toMatchObject({ code: exit, out: '' });
      expect(said.err).toContain(words);
      const asked = await world.cli(['doctor', '--json'], { env: { AWS_ENDPOINT_URL: aws.endpoint } });
      expect(asked.code).toBe(3);
      const { checks } = JSON.parse(asked.out);
      const failed = checks.filter((one: { outcome: string }) => one.outcome === 'fail');
      expect(failed).toEqual([
        expect.objectContaining({ says: expect.stringContaining(words), fix: expect.any(String) }),
      ]);
    } finally {
      await aws.close();
    }
  });

  it('nobody listens there', async () => {
    const gone = await answering(() => undefined);
    await gone.close();
    const said = await world.cli(['list'], { env: { AWS_ENDPOINT_URL: gone.endpoint } });
    expect(said).toMatchObject({ code: 2, err: expect.stringContaining('AWS cannot be reached') });
  });

  it('nothing is called that is not on this machine', async () => {
    const said = await world.cli(['list'], { env: { AWS_ENDPOINT_URL: '' } });
    expect(said).toMatchObject({ code: 70, err: expect.stringContaining('CLUSTERDROP_LOOPBACK_ONLY') });
  });

  it('a right is missing that the doctor names', async () => {
    const gate = await openFolderGate(moto.endpoint, world.bucket, 'alice', ['PUT']);
    try {
      const said = await world.cli(['doctor'], { env: { AWS_ENDPOINT_URL: gate.endpoint } });
      expect(said.code).toBe(3);
      expect(said.out).toMatch(
        /^fail {2}you cannot write in home\/alice\/, so you can drop no file: AWS refused/m,
      );
      expect(said.out).toMatch(/^ok {4}you can list home\/alice\//m);
      expect(said.out).toContain('One thing must be mended.');
    } finally {
      await gate.stop();
    }
  });
});
