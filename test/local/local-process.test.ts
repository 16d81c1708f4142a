import { type ChildProcess, spawn } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { soon } from '../soon.ts';

const ROOT = new URL('../..', import.meta.url).pathname;

let dir: string;
let running: ChildProcess[] = [];
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'clusterdrop-process-'));
});
afterEach(async () => {
  await Promise.all(running.map((child) => ended(child, 'SIGKILL')));
  running = [];
  rmSync(dir, { recursive: true, force: true });
});

/** The system as a person starts it, in a process of its own; `onTurn` is called for each turn of events that it prints. */
function start(onTurn: (turn: number, child: ChildProcess) => void = () => undefined): ChildProcess {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', 'src/cli/clusterdrop.ts', 'local', '--dir', dir, '--speed', '200'],
    { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  running.push(child);
  let turns = 0;
  let rest = '';
  child.stdout?.on('data', (data: Buffer) => {
    if (process.env['SHOW']) process.stderr.write(data);
    const lines = (rest + data.toString()).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (/^\d\d:\d\d:\d\d /.test(line)) onTurn(++turns, child);
  });
  return child;
}

function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode);
  return new Promise((resolve) => {
    child.once('exit', (code) => resolve(code));
    child.kill(signal);
  });
}

const home = (...path: string[]) => join(dir, 'bucket', 'home', 'alice', ...path);
const names = (suffix: string) =>
  readdirSync(home())
    .filter((name) => name.endsWith(suffix))
    .toSorted();
/** Every stack that there ever was. */
const stacks = () =>
  ['living', 'ended'].flatMap((folder) => readdirSync(join(dir, '.clusterdrop', 'stacks', folder)));

describe('clusterdrop local', () => {
  test('takes the guide’s own example, and Ctrl-C ends it with exit code 0', {
    timeout: 240_000,
  }, async () => {
    const child = start();
    await soon(() => expect(existsSync(home('example.json'))).toBe(true));
    copyFileSync(join(ROOT, 'examples', 'guide.cf-create'), home('mycluster.cf-create'));
    await soon(() => expect(names('.cf-created')).toEqual(['mycluster.cf-created']));
    await soon(() => expect(names('.cf-create')).toEqual([]));
    expect(readFileSync(home('mycluster.cf-created'), 'utf8')).toMatch(/^\d+\.\d+\.\d+\.\d+\n$/);
    expect(await ended(child, 'SIGINT')).toBe(0);
  });

  test.each([1, 2, 4, 6, 8, 11])(
    'is killed at turn %i, and the next one finishes the story',
    { timeout: 240_000 },
    async (fatal) => {
      const first = start((turn, child) => {
        if (turn === fatal) child.kill('SIGKILL');
      });
      await soon(() => expect(existsSync(home('example.json'))).toBe(true));
      for (const name of ['a', 'b', 'c']) writeFileSync(home(`${name}.cf-create`), '{}');
      await soon(() => expect(first.signalCode).toBe('SIGKILL'));

      start();
      await soon(() =>
        expect([names('.cf-created'), names('.cf-create')]).toEqual([
          ['a.cf-created', 'b.cf-created', 'c.cf-created'],
          [],
        ]),
      );
      const addresses = names('.cf-created').map((name) => readFileSync(home(name), 'utf8'));
      expect(new Set(addresses).size).toBe(3);
      expect(stacks()).toHaveLength(3);
      for (const name of ['a', 'b', 'c']) writeFileSync(home(`${name}.cf-delete`), '');
      await soon(() =>
        expect([names('.cf-deleted'), names('.cf-delete'), names('.cf-created')]).toEqual([
          ['a.cf-deleted', 'b.cf-deleted', 'c.cf-deleted'],
          [],
          [],
        ]),
      );
      expect(stacks()).toHaveLength(3);
    },
  );
});
