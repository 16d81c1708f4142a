import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Cli, openCli } from './cli-fixture.ts';

let town: Cli;
beforeEach(async () => {
  town = await openCli();
});
afterEach(() => town.close());

const homes = () => readdirSync(join(town.dir, 'bucket', 'home'));
const filesOf = (user: string) => readdirSync(join(town.dir, 'bucket', 'home', user));
const steady = (text: string) =>
  text
    .replace(/selftest-[0-9a-z]+-[0-9a-f]{16}\b/g, 'selftest-<when>-<identity>')
    .replace(/\d+\.\d+\.\d+\.\d+/g, '<address>')
    .replace(/\((?:\d+[smh])+\)/g, '(<span>)');

test('lives through the whole story, and leaves nothing', async () => {
  const { code, out, err } = await town.cli(['admin', 'selftest']);
  expect(steady(out)).toMatchInlineSnapshot(`
    "ok    a request with a mistake in it: refused, and the mistake is named (<span>)
    ok    a file that was only meant as a drop: answered, and started nothing (<span>)
    ok    a cluster: ready at <address> (<span>)
    ok    its stack: clusterdrop-selftest-selftest-<when>-<identity>, in the book of selftest and with the right tags (<span>)
    ok    the same file once more: the same stack, and no other (<span>)
    ok    its end: gone, and said so (<span>)
    ok    what is left of it: no stack, no entry (<span>)

    All is as it has to be.
    "
  `);
  expect(err).toContain('It is simulated, and costs nothing.');
  expect(code).toBe(0);
  expect(filesOf('selftest')).toEqual([]);
  expect((await town.cli(['admin', 'users'])).out).not.toContain('selftest');
  const { out: clusters } = await town.cli(['admin', 'clusters', '--json']);
  expect(JSON.parse(clusters)).toMatchObject({ clusters: [] });
});

test('takes a user that is there, and leaves their own files alone', async () => {
  const before = readdirSync(town.home);
  const { code, out } = await town.cli(['admin', 'selftest', '--user', 'alice', '--json']);
  expect(JSON.parse(out)).toMatchObject({ user: 'alice', outcome: 'sound' });
  expect(code).toBe(0);
  expect(readdirSync(town.home)).toEqual(before);
});

test('keeps what it left when asked to', async () => {
  const { out } = await town.cli(['admin', 'selftest', '--keep', '--json']);
  const { name } = JSON.parse(out) as { name: string };
  const left = filesOf('selftest');
  expect(left).toContain(`${name}.cf-deleted`);
  expect(left).toContain(`${name}-mistake.cf-failed`);
});

test('a cluster that cannot be had is a failure, and its end is tried all the same', async () => {
  const faults = { version: 1, rules: [{ do: 'fail', on: 'create', reason: 'no capacity today' }] };
  writeFileSync(join(town.dir, 'faults.json'), JSON.stringify(faults));
  const { code, out } = await town.cli(['admin', 'selftest']);
  expect(code).toBe(3);
  expect(out).toMatch(/^fail {2}a cluster: .*no capacity today/m);
  expect(out).not.toContain('its stack');
  expect(out).toMatch(/^ok {4}its end: /m);
  expect(out).toContain('The files of the test were left');
});

test('a system that does not run fails every step in time, and a cluster is never left to begin', async () => {
  town.setRunning(false);
  const { code, out } = await town.cli(['admin', 'selftest', '--timeout', '1m', '--json']);
  const { steps } = JSON.parse(out) as { steps: { ok: boolean; what: string }[] };
  expect(code).toBe(3);
  expect(steps[0]).toMatchObject({ ok: false, what: expect.stringContaining('had no answer in time') });
  town.setRunning(true);
  for (let n = 0; n < 20; n++) await town.advance(60_000);
  expect(JSON.parse((await town.cli(['admin', 'clusters', '--json'])).out)).toMatchObject({ clusters: [] });
});

test.each([1, 2, 4, 6, 8])('Ctrl-C after %i looks leaves no cluster behind', async (stopAfter) => {
  const { code, err } = await town.cli(['admin', 'selftest', '--user', 'alice'], { stopAfter });
  expect(code).toBe(130);
  expect(err).toContain('Cut short.');
  for (let n = 0; n < 20; n++) await town.advance(60_000);
  expect(JSON.parse((await town.cli(['admin', 'clusters', '--json'])).out)).toMatchObject({ clusters: [] });
  const asked = readdirSync(town.home).filter((file) =>
    /^selftest-[0-9a-z]+\.cf-(?:create|delete)$/.test(file),
  );
  expect(asked).toEqual([]);
});

test('what the limits forbid is said before anything is made', async () => {
  await town.cli(['admin', 'freeze', '--reason', 'stocktaking']);
  const { code, err } = await town.cli(['admin', 'selftest']);
  expect(code).toBe(3);
  expect(err).toContain('stocktaking');
  expect(homes()).toEqual(['alice']);
});
