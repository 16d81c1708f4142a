import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Cli, columns, openCli } from './cli-fixture.ts';

const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ0Xo1b2Vw3k4m5n6p7q8r9s0t1u2v3w4x5y6z7A8B9C bob';
const OTHER = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIK0Xo1b2Vw3k4m5n6p7q8r9s0t1u2v3w4x5y6z7A8B9C bob2';

let world: Cli;
beforeEach(async () => {
  world = await openCli();
  writeFileSync(join(world.base, 'bob.pub'), `${KEY}\n`);
});
afterEach(() => world.close());

const admin = (...path: string[]) => join(world.dir, 'admin', ...path);

describe('add-user', () => {
  it('makes somebody who can start a cluster, and says what they do now', async () => {
    const said = await world.cli([
      'admin',
      'add-user',
      'bob',
      '--key',
      'bob.pub',
      '--email',
      'bob@example.org',
    ]);
    expect(said).toMatchObject({ code: 0, err: '' });
    expect(said.out).toMatchInlineSnapshot(`
      "Added bob, who may start clusters now.

      What bob does now: drop a file NAME.cf-create into home/bob/ (the README.txt there
      says how), or: clusterdrop create NAME --user bob --wait
      "
    `);
    expect(readFileSync(admin('customizer/bob/authorized_keys'), 'utf8')).toBe(`${KEY}\n`);
    expect((await world.cli(['create', 'demo', '--user', 'bob', '--wait'])).code).toBe(0);
    expect(columns((await world.cli(['admin', 'users'])).out)).toMatchInlineSnapshot(`
      "USER  MAIL  KEYS  CLUSTERS  THIS MONTH  NOTE
      alice  alice@localhost  0  0  0.00 USD
      bob  bob@example.org  1  1  68.74 USD
      "
    `);
  });

  it('may be repeated', async () => {
    const add = async (...more: string[]) =>
      JSON.parse((await world.cli(['admin', 'add-user', 'bob', '--json', ...more])).out).outcome;
    expect(await add()).toBe('added');
    expect(await add()).toBe('unchanged');
    expect(await add('--key', 'bob.pub', '--key', 'bob.pub')).toBe('changed');
    expect(await add('--key', 'bob.pub')).toBe('unchanged');
  });

  it('refuses names and keys that are none, and does nothing then', async () => {
    writeFileSync(join(world.base, 'id'), '-----BEGIN OPENSSH PRIVATE KEY-----\n');
    for (const [args, message] of [
      [['default'], '"default" cannot be the name of a user'],
      [['a/b'], '"a/b" cannot be the name of a user'],
      [['Alice'], 'there is a user "alice" already'],
      [['bob', '--key', 'id'], 'is no public ssh key'],
      [['bob', '--key', 'nothing.pub'], 'nothing.pub cannot be read'],
      [['bob', '--email', 'a@b,c@d'], '--email must be a mail address'],
    ] as const) {
      const said = await world.cli(['admin', 'add-user', ...args]);
      expect(said.code).toBe(2);
      expect(said.err).toContain(message);
    }
    expect(existsSync(admin('customizer/bob'))).toBe(false);
  });
});

