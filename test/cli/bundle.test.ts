import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeOnMoto, startMoto } from '../emulator/moto.ts';
import { root } from '../shipped.ts';
import { type Cli, openCli } from './cli-fixture.ts';
import { openS3Cli } from './s3-cli.ts';

/** Inside the package, where the bundle finds what it ships with, and out of the way of `dist/`. */
const folder = mkdtempSync(join(root, 'node_modules', '.bundle-'));
const bundle = join(folder, 'clusterdrop.js');
let world: Cli;

beforeAll(async () => {
  execFileSync(process.execPath, ['build.mjs', folder], { cwd: root });
  world = await openCli();
  for (const name of ['one', 'two']) await world.cli(['create', name, '--wait']);
}, 60_000);
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  world.close();
});

function clusterdrop(args: readonly string[], options: { input?: string; cwd?: string } = {}) {
  return runProgram(bundle, args, options);
}

/** What whoever runs the tests has remembered is nothing to these. */
function bareEnvironment() {
  return { ...process.env, HOME: world.base, XDG_CONFIG_HOME: '', XDG_STATE_HOME: '' };
}

function runProgram(
  program: string,
  args: readonly string[],
  options: { input?: string; cwd?: string; env?: Readonly<Record<string, string>> } = {},
) {
  const env = { ...bareEnvironment(), ...options.env };
  return spawnSync(process.execPath, [program, ...args], {
    encoding: 'utf8',
    cwd: world.base,
    ...options,
    env,
  });
}

describe('the bundle, as a program', { timeout: 60_000 }, () => {
  it('knows its version, and what to say to nobody in particular', () => {
    expect(clusterdrop(['--version'])).toMatchObject({ status: 0, stdout: '0.1.0\n', stderr: '' });
    expect(clusterdrop([])).toMatchObject({ status: 0, stderr: '' });
    expect(clusterdrop(['lst'])).toMatchObject({ status: 2, stdout: '' });
  });

  it('does not mind that its reader has had enough', () => {
    const line = `"${process.execPath}" "${bundle}" list | head -1; "${process.execPath}" "${bundle}" problems | head -1; echo "\${PIPESTATUS[0]}"`;
    const said = spawnSync('bash', ['-c', line], {
      encoding: 'utf8',
      cwd: world.base,
      env: bareEnvironment(),
    });
    expect(said.stderr).toBe('');
    expect(said.stdout).toMatch(/^CLUSTER .*\nCODE .*\n0\n$/);
  });

  it('reads standard input', () => {
    expect(clusterdrop(['check', '-', '--json'], { input: '{' })).toMatchObject({ status: 2 });
    expect(clusterdrop(['check', '-'], { input: '{}' })).toMatchObject({ status: 0, stderr: '' });
  });

  it('does all that needs no account without a line of the SDK', () => {
    const bare = mkdtempSync(join(root, 'node_modules', '.bundle-bare-'));
    try {
      cpSync(folder, bare, { recursive: true });
      const chunks = readdirSync(join(bare, 'chunks')).map((name) => join(bare, 'chunks', name));
      const ofSdk = chunks.filter((chunk) =>
        /^\/\/ node_modules\/@(?:aws-sdk|smithy)\//m.test(readFileSync(chunk, 'utf8')),
      );
      expect(ofSdk.length).toBeGreaterThan(0);
      for (const chunk of ofSdk) rmSync(chunk);
      const said = (...args: string[]) => runProgram(join(bare, 'clusterdrop.js'), args);
      for (const args of [
        ['--help'],
        ['list'],
        ['status', 'one'],
        ['check', '-'],
        ['ssh', 'one', '--print'],
        ['key', 'list'],
        ['doctor'],
        ['admin', 'users'],
        ['create', 'three'],
      ])
        expect({ args, ...said(...args) }).toMatchObject({ args, status: args[0] === 'check' ? 2 : 0 });
      expect(said('list', '--store', 's3://some-bucket').status).not.toBe(0);
    } finally {
      rmSync(bare, { recursive: true, force: true });
    }
  });

  it('judges a file where there is nothing else', () => {
    const empty = mkdtempSync(join(tmpdir(), 'clusterdrop-'));
    expect(clusterdrop(['check', '-'], { input: '{}', cwd: empty })).toMatchObject({ status: 0 });
    expect(clusterdrop(['list'], { cwd: empty })).toMatchObject({ status: 2 });
    rmSync(empty, { recursive: true });
  });
});

describeOnMoto('the bundle, on a bucket', () => {
  it('calls AWS, and says nothing but what was asked', async () => {
    const moto = await startMoto();
    const account = await openS3Cli(moto.endpoint);
    try {
      const env = { AWS_ENDPOINT_URL: moto.endpoint, HOME: account.cwd };
      const said = runProgram(bundle, ['list', '--store', account.store, '--user', 'alice'], { env });
      expect(said.stdout).toContain('alice has no clusters');
      expect(said.stderr).toMatch(/^Remembered s3:.*\n$/);
      const again = runProgram(bundle, ['doctor', '--user', 'alice'], { env });
      expect(again).toMatchObject({ status: 0, stdout: expect.stringContaining(account.store) });
    } finally {
      account.close();
      await moto.stop();
    }
  });
});
