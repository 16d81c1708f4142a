import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { requestOf } from '../../src/cli/request-options.ts';
import { REQUEST_KEYS } from '../../src/core/request-keys.ts';
import { type Cli, columns, openCli, steady } from './cli-fixture.ts';

let world: Cli;
beforeEach(async () => {
  world = await openCli();
});
afterEach(() => world.close());

const file = (name: string) => join(world.home, name);

describe('create', () => {
  it('drops a file made from options and says what comes next', async () => {
    const said = await world.cli(['create', 'demo', '--max-nodes', '4', '--lifetime', '8h']);
    expect(said).toMatchObject({ code: 0, err: '' });
    expect(steady(said.out)).toMatchInlineSnapshot(`
      "Dropped demo.cf-create. It costs at most about 0.41 USD per hour (estimate, list prices of <day>, us-east-1). It would end on <date>.

      How far it is:  clusterdrop status demo --watch
      To end it:      clusterdrop delete demo
      "
    `);
    expect(readFileSync(file('demo.cf-create'), 'utf8')).toBe(
      '{\n  "ComputeMaxNodes": 4,\n  "Lifetime": "8h"\n}\n',
    );
  });

  it('has an option for every key of a request', () => {
    const given = new Map([...REQUEST_KEYS].map(({ key }) => [key, `value of ${key}`]));
    const long = (key: string) => key.replace(/(?!^)[A-Z]/g, '-$&').toLowerCase();
    const byOption = new Map([...given].map(([key, value]) => [long(key), value]));
    const { text } = requestOf({
      args: [],
      has: () => false,
      all: () => [],
      get: (option) => byOption.get(option),
    });
    expect(JSON.parse(text)).toEqual(Object.fromEntries(given));
  });

  it('waits until the cluster is ready: progress on one stream, the answer on the other', async () => {
    const said = await world.cli(['create', 'project/demo', '--wait']);
    expect(said.code).toBe(0);
    expect(steady(said.out)).toMatchInlineSnapshot(`
      "Dropped project/demo.cf-create. It costs at most about 0.41 USD per hour (estimate, list prices of <day>, us-east-1). It would end on <date>.
      project/demo is ready at <address>.

          ssh alice@<address>

      It ends by itself on <date>.
      It is simulated: nothing answers at that address, and nothing is paid.
      "
    `);
    expect(said.err).toMatch(/^\d\d:\d\d:\d\d {2}starting: \d+ of \d+, latest: \w+$/m);
    expect(existsSync(file('project/demo.cf-created'))).toBe(true);
    expect(columns((await world.cli(['list'])).out)).toMatchInlineSnapshot(`
      "CLUSTER  STATE  NODES  ADDRESS  ENDS IN  USD/HOUR AT MOST
      project/demo  running  0 to 4  <address>  6d23h  0.41
      "
    `);
  });

  it('overwrites its line where somebody watches', async () => {
    const { err } = await world.cli(['create', 'demo', '--wait'], { interactive: true });
    expect(err).not.toContain('\n');
    expect(err.endsWith('\r\u001b[2K')).toBe(true);
  });

  it('answers with one JSON document', async () => {
    const { code, out, err } = await world.cli(['create', 'demo', '--wait', '--json']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(JSON.parse(out)).toMatchObject({
      version: 1,
      user: 'alice',
      name: 'demo',
      path: 'home/alice/demo',
      outcome: 'done',
      problems: [],
      status: { state: 'running', drop: { action: 'create', outcome: 'done' } },
    });
    const dropped = JSON.parse((await world.cli(['create', 'other', '--json'])).out);
    expect(dropped).toMatchObject({ version: 1, name: 'other', outcome: 'dropped' });
  });

  it('reads the request from standard input', async () => {
    const said = await world.cli(['create', 'demo', '--file', '-', '--wait'], {
      input: '{"ComputeInitialNodes": 1, "ComputeMaxNodes": 2}',
    });
    expect(said.code).toBe(0);
    expect((await world.cli(['list'])).out).toContain('1 to 2');
  });

  it('changes a cluster that runs', async () => {
    await world.cli(['create', 'demo', '--wait']);
    const said = await world.cli(['create', 'demo', '--max-nodes', '7', '--wait']);
    expect(said.code).toBe(0);
    expect(said.out).toContain('demo runs, and this changes ComputeMaxNodes.');
    expect((await world.cli(['list'])).out).toContain('0 to 7');
  });

  it('proposes commands that mean the same installation and user', async () => {
    const { out } = await world.cli(['create', 'demo', '--dir', 'clusterdrop-data', '--user', 'alice']);
    expect(out).toContain('clusterdrop status demo --dir clusterdrop-data --user alice --watch');
  });
});

describe('create drops nothing', () => {
  it('when the request is wrong: every problem, exit code 2', async () => {
    const said = await world.cli(['create', 'demo', '--max-nodes', 'lots', '--spot-price', '3000']);
    expect(said).toMatchObject({ code: 2, out: '' });
    expect(said.err).toMatchInlineSnapshot(`
      "Nothing was dropped:

      1. ComputeSpotPrice must be a price in USD from 0.0001 to 500, "on-demand" or "spot"; found 3000
         What to do: Write a price in USD from 0.0001 to 500, "on-demand" or "spot".

      2. ComputeMaxNodes must be a whole number from 1 to 10000; found "lots"
         What to do: Write it in digits, such as 25.
      "
    `);
    expect(existsSync(file('demo.cf-create'))).toBe(false);
  });

  it('when the file is wrong: with the place', async () => {
    writeFileSync(join(world.base, 'my request.json'), '{\n  "ComputeMaxNodes": 4,\n  "Lifetme": "8h",\n}\n');
    const said = await world.cli(['create', 'demo', '--file', 'my request.json']);
    expect(said).toMatchObject({ code: 2, out: '' });
    expect(said.err).toMatchInlineSnapshot(`
      "Nothing was dropped:

      1. Line 3, column 3: there is no key "Lifetme"
               "Lifetme": "8h",
               ^
         What to do: Did you mean "Lifetime"?

      2. Line 3, column 18: not valid JSON: a comma after the last value
               "Lifetme": "8h",
                              ^
         What to do: Correct this place and upload the file again; "clusterdrop check FILE" shows all mistakes beforehand.
      "
    `);
    const asJson = await world.cli(['create', 'demo', '--file', 'my request.json', '--json']);
    expect(JSON.parse(asJson.out).problems[0]).toMatchObject({ code: 'unknown-key', at: { line: 3 } });
  });

  it('when a file and settings are mixed, the name is none, or the user is nobody', async () => {
    for (const [args, message] of [
      [['demo', '--file', 'x', '--disk', '9'], '--file and --disk cannot be used together'],
      [['my cluster'], '"my cluster" cannot be the name of a cluster'],
      [['a/../demo'], 'has an empty, "." or ".." part'],
      [['demo', '--user', 'alcie'], 'there is no user "alcie"'],
      [['demo', '--user', 'all'], '"all" cannot be the name of a user'],
    ] as const) {
      const said = await world.cli(['create', ...args]);
      expect(said.code).toBe(2);
      expect(said.err).toContain(message);
    }
  });

  it('while everybody is frozen: exit code 3', async () => {
    await world.cli(['admin', 'freeze', '--reason', 'the budget is spent']);
    const said = await world.cli(['create', 'demo']);
    expect(said.code).toBe(3);
    expect(said.err).toContain('New clusters are paused: the budget is spent');
  });
});

describe('create --wait ends without a cluster', () => {
  it('when the system refuses', async () => {
    const said = await world.cli(['create', 'demo', '--no-check', '--disk', '5000', '--wait']);
    expect(said).toMatchObject({ code: 2 });
    expect(said.err).toMatchInlineSnapshot(`
      "demo.cf-create was not carried out.

      Line 2, column 29: MasterSystemVolumeSize must be a whole number from 8 to 1024 (GB); found 5000
      What to do: Write a whole number from 8 to 1024 (GB).

      More in home/alice/demo.cf-failed
      "
    `);
  });

  it('when it cannot be built: exit code 3', async () => {
    writeFileSync(
      join(world.dir, 'faults.json'),
      JSON.stringify({ version: 1, rules: [{ do: 'fail', resource: 'LoginNode', reason: 'no capacity' }] }),
    );
    const said = await world.cli(['create', 'demo', '--wait']);
    expect(said.err).toContain('no capacity');
    expect(said.code).toBe(3);
  });

  it('on Ctrl-C, which leaves the drop: exit code 130', async () => {
    const said = await world.cli(['create', 'demo', '--wait'], { stopAfter: 3 });
    expect(said.code).toBe(130);
    expect(said.err).toContain('the file still holds');
    await world.advance(60_000);
    expect((await world.cli(['list'])).out).toMatch(/demo +running/);
  });

  it('after a time, if so asked', async () => {
    world.setRunning(false);
    const said = await world.cli(['create', 'demo', '--wait', '--timeout', '20s']);
    expect(said.code).toBe(2);
    expect(said.err).toMatchInlineSnapshot(`
      "Nobody has taken the file yet. Is "clusterdrop local" running? Waiting on.
      demo.cf-create was not answered to the end within 20s
      What to do: It still holds and goes on without you; "clusterdrop status" shows how far it is.
      "
    `);
  });

  it('when a newer file takes the place of ours', async () => {
    world.setRunning(false);
    const said = await world.cli(['create', 'demo', '--wait'], {
      meanwhile: (pauses) => {
        if (pauses === 2) writeFileSync(file('demo.cf-create'), '{"ComputeMaxNodes": 2}');
      },
    });
    expect(said.code).toBe(2);
    expect(said.err).toContain('newer file took the place of your demo.cf-create');
  });

  it('when somebody ends it meanwhile', async () => {
    const said = await world.cli(['create', 'demo', '--wait'], {
      meanwhile: (pauses) => {
        if (pauses === 4) writeFileSync(file('demo.cf-delete'), '');
      },
    });
    expect(said.code).toBe(2);
    expect(said.err).toMatch(/newer file took the place|is (?:stopping|gone) already/);
  });

  it('when the file is taken away unanswered', async () => {
    world.setRunning(false);
    const said = await world.cli(['create', 'demo', '--wait'], {
      meanwhile: (pauses) => {
        if (pauses === 2) rmSync(file('demo.cf-create'));
      },
    });
    expect(said.code).toBe(2);
    expect(said.err).toContain('our demo.cf-create was taken away');
  });

  it('never on the word of a status about another drop', async () => {
    await world.cli(['create', 'demo', '--wait']);
    world.setRunning(false);
    const said = await world.cli(['create', 'demo', '--max-nodes', '7', '--wait'], { stopAfter: 100 });
    expect(said.code).toBe(130);
    expect(said.err).toContain('Nobody has taken the file yet. Is "clusterdrop local" running?');
  });
});
