import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isHostAddress } from '../../src/cli/login-command.ts';
import { type Cli, openCli } from './cli-fixture.ts';

const HOST_KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ0Xo1b2Vw3k4m5n6p7q8r9s0t1u2v3w4x5y6z7A8B9C';

let world: Cli;
beforeEach(async () => {
  world = await openCli();
  await world.cli(['create', 'mycluster', '--wait']);
  // Nothing more is done to the folder: what a test writes there stays.
  world.setRunning(false);
});
afterEach(() => world.close());

const statusFile = () => join(world.home, 'mycluster.cf-status');

function forge(changes: object): void {
  const status = JSON.parse(readFileSync(statusFile(), 'utf8'));
  writeFileSync(statusFile(), JSON.stringify({ ...status, simulated: false, ...changes }));
}

const home = () => ({ HOME: join(world.base, 'me') });
const knownHosts = () => join(world.base, 'me', '.local', 'state', 'clusterdrop', 'known_hosts');

/** A program called ssh that says what it was called with. */
function fakeSsh(): { readonly PATH: string } {
  const folder = join(world.base, 'bin');
  mkdirSync(folder);
  const program = join(folder, 'ssh');
  writeFileSync(program, '#!/bin/sh\nfor word in "$@"; do echo "$word"; done\nexit 7\n');
  chmodSync(program, 0o755);
  return { PATH: folder };
}