describe('add-users', () => {
  const list = (text: string) => writeFileSync(join(world.base, 'people.csv'), text);
  const add = (...more: string[]) => world.cli(['admin', 'add-users', 'people.csv', ...more]);

  it('takes a list as a spreadsheet writes it: mark, line ends, quotes, blank lines, files of keys', async () => {
    mkdirSync(join(world.base, 'keys'));
    writeFileSync(join(world.base, 'keys/carol.pub'), `# hers\n${OTHER}\n`);
    list(
      `\ufeffName,Email,Key\r\nbob,"bob@example.org","${KEY}"\r\n\r\ncarol,,keys/carol.pub\r\nbob,,"${OTHER}"\r\n,,\r\n`,
    );
    const said = await add();
    expect(said).toMatchObject({ code: 0, err: '' });
    expect(said.out).toMatchInlineSnapshot(`
      "USER   OUTCOME  KEYS  MAIL
      bob    added       2  bob@example.org
      carol  added       1
      "
    `);
    expect((await add()).out.match(/unchanged/g)).toHaveLength(2);
    expect(readFileSync(admin('customizer/bob/authorized_keys'), 'utf8')).toBe(`${KEY}\n${OTHER}\n`);
  });

  it('tells every mistake with its line before it does anything', async () => {
    list(
      `name,email,key\ngood,,\nall,,\nbob,nobody,${KEY.slice(0, 30)}\ncarol,,nothing.pub\nALICE,,\ndave,dave@example.org,,\nerin,a@b.c,\nerin,d@e.f,\n`,
    );
    const said = await add();
    expect(said).toMatchObject({ code: 2, out: '' });
    expect(said.err).toMatchInlineSnapshot(`
      "Nothing was done:

      1. Line 3, column 1: "all" cannot be the name of a user
             all,,
             ^
         What to do: Use 1 to 64 letters, digits and _ + = , . @ - (as IAM allows); "default" and "all" are taken.

      2. Line 4, column 1: "nobody" is no mail address
             bob,nobody,ssh-ed25519 AAAAC3NzaC1lZDI1NT
             ^
         What to do: Correct this line. The first line names the columns: name,email,key. Nothing was done yet.

      3. Line 4, column 1: "ssh-ed25519 AAAAC3NzaC1lZDI1NT" is no public ssh key
             bob,nobody,ssh-ed25519 AAAAC3NzaC1lZDI1NT
             ^
         What to do: Give the public half: one line such as "ssh-ed25519 AAAA… name", usually from ~/.ssh/id_ed25519.pub.

      4. Line 5, column 1: nothing.pub cannot be read: there is no such file
             carol,,nothing.pub
             ^
         What to do: Check its name and the folder that you are in.

      5. Line 6, column 1: there is a user "alice" already, which differs from "ALICE" in letter case only
             ALICE,,
             ^
         What to do: Use that user, or another name: some file systems, and most people, take the two for one.

      6. Line 7, column 1: 4 values, but the first line names 3
             dave,dave@example.org,,
             ^
         What to do: Correct this line. The first line names the columns: name,email,key. Nothing was done yet.

      7. Line 9, column 1: "erin" has another address in line 8
             erin,d@e.f,
             ^
         What to do: Correct this line. The first line names the columns: name,email,key. Nothing was done yet.
      "
    `);
    expect(existsSync(admin('customizer/good'))).toBe(false);
    const { problems } = JSON.parse((await add('--json')).out);
    expect(problems.map((one: { at: { line: number } }) => one.at.line)).toEqual([3, 4, 4, 5, 6, 7, 9]);
  });

  it.each([
    ['', 'the first line names no column "name"'],
    ['name\n', 'there are no users below the first line'],
    ['user,mail\nbob,x\n', 'There is no column "user"'],
    ['name,email\nbob,"x\n', 'A quote (") that begins here never ends'],
  ])('refuses a list that is none: %j', async (text, message) => {
    list(text);
    const said = await add();
    expect(said.code).toBe(2);
    expect(said.err.toLowerCase()).toContain(message.toLowerCase());
  });
});

describe('remove-user', () => {
  beforeEach(() => world.cli(['admin', 'add-user', 'bob', '--email', 'bob@example.org']));

  it('takes away what starts clusters and leaves their files', async () => {
    await world.cli(['admin', 'limits', 'set', 'bob', 'clusters=9']);
    const said = await world.cli(['admin', 'remove-user', 'bob']);
    expect(said).toMatchObject({ code: 0, err: '' });
    expect(said.out).toMatchInlineSnapshot(`
      "Removed bob, who can start nothing now. home/bob/ stays as it is.
      "
    `);
    expect(existsSync(join(world.dir, 'bucket/home/bob/README.txt'))).toBe(true);
    for (const file of ['limits/bob.json', 'users/bob.json', 'customizer/bob/manifest.txt'])
      expect(existsSync(admin(file))).toBe(false);
    const refused = await world.cli(['create', 'demo', '--user', 'bob', '--no-check', '--wait']);
    expect(refused.code).toBe(3);
    expect(refused.err).toContain('"bob" has not been set up to start clusters');
  });

  it('refuses while they have clusters, unless those are to end as well', async () => {
    await world.cli(['create', 'demo', '--user', 'bob', '--wait']);
    const said = await world.cli(['admin', 'remove-user', 'bob']);
    expect(said.code).toBe(2);
    expect(said.err).toMatchInlineSnapshot(`
      "clusterdrop: "bob" still has clusters: demo
          End them first (clusterdrop admin stop bob), or add --stop.
      "
    `);
    expect((await world.cli(['admin', 'remove-user', 'bob', '--stop'], { answers: ['n'] })).code).toBe(1);
    expect((await world.cli(['admin', 'remove-user', 'bob', '--stop'])).out).toContain(
      'One cluster was told to end.',
    );
    expect((await world.cli(['admin', 'users'])).out).toMatch(/bob .* removed/);
    await world.advance(1000);
    for (let i = 0; i < 100; i++) await world.advance(5000);
    expect((await world.cli(['admin', 'users'])).out).not.toContain('bob');
  });

  it('knows who is meant', async () => {
    expect((await world.cli(['admin', 'remove-user', 'bbo'])).err).toContain('Did you mean "bob"?');
  });
});
