import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readPublicKey } from '../../src/cli/public-key-blob.ts';
import { type Cli, openCli } from './cli-fixture.ts';

const ONE = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ0Xo1b2Vw3k4m5n6p7q8r9s0t1u2v3w4x5y6z7A8B9C one@laptop';
const TWO = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIK0Xo1b2Vw3k4m5n6p7q8r9s0t1u2v3w4x5y6z7A8B9C two words';

let world: Cli;
beforeEach(async () => {
  world = await openCli();
  writeFileSync(join(world.base, 'one.pub'), `${ONE}\n`);
  writeFileSync(join(world.base, 'two.pub'), `# mine\n\n${TWO}\r\n`);
});
afterEach(() => world.close());

const file = () => join(world.home, 'authorized_keys');
const keys = () => readFileSync(file(), 'utf8');

describe('clusterdrop key', () => {
  it('adds, lists and removes, and leaves other lines alone', async () => {
    expect((await world.cli(['key', 'list'])).out).toContain(
      'alice has no key in home/alice/authorized_keys',
    );
    const added = await world.cli(['key', 'add', 'one.pub']);
    const print = /SHA256:\S+/.exec(added.out)?.[0] ?? '';
    expect(added).toEqual({ code: 0, out: `Added: 256 ${print} one@laptop (ED25519)\n`, err: '' });
    expect(keys()).toBe(`${ONE}\n`);
    expect((await world.cli(['key', 'add', 'one.pub'])).out).toContain('Was there already: 256 SHA256:');
    expect(keys()).toBe(`${ONE}\n`);
    writeFileSync(file(), `# by hand\nrestrict ${ONE}\nnonsense`);
    expect(await world.cli(['key', 'add', 'two.pub'])).toMatchObject({ code: 0 });
    expect(keys()).toBe(`# by hand\nrestrict ${ONE}\nnonsense\n${TWO}\n`);
    expect((await world.cli(['key', 'list'])).out.split('\n')).toHaveLength(3);
    expect(await world.cli(['key', 'remove', 'two words'])).toMatchObject({ code: 0 });
    expect(await world.cli(['key', 'remove', print])).toMatchObject({
      code: 0,
      out: expect.stringContaining('No key is left'),
    });
    expect(keys()).toBe('# by hand\nnonsense\n');
  });

  it('reads standard input, and the usual places', async () => {
    expect(await world.cli(['key', 'add', '-'], { input: `${ONE}\n` })).toMatchObject({ code: 0 });
    const env = { HOME: join(world.base, 'me') };
    expect(await world.cli(['key', 'add'], { env })).toMatchObject({
      code: 2,
      err: expect.stringContaining('ssh-keygen -t ed25519'),
    });
    mkdirSync(join(env.HOME, '.ssh'), { recursive: true });
    writeFileSync(join(env.HOME, '.ssh', 'id_ed25519.pub'), TWO);
    expect((await world.cli(['key', 'add'], { env })).out).toContain('two words');
  });

  it.each([
    ['-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAA\n-----END OPENSSH PRIVATE KEY-----\n'],
    ['-----BEGIN RSA PRIVATE KEY-----\nMII\n'],
    ['-----BEGIN ENCRYPTED PRIVATE KEY-----\nMII\n'],
    ['PuTTY-User-Key-File-3: ssh-ed25519\n'],
    [`${ONE}\n-----BEGIN PRIVATE KEY-----\n`],
  ])('never takes a private key: %j', async (text) => {
    writeFileSync(join(world.base, 'id'), text);
    const said = await world.cli(['key', 'add', 'id']);
    expect(said).toMatchObject({ code: 2, out: '' });
    expect(said.err).toContain(
      'id is a PRIVATE key, the half that must never leave your machine; nothing was sent',
    );
    expect(() => keys()).toThrow();
  });

  it.each([
    ['', 'there is no key in x.pub'],
    ['hello\n', '"hello" is no public ssh key'],
    // What stands before the key must be what the key says of itself.
    [ONE.replace('ssh-ed25519', 'ssh-rsa'), 'is no public ssh key'],
    [ONE.slice(0, 70), 'is no public ssh key'],
    [`command="id" ${ONE}`, 'is no public ssh key'],
    [`${TWO}\n${ONE}\nbroken\n`, '"broken" is no public ssh key'],
  ])('refuses %j, and everything with it', async (text, message) => {
    writeFileSync(join(world.base, 'x.pub'), text);
    const said = await world.cli(['key', 'add', 'x.pub']);
    expect(said).toMatchObject({ code: 2, out: '', err: expect.stringContaining(message) });
    expect(() => keys()).toThrow();
  });

  it('asks which one is meant', async () => {
    writeFileSync(file(), `${ONE}\n${TWO.replace('two words', 'one@laptop')}\n`);
    const said = await world.cli(['key', 'remove', 'one@laptop']);
    expect(said).toMatchObject({ code: 2, err: expect.stringMatching(/several keys .*SHA256:.*, SHA256:/) });
    expect(await world.cli(['key', 'remove', 'nobody'])).toMatchObject({ code: 2 });
    expect(await world.cli(['key', 'remove'])).toMatchObject({ code: 2 });
    expect(await world.cli(['key', 'forget'])).toMatchObject({ code: 2 });
  });
});

const hasKeygen = spawnSync('ssh-keygen', ['-?'], { stdio: 'ignore' }).error === undefined;

describe.skipIf(!hasKeygen)('readPublicKey, beside ssh-keygen', () => {
  it.each([
    ['ed25519', '256'],
    ['rsa', '2048'],
    ['ecdsa', '384'],
  ])('%s', (type, bits) => {
    const folder = mkdtempSync(join(tmpdir(), 'clusterdrop-key-'));
    try {
      const path = join(folder, 'id');
      execFileSync('ssh-keygen', ['-q', '-t', type, '-b', bits, '-N', '', '-C', 'a comment', '-f', path]);
      const key = readPublicKey(readFileSync(`${path}.pub`, 'utf8'));
      const shown = execFileSync('ssh-keygen', ['-lf', `${path}.pub`], { encoding: 'utf8' });
      expect(`${key?.bits} ${key?.fingerprint} ${key?.comment} (${key?.kind})\n`).toBe(shown);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