describe('clusterdrop ssh', () => {
  it('shows the exact command, which holds for this very cluster', async () => {
    forge({ address: '192.0.2.17' });
    const { code, out, err } = await world.cli(['ssh', 'mycluster', '--print'], { env: home() });
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const [, alias = ''] = /HostKeyAlias=(\S+)/.exec(out) ?? [];
    expect(out).toBe(
      `ssh -o HostKeyAlias=${alias} -o UserKnownHostsFile=${knownHosts()}/${alias} -o GlobalKnownHostsFile=/dev/null -o StrictHostKeyChecking=accept-new alice@192.0.2.17\n`,
    );
    expect((await world.cli(['ssh', 'mycluster', '--print'], { env: home() })).out).toBe(out);
    // The same address again, but another cluster.
    world.setRunning(true);
    await world.cli(['delete', 'mycluster', '--wait']);
    await world.cli(['create', 'mycluster', '--wait']);
    world.setRunning(false);
    forge({ address: '192.0.2.17' });
    const again = await world.cli(['ssh', 'mycluster', '--print'], { env: home() });
    expect(again.out).toContain('alice@192.0.2.17');
    expect(again.out).not.toContain(alias);
  });

  it('takes no other key where the cluster has told its own', async () => {
    forge({ address: '192.0.2.17', ssh: { command: 'ssh evil', hostKey: `${HOST_KEY}\n` } });
    const { out } = await world.cli(['ssh', 'mycluster', '--print'], { env: home() });
    expect(out).toContain('-o StrictHostKeyChecking=yes alice@192.0.2.17');
    const [file = ''] = readdirSync(knownHosts());
    expect(readFileSync(join(knownHosts(), file), 'utf8')).toBe(`${file} ${HOST_KEY}\n`);
    expect(statSync(join(knownHosts(), file)).mode & 0o777).toBe(0o600);
  });

  it('gives options that ssh understands', async () => {
    forge({ address: '192.0.2.17', ssh: { command: '', hostKey: HOST_KEY } });
    const env = { HOME: join(world.base, 'a 100% "odd" home') };
    const { out } = await world.cli(['ssh', 'mycluster', '--json'], { env });
    const [program, ...args] = JSON.parse(out).command;
    expect(program).toBe('ssh');
    // -G only says what would hold.
    const said = spawnSync('ssh', ['-G', ...args], { encoding: 'utf8', env: { PATH: process.env['PATH'] } });
    if (said.error) return;
    const folder = join(env.HOME, '.local', 'state', 'clusterdrop', 'known_hosts');
    expect(said.stdout).toContain('user alice\nhostname 192.0.2.17');
    expect(said.stdout).toMatch(/^stricthostkeychecking (?:true|yes)$/m);
    expect(said.stdout.replaceAll('%%', '%')).toContain(`userknownhostsfile ${folder}`);
  });

  it('goes to the port that the cluster has told', async () => {
    forge({ address: '127.77.0.5', ssh: { command: '', hostKey: null, port: 2222 } });
    const { out } = await world.cli(['ssh', 'mycluster', '--print'], { env: home() });
    expect(out).toMatch(/^ssh -p 2222 -o HostKeyAlias=\S+ .* alice@127\.77\.0\.5\n$/);
    const shown = JSON.parse((await world.cli(['ssh', 'mycluster', '--json'], { env: home() })).out);
    expect(shown).toMatchObject({ account: 'alice', address: '127.77.0.5', port: 2222, keyFile: null });
    expect((await world.cli(['status', 'mycluster'])).out).toContain(
      '  ssh       ssh -p 2222 alice@127.77.0.5\n',
    );
  });

  it('logs in with the key that was made for the user of this folder', async () => {
    const keys = join(world.dir, '.clusterdrop', 'keys');
    const keyFile = join(keys, 'alice');
    mkdirSync(keys, { recursive: true });
    writeFileSync(keyFile, 'a private key', { mode: 0o600 });
    forge({ address: '127.77.0.5', ssh: { command: '', hostKey: HOST_KEY, keyFile } });
    const { out } = await world.cli(['ssh', 'mycluster', '--print'], { env: home() });
    expect(out).toContain(`ssh -i ${keyFile} -o IdentitiesOnly=yes -o HostKeyAlias=`);
    expect(out).toContain('-o StrictHostKeyChecking=yes alice@127.77.0.5');
    const shown = JSON.parse((await world.cli(['ssh', 'mycluster', '--json'], { env: home() })).out);
    expect(shown).toMatchObject({
      port: 22,
      keyFile,
      command: ['ssh', '-i', keyFile, ...Array(10).fill(expect.anything()), 'alice@127.77.0.5'],
    });
    expect((await world.cli(['status', 'mycluster'])).out).toMatch(
      /ssh -i \S+ -o IdentitiesOnly=yes -o HostKeyAlias=mycluster-[0-9a-f]{12} -o StrictHostKeyChecking=accept-new alice@127\.77\.0\.5\n/,
    );
    const ran = await world.cli(['ssh', 'mycluster', '--', 'id'], { env: { ...home(), ...fakeSsh() } });
    expect(ran.out.split('\n').slice(0, 2)).toEqual(['-i', keyFile]);
  });

  it('takes no other file for that key', async () => {
    const keys = join(world.dir, '.clusterdrop', 'keys');
    mkdirSync(join(keys, 'folder'), { recursive: true });
    const other = join(world.base, 'id_ed25519');
    writeFileSync(other, 'a private key');
    symlinkSync(other, join(keys, 'link'));
    writeFileSync(`${keys}-of-others`, '');
    for (const keyFile of [
      other,
      join(keys, 'missing'),
      join(keys, 'folder'),
      join(keys, 'link'),
      keys,
      `${keys}-of-others`,
      `${keys}/../../../id_ed25519`,
      '-oProxyCommand=id',
    ]) {
      forge({ address: '127.77.0.5', ssh: { command: '', hostKey: null, keyFile } });
      for (const words of [
        ['ssh', 'mycluster', '--print'],
        ['status', 'mycluster'],
      ]) {
        const { code, out } = await world.cli(words, { env: home() });
        expect(code).toBe(0);
        expect(out).toContain('alice@127.77.0.5');
        expect(out).not.toMatch(/ -i |IdentityFile|id_ed25519/);
      }
    }
  });

  it.each([0, 65_536, 2222.5, -1, '2222 -oProxyCommand=id', '2222'])('takes no port %j', async (port) => {
    forge({ address: '127.77.0.5', ssh: { command: '', hostKey: null, port } });
    const said = await world.cli(['ssh', 'mycluster', '--print'], { env: home() });
    // Such a file is no status at all.
    expect(said).toMatchObject({ code: 2, out: '' });
  });

  it('runs ssh where somebody sits or a command is given, and ends as it ends', async () => {
    forge({ address: '192.0.2.17' });
    const env = { ...home(), ...fakeSsh() };
    const command = ['--', 'squeue', '--format=%i %u', ';', '--dir'];
    const ran = await world.cli(['ssh', 'mycluster', ...command], { env });
    expect(ran.code).toBe(7);
    expect(ran.out.split('\n').slice(-6)).toEqual([
      'alice@192.0.2.17',
      'squeue',
      '--format=%i %u',
      ';',
      '--dir',
      '',
    ]);
    expect(ran.err).toMatch(/^ssh .* alice@192\.0\.2\.17 squeue '--format=%i %u' ';' --dir\n$/);
    expect(existsSync(knownHosts())).toBe(true);
    const sat = await world.cli(['ssh', 'mycluster'], { env, canAsk: true });
    expect(sat).toMatchObject({ code: 7, err: expect.stringMatching(/^ssh .* alice@192\.0\.2\.17\n$/) });
    // Nobody could log in.
    const nobody = await world.cli(['ssh', 'mycluster'], { env });
    expect(nobody).toMatchObject({ code: 0, out: sat.err, err: '' });
  });

  it('says that there is no ssh', async () => {
    forge({ address: '192.0.2.17' });
    const said = await world.cli(['ssh', 'mycluster', '--', 'id'], { env: home() });
    expect(said).toMatchObject({ code: 2, err: expect.stringContaining('ssh is not on this machine') });
  });

  it('tells a simulated cluster from a real one', async () => {
    const said = await world.cli(['ssh', 'mycluster', '--', 'id'], { env: home() });
    expect(said).toMatchObject({ code: 2, err: expect.stringContaining('"mycluster" is simulated') });
    forge({ state: 'starting', simulated: true });
    const early = await world.cli(['ssh', 'mycluster', '--', 'id'], { env: home() });
    expect(early).toMatchObject({ code: 2, err: expect.stringContaining('"mycluster" is simulated') });
    forge({ state: 'running', simulated: true });
    expect(await world.cli(['ssh', 'mycluster', '--print'], { env: home() })).toMatchObject({
      code: 0,
      err: 'It is simulated: nothing answers at that address.\n',
    });
  });

  it('waits for a cluster that is on its way, and tells how far it is', async () => {
    const progress = (done: number) => ({ done, total: 12, latest: 'LoginNode is being made' });
    forge({ state: 'waiting' });
    const { code, out, err } = await world.cli(['ssh', 'mycluster', '--', 'id'], {
      env: { ...home(), ...fakeSsh() },
      meanwhile: (pauses) => {
        if (pauses < 4) forge({ state: 'starting', progress: progress(pauses) });
        else forge({ state: 'running', progress: undefined, address: '192.0.2.17' });
      },
    });
    expect({ code, out }).toEqual({ code: 7, out: expect.stringContaining('alice@192.0.2.17\nid\n') });
    expect(err.replace(/^[\d:]+ {2}/gm, '').split('\n')).toEqual([
      expect.stringMatching(/^waiting: /),
      ...[1, 2, 3].map((done) => `starting: ${done} of 12, latest: LoginNode is being made`),
      expect.stringMatching(/^ssh /),
      '',
    ]);
  });

  it('waits for a file that nobody has taken yet, and says so', async () => {
    writeFileSync(join(world.home, 'second.cf-create'), '{}');
    const env = home();
    const stopped = await world.cli(['ssh', 'second', '--', 'id'], { env, stopAfter: 40 });
    expect(stopped).toMatchObject({ code: 130, out: '' });
    expect(stopped.err).toBe('Nobody has taken the file yet. Is "clusterdrop local" running? Waiting on.\n');
    const late = await world.cli(['ssh', 'second', '--timeout', '1m', '--', 'id'], { env });
    expect(late).toMatchObject({ code: 2, err: expect.stringContaining('second.cf-create') });
  });

  it('knows a file that was copied this moment, which is not shown at once', async () => {
    const file = join(world.home, 'second.cf-create');
    writeFileSync(file, '{}');
    utimesSync(file, world.clock.now() / 1000, world.clock.now() / 1000);
    const said = await world.cli(['ssh', 'second', '--print'], { env: home() });
    expect(said).toMatchObject({ code: 2, err: expect.stringContaining('it is waiting') });
  });

  it('does not wait for one that will not run, nor where the command is only shown', async () => {
    const waits = () => {
      throw new Error('it waits');
    };
    for (const state of ['stopping', 'failed', 'refused', 'gone', 'stuck']) {
      forge({ state });
      const said = await world.cli(['ssh', 'mycluster', '--', 'id'], { env: home(), meanwhile: waits });
      expect(said).toMatchObject({ code: 2, err: expect.stringContaining(`it is ${state}`) });
    }
    forge({ state: 'starting' });
    const shown = await world.cli(['ssh', 'mycluster', '--print'], { env: home(), meanwhile: waits });
    expect(shown).toMatchObject({ code: 2, err: expect.stringContaining('it is starting') });
  });

  it('takes a change of a cluster that runs for no reason to wait', async () => {
    forge({ address: '192.0.2.17', state: 'updating' });
    writeFileSync(join(world.home, 'mycluster.cf-create'), '{"ComputeMaxNodes": 5}');
    const ran = await world.cli(['ssh', 'mycluster', '--', 'id'], { env: { ...home(), ...fakeSsh() } });
    expect(ran).toMatchObject({ code: 7, out: expect.stringContaining('alice@192.0.2.17\nid\n') });
  });

  it.each([
    [{ address: undefined }, 'its status names no address'],
    [{ address: '-oProxyCommand=touch /tmp/x' }, 'an address that cannot be one: "-oProxyCommand'],
    [{ address: '192.0.2.17 evil' }, 'an address that cannot be one'],
    [{ address: '192.0.2.17\nx' }, 'an address that cannot be one'],
    [{ address: 'fe80::1%eth0' }, 'an address that cannot be one'],
    [{ address: "host'; id" }, 'an address that cannot be one'],
  ])('refuses %j', async (changes, message) => {
    forge(changes);
    for (const more of [['--print'], ['--', 'id'], []]) {
      const said = await world.cli(['ssh', 'mycluster', ...more], { env: { ...home() }, canAsk: true });
      expect(said).toMatchObject({ code: 2, out: '', err: expect.stringContaining(message) });
    }
  });
});

describe('isHostAddress', () => {
  it.each([
    '192.0.2.17',
    '2001:db8::17',
    '::1',
    'ec2-192-0-2-17.compute.amazonaws.com',
    'localhost',
    'a.b-c',
  ])('takes %s', (text) => expect(isHostAddress(text)).toBe(true));

  it.each([
    '',
    '-v',
    '.a',
    'a.',
    'a..b',
    '-a.b',
    'a-.b',
    '256.1.1.1',
    '1.2.3',
    '1',
    'a_b',
    'a b',
    'a@b',
    'ä',
    `${'a'.repeat(64)}.b`,
  ])('does not take %j', (text) => expect(isHostAddress(text)).toBe(false));
});
