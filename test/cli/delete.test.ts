import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Cli, openCli } from './cli-fixture.ts';

let world: Cli;
beforeEach(async () => {
  world = await openCli();
  await world.cli(['create', 'demo', '--wait']);
});
afterEach(() => world.close());

const isDropped = () => existsSync(join(world.home, 'demo.cf-delete'));

it('drops a file, and says what comes next', async () => {
  const said = await world.cli(['delete', 'demo']);
  expect(said).toMatchObject({ code: 0, err: '' });
  expect(said.out).toMatchInlineSnapshot(`
    "Dropped demo.cf-delete.

    How far it is:  clusterdrop status demo --watch
    "
  `);
  expect(isDropped()).toBe(true);
});

it('waits until the cluster is gone', async () => {
  const said = await world.cli(['delete', 'demo', '--wait']);
  expect(said.code).toBe(0);
  expect(said.out).toMatchInlineSnapshot(`
    "demo is gone. home/alice/demo.cf-deleted says what it cost; home/alice/demo.files/ stays.
    "
  `);
  expect(said.err).toContain('stopping: the cluster is being taken down');
  expect(existsSync(join(world.home, 'demo.cf-deleted'))).toBe(true);
});

it('asks whoever sits there; a no, a word, Ctrl-D and nothing leave all as it is: exit code 1', async () => {
  for (const reply of ['n', 'no', 'x', '', undefined]) {
    const said = await world.cli(['delete', 'demo'], { answers: [reply] });
    expect(said).toMatchObject({ code: 1, out: '' });
    expect(said.err).toMatch(/^End demo of alice at [\d.]+\? Jobs on it are lost\. \[y\/N\] $/);
  }
  expect(isDropped()).toBe(false);
  expect((await world.cli(['delete', 'demo'], { answers: ['Yes'] })).code).toBe(0);
  expect(isDropped()).toBe(true);
});

it('asks nothing with --yes', async () => {
  expect((await world.cli(['delete', 'demo', '--yes'], { answers: ['n'] })).code).toBe(0);
});

it('refuses a name that nothing has', async () => {
  const said = await world.cli(['delete', 'dem']);
  expect(said.code).toBe(2);
  expect(said.err).toContain('Did you mean "demo"?');
});

it('answers with one JSON document', async () => {
  const said = await world.cli(['delete', 'demo', '--wait', '--json']);
  expect(JSON.parse(said.out)).toMatchObject({
    version: 1,
    name: 'demo',
    outcome: 'done',
    status: { state: 'gone', drop: { action: 'delete', outcome: 'done' } },
  });
});
