import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { CreateAccessKeyCommand, CreateRoleCommand, CreateUserCommand, IAMClient } from '@aws-sdk/client-iam';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { clientConfig } from '../../src/aws/access.ts';
import { addUser } from '../../src/engine/administration/add-user.ts';
import { answering } from '../aws/s3-fixture.ts';
import { openFolderGate } from '../emulator/folder-gate.ts';
import { describeOnMoto, type Moto, startMoto } from '../emulator/moto.ts';
import { openS3Cli, REGION, type S3Cli } from './s3-cli.ts';

describeOnMoto('whose clusters, by AWS identity', () => {
  let moto: Moto;
  let world: S3Cli;
  beforeAll(async () => {
    moto = await startMoto();
  }, 60_000);
  afterAll(() => moto.stop());
  beforeEach(async () => {
    await moto.reset();
    world = await openS3Cli(moto.endpoint);
  }, 60_000);
  afterEach(() => {
    vi.unstubAllEnvs();
    world.close();
  });

  const typed = (...args: string[]) => world.plain([...args, '--store', world.store]);

  async function becomeUser(UserName: string, Path = '/'): Promise<void> {
    const iam = new IAMClient(clientConfig(moto, REGION));
    await iam.send(new CreateUserCommand({ UserName, Path }));
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }));
    vi.stubEnv('AWS_ACCESS_KEY_ID', AccessKey?.AccessKeyId ?? '');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', AccessKey?.SecretAccessKey ?? '');
  }

  async function becomeSession(RoleSessionName: string): Promise<void> {
    const iam = new IAMClient(clientConfig(moto, REGION));
    await iam.send(new CreateRoleCommand({ RoleName: 'Researchers', AssumeRolePolicyDocument: '{}' }));
    const sts = new STSClient(clientConfig(moto, REGION));
    const RoleArn = 'arn:aws:iam::123456789012:role/Researchers';
    const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName }));
    vi.stubEnv('AWS_ACCESS_KEY_ID', Credentials?.AccessKeyId ?? '');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', Credentials?.SecretAccessKey ?? '');
    vi.stubEnv('AWS_SESSION_TOKEN', Credentials?.SessionToken ?? '');
  }

  it('an IAM user is the user of that name, whatever the path', async () => {
    await becomeUser('alice', '/physics/staff/');
    expect(await typed('list')).toMatchObject({
      code: 0,
      out: expect.stringContaining('alice has no clusters'),
    });
  });

  it('an IAM user who is no user of Clusterdrop is told so', async () => {
    await becomeUser('root-admin');
    const said = await typed('create', 'x');
    expect(said).toMatchObject({ code: 2, out: '' });
    expect(said.err).toMatch(
      /"root-admin" is no user of this installation; you call as arn:aws:iam::\d+:user\/root-admin/,
    );
    expect(said.err).toContain('--user NAME');
    expect(await typed('create', 'x', '--user', 'alice')).toMatchObject({ code: 0 });
  });

  it('a user who was set up and has dropped nothing yet is one', async () => {
    await addUser(world.admin, { name: 'bob', keys: [] });
    await becomeUser('bob');
    expect(await typed('list')).toMatchObject({
      code: 0,
      out: expect.stringContaining('bob has no clusters'),
    });
  });

  it('a session is the user of its name, if that one has a folder', async () => {
    await becomeSession('alice');
    expect(await typed('list')).toMatchObject({
      code: 0,
      out: expect.stringContaining('alice has no clusters'),
    });
  });

  it('a session of another name has to say who is meant, and an administrator is not remembered', async () => {
    await becomeSession('botocore-session-1');
    const said = await typed('list');
    expect(said).toMatchObject({ code: 2, out: '' });
    expect(said.err).toContain('which folder is yours cannot be told from your AWS identity, arn:aws:sts::');
    expect((await typed('list', '--user', 'alice')).err).toContain(`Remembered ${world.store} in`);
    expect(await typed('list')).toMatchObject({ code: 2 });
  });

  it('a researcher with a role is remembered once named', async () => {
    await becomeSession('i-0123456789');
    const gate = await openFolderGate(moto.endpoint, world.bucket, 'alice');
    try {
      const options = { env: { AWS_ENDPOINT_URL: gate.endpoint } };
      const place = ['--store', world.store];
      expect(await world.plain(['list', ...place], options)).toMatchObject({ code: 2 });
      const first = await world.plain(['list', ...place, '--user', 'alice'], options);
      expect(first).toMatchObject({ code: 0 });
      expect(first.err).toContain(`Remembered ${world.store} and the user alice in`);
      expect(await world.plain(['list'], options)).toMatchObject({ code: 0, err: '' });
      expect(JSON.parse(readFileSync(world.configuration, 'utf8'))).toEqual({
        version: 1,
        store: world.store,
        user: 'alice',
      });
    } finally {
      await gate.stop();
    }
  });

  it('whoever was remembered with another store is nobody in this one', async () => {
    await becomeSession('i-0123456789');
    mkdirSync(dirname(world.configuration), { recursive: true });
    writeFileSync(world.configuration, '{"version": 1, "store": "s3://some-other-bucket", "user": "alice"}');
    expect(await typed('list')).toMatchObject({ code: 2, err: expect.stringContaining('cannot be told') });
  });

  it('root is nobody', async () => {
    const root = await answering((request, response) => {
      const isSts = request.method === 'POST';
      response.writeHead(isSts || request.method === 'HEAD' ? 200 : 403, { 'content-type': 'text/xml' });
      response.end(
        isSts
          ? '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>arn:aws:iam::123456789012:root</Arn></GetCallerIdentityResult></GetCallerIdentityResponse>'
          : '<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>',
      );
    });
    try {
      const env = { AWS_ENDPOINT_URL: root.endpoint };
      const said = await world.plain(['list', '--store', world.store], { env });
      expect(said).toMatchObject({ code: 2, out: '' });
      expect(said.err).toContain('you call as the root user of the account 123456789012');
    } finally {
      await root.close();
    }
  });

  it('an administrative command tells whose identity it was refused to', async () => {
    await becomeUser('alice');
    await world.tag('admin-that-is-not-there');
    expect(await typed('admin', 'users')).toMatchObject({
      code: 2,
      err: expect.stringContaining('there is no bucket admin-that-is-not-there'),
    });
  });
});
