import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { type FolderGate, openFolderGate } from '../emulator/folder-gate.ts';
import { describeOnMoto, type Moto, startMoto } from '../emulator/moto.ts';
import { openS3Cli, type S3Cli } from './s3-cli.ts';

const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ0Xo1b2Vw3k4m5n6p7q8r9s0t1u2v3w4x5y6z7A8B9C alice@laptop';

describeOnMoto('commands on a bucket', () => {
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

  it('start a cluster, show it, and end it', async () => {
    const created = await world.cli(['create', 'mycluster', '--max-nodes', '4', '--wait']);
    expect(created).toMatchObject({ code: 0, out: expect.stringContaining('mycluster is ready at') });
    expect((await world.cli(['list'])).out).toMatch(/^mycluster +running/m);
    expect((await world.cli(['status', 'mycluster'])).out).toContain('mycluster of alice: running');
    const shown = await world.cli(['ssh', 'mycluster', '--print']);
    expect(shown.out).toMatch(/^ssh -o HostKeyAlias=\S+ .* alice@[\d.]+\n$/);
    expect(await world.cli(['delete', 'mycluster', '--wait'])).toMatchObject({ code: 0 });
    expect((await world.cli(['list'])).out).toContain('alice has no clusters');
  });

  it('look seldom, and say what silence means on AWS', async () => {
    world.setRunning(false);
    let pauses = 0;
    const said = await world.cli(['create', 'mycluster', '--wait', '--timeout', '3m'], {
      meanwhile: () => void pauses++,
    });
    expect(said).toMatchObject({ code: 2 });
    expect(said.err).toContain('Nobody has taken the file yet.');
    expect(said.err).toContain('clusterdrop doctor');
    expect(said.err).not.toContain('clusterdrop local');
    // 2 seconds for a minute, then 5.
    expect(pauses).toBeGreaterThanOrEqual(30 + 24 - 2);
    expect(pauses).toBeLessThanOrEqual(30 + 24 + 2);
  });

  it('of an administrator work as well', async () => {
    const env = { CLUSTERDROP_STORE: world.store };
    const set = await world.plain(['admin', 'limits', 'set', 'alice', 'clusters=5'], { env });
    expect(set).toMatchObject({ code: 0, err: '' });
    const shown = await world.plain(['admin', '--store', world.store, 'limits', 'show', 'alice']);
    expect(shown.out).toMatch(/^clusters +5 +limits\/alice/m);
  });

  it('of a researcher need no rights but those on their folder', async () => {
    const gate: FolderGate = await openFolderGate(moto.endpoint, world.bucket, 'alice');
    try {
      const env = { AWS_ENDPOINT_URL: gate.endpoint };
      const typed = (...args: string[]) => world.cli(args, { env });
      writeFileSync(join(world.cwd, 'id.pub'), `${KEY}\n`);
      writeFileSync(join(world.cwd, 'request.json'), '{"ComputeMaxNodes": 2}');
      writeFileSync(join(world.cwd, 'large'), Buffer.alloc(9 * 1024 * 1024, 'x'));
      for (const args of [
        ['create', 'mycluster', '--wait'],
        ['create', 'mycluster', '--max-nodes', '3', '--wait'],
        ['list', '--all'],
        ['status', 'mycluster'],
        ['check', 'request.json'],
        ['ssh', 'mycluster', '--print'],
        ['put', 'mycluster', 'large'],
        ['get', 'mycluster', '--force'],
        ['key', 'add', 'id.pub'],
        ['key', 'list'],
        ['key', 'remove', 'alice@laptop'],
        ['doctor'],
        ['delete', 'mycluster', '--wait'],
      ])
        expect({ args, ...(await typed(...args)) }).toMatchObject({ args, code: 0 });
      // What they may not: whether the bucket is there, and whose installation it is.
      expect(new Set(gate.refused)).toEqual(
        new Set([`HEAD /${world.bucket}/`, `GET /${world.bucket}/?tagging=`]),
      );
      const admin = await world.plain(['--store', world.store, 'admin', 'users'], { env });
      expect(admin).toMatchObject({ code: 2, out: '' });
      expect(admin.err).toMatch(
        /needs the administrator's bucket of users-\S+, which arn:aws:\S+ may not see/,
      );
      const other = await world.cli(['list', '--user', 'bob'], { env });
      expect(other).toMatchObject({ code: 2, out: '' });
      expect(other.err).toMatch(/home\/bob\/ is not open to you: AWS refused arn:aws:/);
    } finally {
      await gate.stop();
    }
  });

  it('remember a store that proved right, and say so once', async () => {
    const first = await world.plain(['list', '--store', world.store, '--user', 'alice']);
    expect(first.err).toBe(
      `Remembered ${world.store} in ${world.configuration}: no --store needed next time.\n`,
    );
    expect(JSON.parse(readFileSync(world.configuration, 'utf8'))).toEqual({ version: 1, store: world.store });
    // Proposed commands need it until it is remembered.
    expect(first.out).toContain(`clusterdrop create NAME --store ${world.store} --user alice --wait`);
    const second = await world.plain(['list', '--user', 'alice']);
    expect(second).toMatchObject({ code: 0, err: '' });
    expect(second.out).toContain('clusterdrop create NAME --user alice --wait');
    expect((await world.plain(['list', '--store', world.store, '--user', 'alice'])).err).toBe('');
  });

  it('do not remember a store that is wrong, nor where there is no place for it', async () => {
    const wrong = await world.plain(['list', '--store', 's3://no-such-bucket-anywhere', '--user', 'alice']);
    expect(wrong).toMatchObject({
      code: 2,
      err: expect.stringContaining('no bucket no-such-bucket-anywhere'),
    });
    expect(existsSync(world.configuration)).toBe(false);
    const env = { HOME: '' };
    const said = await world.plain(['list', '--store', world.store, '--user', 'alice'], { env });
    expect(said).toMatchObject({ code: 0, err: '' });
    expect(await world.plain(['list'], { env })).toMatchObject({ code: 2 });
  });

  it('take what was typed before the environment, and both before what is remembered', async () => {
    mkdirSync(dirname(world.configuration), { recursive: true });
    writeFileSync(world.configuration, '{"version": 1, "store": "s3://some-other-bucket"}');
    const who = ['--user', 'alice'];
    const env = { CLUSTERDROP_STORE: world.store };
    expect(await world.plain(['list', ...who])).toMatchObject({ code: 2 });
    expect(await world.plain(['list', ...who], { env })).toMatchObject({ code: 0, err: '' });
    expect((await world.plain(['list', '--dir', 'x', ...who], { env })).err).toContain(
      'no installation of Clusterdrop in x',
    );
    expect((await world.plain(['list', '--dir', 'x', '--store', world.store, ...who])).err).toContain(
      '--store and --dir cannot be used together',
    );
    expect((await world.plain(['list', ...who], { env: { ...env, CLUSTERDROP_DIR: 'x' } })).err).toContain(
      'CLUSTERDROP_STORE and CLUSTERDROP_DIR cannot be used together',
    );
    expect((await world.plain(['list', '--store', 'users', ...who])).err).toContain(
      '--store must be s3:// and a bucket\'s name; found "users"',
    );
    // Another store takes the place of the remembered one.
    expect((await world.plain(['list', '--store', world.store, ...who])).err).toContain('Remembered');
    mkdirSync(join(world.cwd, 'clusterdrop-data'));
    expect((await world.plain(['list', ...who])).err).toContain(`This is ${world.store}, as remembered.`);
  });

  it.each([
    ['{', 'it is not valid JSON'],
    ['[]', 'it is not a JSON object'],
    ['{"version": 2}', 'its version is 2'],
    ['{"version": 1, "store": "s3://../x"}', '"store" is "s3://../x"'],
    ['{"version": 1, "store": 7}', '"store" is 7'],
  ])('tell of a configuration file that is %s', async (text, why) => {
    mkdirSync(dirname(world.configuration), { recursive: true });
    writeFileSync(world.configuration, text);
    const said = await world.plain(['list']);
    expect(said).toMatchObject({ code: 2, out: '' });
    expect(said.err).toContain(`config.json cannot be used: ${why}`);
    // It stands in nobody's way who says what they mean, and it is left as it is.
    const named = await world.plain(['list', '--store', world.store, '--user', 'alice']);
    expect(named).toMatchObject({ code: 0, err: expect.stringContaining('Not remembered: ') });
    expect(readFileSync(world.configuration, 'utf8')).toBe(text);
  });

  it('tell of a configuration file that is a folder', async () => {
    mkdirSync(world.configuration, { recursive: true });
    expect(await world.plain(['list'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('cannot be used'),
    });
    rmSync(world.configuration, { recursive: true });
  });
});
