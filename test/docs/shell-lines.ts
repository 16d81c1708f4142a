import { copyFileSync, existsSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect } from 'vitest';
import type { Cli } from '../cli/cli-fixture.ts';

/** Lines of the guides that cannot be run here, and why. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  'npm ci && npm start': 'needs a fresh clone; what it starts is run in test/local/local-process.test.ts',
  'npm test': 'is what runs this',
  'clusterdrop ssh mycluster -- srun -N2 hostname': 'needs a real cluster; run in test/containers',
  'alias clusterdrop="node $PWD/dist/clusterdrop.js"': 'the bundle is run in test/cli/bundle.test.ts',
  'clusterdrop local --dir clusterdrop-data --speed 20':
    'goes on until Ctrl-C; run in test/local/local-process.test.ts',
};

/** What must be there before a line makes sense: the guide does not start a cluster only to end it. */
const BEFORE: Readonly<Record<string, readonly string[]>> = {
  'clusterdrop admin stop bob/mycluster': ['create', 'mycluster', '--user', 'bob', '--wait'],
};

/** More than a simulated cluster needs to come or go in the fixture's time. */
const LOOKS = 10;

/** Runs the lines of a guide as somebody who types them: commands in process, and the few file commands that the guides use. */
export class ShellLines {
  readonly #world: Cli;
  #folder: string;

  constructor(world: Cli) {
    this.#world = world;
    this.#folder = world.base;
  }

  async run(line: string): Promise<void> {
    if (line in ELSEWHERE) return;
    const before = BEFORE[line];
    if (before) expect(await this.#world.cli(before)).toMatchObject({ code: 0 });
    const [command, ...args] = wordsOf(line);
    const path = (name = '') => resolve(this.#folder, name);
    if (command === 'clusterdrop') return this.#clusterdrop(args);
    if (command === 'cd') this.#folder = path(args[0]);
    else if (command === 'cp') copyFileSync(path(args[0]), path(args[1]));
    else if (command === 'touch') writeFileSync(path(args[0]), '');
    else if (command === 'echo' && args[1] === '>') writeFileSync(path(args[2]), `${args[0]}\n`);
    else if (command === 'cat') expect(existsSync(path(args[0]))).toBe(true);
    else throw new Error(`no test knows how to run "${line}"`);
    for (let looks = 0; looks < LOOKS; looks++) await this.#world.advance(1000);
  }

  async #clusterdrop(args: readonly string[]): Promise<void> {
    expect(this.#folder, 'the folder that the installation lies in').toBe(this.#world.base);
    expect(await this.#world.cli(args)).toMatchObject({ code: 0 });
  }
}

/** Words as a shell reads them, as far as the guides go: blanks separate, quotes keep together. */
function wordsOf(line: string): string[] {
  return [...line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(
    ([, one, two, plain]) => one ?? two ?? plain ?? '',
  );
}
