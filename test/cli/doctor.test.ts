import { chmodSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Cli, openCli, steady } from './cli-fixture.ts';

const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ0Xo1b2Vw3k4m5n6p7q8r9s0t1u2v3w4x5y6z7A8B9C alice@laptop';

let world: Cli;
beforeEach(async () => {
  world = await openCli();
  mkdirSync(join(world.base, 'bin'));
  writeFileSync(join(world.base, 'bin', 'ssh'), '');
  chmodSync(join(world.base, 'bin', 'ssh'), 0o755);
});
afterEach(() => world.close());

const doctor = (...args: string[]) =>
  world.cli(['doctor', ...args], { env: { PATH: `/nonexistent:${join(world.base, 'bin')}` } });

async function outcomes(): Promise<Readonly<Record<string, string>>> {
  const { checks } = JSON.parse((await doctor('--json')).out);
  return Object.fromEntries(
    checks.map((one: { check: string; outcome: string }) => [one.check, one.outcome]),
  );
}

describe('clusterdrop doctor', () => {
  it('says what is there, and leaves nothing behind', async () => {
    writeFileSync(join(world.home, 'authorized_keys'), `${KEY}\n`);
    const { code, out, err } = await doctor();
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(steady(out).replaceAll(world.base, '<here>')).toMatchInlineSnapshot(`
      "ok    the installation is clusterdrop-data
      ok    you are alice
      ok    you can write in home/alice/
      ok    you can list home/alice/
      ok    you can read what lies there
      ok    the clock of this machine is right
      ok    you can remove what lies there
      ok    no file of yours waits too long for an answer
      ok    1 key lets you log in
      ok    ssh is <here>/bin/ssh

      All is well.
      "
    `);
    expect(readdirSync(world.home).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it('warns of what may be missed, with how to mend it', async () => {
    const said = await world.cli(['doctor']);
    expect(said.code).toBe(0);
    expect(said.out).toMatch(/^warn {2}there is no ssh on this machine/m);
    expect(said.out).toMatch(/^warn {2}no key is registered.*\n {6}.*clusterdrop key add$/m);
    expect(said.out).toContain('It works. 2 things could be better.');
  });

  it('finds that nobody answers', async () => {
    world.setRunning(false);
    await world.cli(['create', 'mycluster']);
    await world.advance(9 * 60_000);
    expect(await outcomes()).toMatchObject({ answers: 'ok', clock: 'fail' });
    await world.advance(2 * 60_000);
    const said = await doctor();
    expect(said.code).toBe(3);
    expect(said.out).toMatch(
      /^fail {2}mycluster\.cf-create has waited 11 minutes.*\n {6}Run "clusterdrop local"/m,
    );
  });

  it('finds that the clock is off', async () => {
    await world.advance(-6 * 60_000);
    const said = await doctor();
    expect(said.code).toBe(3);
    expect(said.out).toMatch(/^fail {2}the clock of this machine is 6m slow/m);
    await world.advance(10 * 60_000);
    expect(await outcomes()).toMatchObject({ clock: 'ok' });
  });

  it('finds that there is no installation, or no such user', async () => {
    const nowhere = await world.cli(['doctor', '--dir', 'nowhere']);
    expect(nowhere).toMatchObject({
      code: 3,
      out: expect.stringMatching(/^fail {2}there is no installation/m),
    });
    const nobody = await doctor('--user', 'nobody');
    expect(nobody).toMatchObject({
      code: 3,
      out: expect.stringMatching(/^fail {2}there is no user "nobody"/m),
    });
    expect(nobody.out).toMatch(/^ok {4}ssh is /m);
  });
});
