import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { run } from '../../src/cli/run.ts';
import { type Cli, openCli } from './cli-fixture.ts';

let world: Cli;
beforeEach(async () => {
  world = await openCli({ prepared: false });
});
afterEach(() => world.close());

/** Runs it until it has said `word`, then stops it. */
async function local(args: readonly string[], word: string) {
  let [out, err] = ['', ''];
  const stop = new AbortController();
  const code = await run(['local', ...args], {
    out: (text) => {
      out += text;
      if (out.includes(word)) stop.abort();
    },
    err: (text) => void (err += text),
    env: { CLUSTERDROP_HOSTS: 'simulated' },
    cwd: join(world.base, 'below'),
    isInteractive: false,
    signal: stop.signal,
    now: world.clock.now,
    pause: async () => {},
    readInput: async () => new Uint8Array(),
    ask: async () => undefined,
    canAsk: false,
    launch: async () => 0,
  });
  return { code, err, out: out.replaceAll(world.base, '<base>') };
}

it('makes an installation, says how to begin with paths that can be pasted, and stops', async () => {
  const said = await local(['--dir', '../with blanks'], 'Ctrl-C');
  expect(said).toMatchObject({ code: 0, err: '' });
  expect(said.out).toMatchInlineSnapshot(`
    "Made a new installation in <base>/with blanks (clusters are simulated).

    In another terminal, start a cluster, and later end it:

        cp '<base>/with blanks/bucket/home/alice/example.json' '<base>/with blanks/bucket/home/alice/mycluster.cf-create'
        touch '<base>/with blanks/bucket/home/alice/mycluster.cf-delete'

    "clusterdrop help" shows commands that do the same and tell you more.
    Watching '<base>/with blanks/bucket/home/alice' and its neighbours. Ctrl-C stops.


    Stopped. Clusters go on where they are when you start again.
    "
  `);
  expect(existsSync(join(world.base, 'with blanks/admin/installation.json'))).toBe(true);
  expect((await local(['--dir', '../with blanks'], 'Ctrl-C')).out).toContain('Running the installation in');
});

it('says nothing but what happens with --json', async () => {
  await local([], 'Ctrl-C');
  await world.cli(['create', 'demo', '--dir', 'below/clusterdrop-data']);
  const { out } = await local(['--json', '--speed', '1000'], 'start');
  const lines = out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines[0]).toMatchObject({ version: 1, user: 'alice', path: 'home/alice/demo', step: 'start' });
});
