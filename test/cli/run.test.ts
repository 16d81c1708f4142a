import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/cli/command-list.ts';
import { isShown } from '../../src/cli/overview.ts';
import { run } from '../../src/cli/run.ts';
import { type Cli, openCli } from './cli-fixture.ts';

let world: Cli;
beforeEach(async () => {
  world = await openCli({ prepared: false });
});
afterEach(() => world.close());

describe('somebody who knows nothing', () => {
  it('is told what it is and what to type', async () => {
    const { code, out, err } = await world.cli([]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatchInlineSnapshot(`
      "Clusterdrop: drop a file in a bucket, get an HPC cluster. Drop another, and it is gone.

      You need three commands:

          clusterdrop create NAME --wait    start a cluster, or change one that runs
          clusterdrop status NAME           everything about one cluster
          clusterdrop delete NAME           end a cluster

      More for you:

          list       your clusters
          check      what a request file comes to, with every mistake in it; drops nothing
          ssh        log in to a cluster, or run a command on it
          get        copy files out of a cluster's NAME.files
          put        copy files into a cluster's NAME.files
          key        the ssh keys that let you log in: list, add, remove
          doctor     whether everything is there that you need, and how to mend what is not
          problems   everything that can be wrong, and what to do about it

      Your installation is in a bucket? Name it once: --store s3://BUCKET. It is remembered. What is
      meant comes from --store or --dir, else CLUSTERDROP_STORE or CLUSTERDROP_DIR, else what is
      remembered, else the folder ./clusterdrop-data.

      No account? This runs everything on your machine: real clusters with Docker or Podman,
      simulated ones without:

          clusterdrop local

      For the administrator (clusterdrop admin ...):

          deploy          install Clusterdrop in an AWS account, or bring it up to date
          destroy         take it out of the account again; data stay
          users           who may start clusters, and what they have
          add-user        let somebody start clusters
          add-users       the same for a whole list
          remove-user     let somebody start no more clusters; their files stay
          limits          show or set what users may have
          add-blueprint   offer a CloudFormation template of your own as a kind of cluster
          clusters        everybody's clusters and their cost
          history         clusters that have ended, by month, and their cost
          stop            end somebody's clusters, or all
          freeze          nothing new starts, for one user or for all
          thaw            end a freeze
          doctor          whether the installation is sound, and how to mend what is not
          selftest        start and end a small cluster, and see whether all goes as it has to

      An installation in an account needs nobody's machine; one of yours can do the work as well:

          clusterdrop serve

      Help:  clusterdrop help COMMAND, or COMMAND --help.  Every command knows --json.
      "
    `);
    expect(await world.cli(['help'])).toEqual({ code, out, err });
    expect(await world.cli(['--help'])).toEqual({ code, out, err });
  });

  it('finds every command in the overview', () => {
    expect(Object.keys(COMMANDS).filter((name) => !isShown(name))).toEqual([]);
  });

  it.each(Object.keys(COMMANDS))('gets help about %s in three ways', async (name) => {
    const words = name.split(' ');
    const { code, out } = await world.cli(['help', ...words]);
    expect(code).toBe(0);
    expect(out).toMatch(new RegExp(`^Usage: clusterdrop ${name}\\b`));
    expect(out.split('\n').filter((line) => line.length > 100)).toEqual([]);
    expect((await world.cli([...words, '--help'])).out).toBe(out);
    expect((await world.cli([...words, '-h'])).out).toBe(out);
  });

  it('sees the administrator\'s commands after "admin"', async () => {
    const { code, out } = await world.cli(['admin']);
    expect(code).toBe(0);
    expect(out).toContain('add-user');
    expect((await world.cli(['admin', '--help'])).out).toBe(out);
  });

  it('learns the version', async () => {
    expect(await world.cli(['--version'])).toEqual({ code: 0, out: '0.1.0\n', err: '' });
  });
});

describe('a slip', () => {
  it.each([
    [['lst'], 'there is no command "lst"', '"list"'],
    [['users'], 'there is no command "users"', '"admin users"'],
    [['admin', 'add-usr', 'x'], 'there is no command "admin add-usr"', '"admin add-user"'],
    [['xyzzy'], 'there is no command "xyzzy"', 'clusterdrop help'],
    [['help', 'statsu'], 'there is no command "statsu"', '"status"'],
    [['create', 'x', '--max-node', '3'], 'no option --max-node', '--max-nodes'],
    [['create'], 'must be told the name of the cluster', 'help create'],
    [['list', 'all'], 'cannot use the argument "all"', 'help list'],
    [['list', '--all=yes'], '--all must be alone; found "yes"', ''],
    [['create', 'x', '--file', '--wait'], '--file must be followed by the name of a request file', ''],
    [['create', 'x', '--timeout', 'soon'], '--timeout must be a length of time', '30m'],
    [['local', '--speed', 'fast'], '--speed must be a number above 0', ''],
    [['local', '--speed', '0'], '--speed must be a number above 0', ''],
    [['list'], 'there is no installation of Clusterdrop in clusterdrop-data', 'clusterdrop local'],
    [['list', '--dir', '/no such'], "there is no installation of Clusterdrop in '/no such'", '--dir'],
    [['problems', 'frozn'], 'no problem with the code "frozn"', '"frozen"'],
    [['check', 'nothing.json'], 'nothing.json cannot be read: there is no such file', ''],
    [['check', '.'], '. cannot be read: it is a folder', ''],
    [['admin', 'stop'], 'must be told whose clusters to end', ''],
    [['admin', 'limits', 'set'], 'must be told what to set', ''],
    [['admin', 'limits', 'st'], 'cannot use the argument "st"', ''],
  ])('%j is told in words, exit code 2', async (args, message, fix) => {
    const said = await world.cli(args);
    expect(said).toMatchObject({ code: 2, out: '' });
    expect(said.err).toContain(message);
    expect(said.err).toContain(fix);
    const asJson = await world.cli([...args, '--json']);
    expect(asJson).toMatchObject({ code: 2, err: '' });
    expect(JSON.parse(asJson.out)).toMatchObject({ version: 1, problems: [{ owner: 'author' }] });
  });

  it('is one of several, all told at once; the value of an unknown option is no second one', async () => {
    const { err } = await world.cli(['create', 'x', '--spotprice', '3', '--fil', 'y', '--dir']);
    expect(err).toMatchInlineSnapshot(`
      "clusterdrop: "clusterdrop create" has no option --spotprice
          Did you mean --spot-price?
      clusterdrop: "clusterdrop create" has no option --fil
          Did you mean --file?
      clusterdrop: --dir must be followed by the folder of the installation
          Write --dir and the folder of the installation.
      "
    `);
  });
});

describe('our own mistakes', () => {
  const broken = {
    err: () => {},
    env: {},
    cwd: '/',
    isInteractive: false,
    signal: new AbortController().signal,
    now: () => 0,
    pause: async () => {},
    readInput: async () => new Uint8Array(),
    ask: async () => undefined,
    canAsk: false,
    launch: async () => 0,
  };

  it('are called a bug, without a stack trace: exit code 70', async () => {
    let err = '';
    const terminal = {
      ...broken,
      out: () => {
        throw new TypeError('x is not a function');
      },
      err: (text: string) => void (err += text),
    };
    expect(await run(['problems'], terminal)).toBe(70);
    expect(err).toMatchInlineSnapshot(`
      "clusterdrop: Clusterdrop itself failed: x is not a function
          Report it with this text; nothing that you wrote is lost.
      "
    `);
    err = '';
    expect(await run(['problems'], { ...terminal, env: { CLUSTERDROP_DEBUG: '1' } })).toBe(70);
    expect(err).toContain('at ');
  });

  it('are told from what the machine refuses: exit code 2', async () => {
    let err = '';
    const error = Object.assign(new Error("EACCES: permission denied, open '/x'"), {
      code: 'EACCES',
      syscall: 'open',
    });
    const refusing = {
      ...broken,
      out: () => {
        throw error;
      },
      err: (text: string) => void (err += text),
    };
    expect(await run(['problems'], refusing)).toBe(2);
    expect(err).toContain('the system of this machine refused');
  });
});

it('problems: all, one, and as JSON', async () => {
  const all = await world.cli(['problems']);
  expect(all.code).toBe(0);
  expect(all.out).toContain('blank-file');
  expect((await world.cli(['problems', 'limit-nodes'])).out).toMatchInlineSnapshot(`
    "limit-nodes

      ComputeMaxNodes is ASKED, your limit is MOST
      What to do: Ask for at most MOST, or ask CONTACT for more.

      To be mended by whoever wrote the file or the command; exit code 2.
    "
  `);
  const { problems } = JSON.parse((await world.cli(['problems', '--json'])).out);
  expect(problems).toContainEqual(
    expect.objectContaining({ code: 'frozen', owner: 'operator', exitCode: 3 }),
  );
});
