import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import { COMMANDS } from '../src/cli/command-list.ts';
import { DEFAULT_LIMITS } from '../src/core/limits.ts';
import { PROBLEMS } from '../src/core/problems.ts';
import { STATUS_STATES } from '../src/core/report/status-shape.ts';
import { REQUEST_KEYS } from '../src/core/request-keys.ts';
import { LIMIT_NAMES } from '../src/engine/administration/limit-value.ts';
import { type Cli, openCli } from './cli/cli-fixture.ts';
import {
  anchorsOf,
  fencesOf,
  filesBelow,
  linksOf,
  PAGES,
  pageText,
  pathsIn,
  proseOf,
} from './docs/markdown.ts';
import { ShellLines } from './docs/shell-lines.ts';
import { policiesOf, type Role } from './policies/simulate.ts';
import { root } from './shipped.ts';

const RESEARCHER = 'docs/guide-researcher.md';
const ADMINISTRATOR = 'docs/guide-administrator.md';
const KEY = 'AAAAC3NzaC1lZDI1NTE5AAAAIJ0Xo1b2Vw3k4m5n6p7q8r9s0t1u2v3w4x5y6z7A8B9C';

describe('the guides can be typed', { timeout: 60_000 }, () => {
  let world: Cli;
  beforeEach(async () => {
    world = await openCli();
    cpSync(join(root, 'examples'), join(world.base, 'examples'), { recursive: true });
    mkdirSync(join(world.base, 'keys'));
    for (const file of ['bob.pub', 'keys/dave.pub'])
      writeFileSync(join(world.base, file), `ssh-ed25519 ${KEY} ${file}\n`);
    writeFileSync(join(world.base, 'laptop.pub'), `ssh-ed25519 ${KEY} me@laptop\n`);
    writeFileSync(join(world.base, 'people.csv'), listOfPeople());
  });
  afterEach(() => world.close());

  test.each(['README.md', RESEARCHER, ADMINISTRATOR])('%s', async (page) => {
    const shell = new ShellLines(world);
    // Those that need a real cluster are run by test/containers.
    const lines = fencesOf(page).flatMap(({ language, needs, lines: typed }) =>
      language === 'sh' && needs === '' ? typed : [],
    );
    expect(lines.length).toBeGreaterThan(3);
    for (const line of lines) await shell.run(line);
  });

  test("an administrator's own defaults", async () => {
    const offer = join(world.dir, 'admin/blueprints/slurm/current.json');
    const { hash } = JSON.parse(readFileSync(offer, 'utf8'));
    writeFileSync(offer, JSON.stringify({ ...jsonIn(ADMINISTRATOR, '"defaults"'), hash }));
    const { out } = await world.cli(['check', 'examples/small.cf-create']);
    expect(out).toMatch(/ComputeMaxNodes +2 +the administrator's default/);
    expect(out).toMatch(/Lifetime +1d +the administrator's default/);
  });

  test('a failure to try', async () => {
    const faults = join(world.dir, 'faults.json');
    writeFileSync(faults, JSON.stringify(jsonIn(ADMINISTRATOR, '"rules"')));
    expect(await world.cli(['create', 'unlucky', '--wait'])).toMatchObject({
      code: 3,
      err: expect.stringContaining('LoginNode failed: We currently do not have sufficient capacity'),
    });
    expect(await world.cli(['create', 'lucky', '--wait'])).toMatchObject({ code: 0 });
    rmSync(faults);
  });
});

describe('what the pages name is there', () => {
  it.each(PAGES)('%s', (page) => {
    for (const target of linksOf(page)) {
      const [file = '', anchor] = target.split('#');
      const path = file === '' ? page : join(dirname(page), file);
      expect(existsSync(join(root, path)), `${page} links to ${target}`).toBe(true);
      if (anchor !== undefined) expect(anchorsOf(path), `${page} links to ${target}`).toContain(anchor);
    }
    for (const path of pathsIn(page))
      expect(existsSync(join(root, path)), `${page} names ${path}`).toBe(true);
  });
});

// What needs an account cannot be run here as it stands; that there is such a command, with such options, can be seen.
describe('what the pages tell to type is there', { timeout: 60_000 }, () => {
  it.each(PAGES.filter((page) => typedIn(page).length > 0))('%s', async (page) => {
    for (const line of typedIn(page)) {
      const words = line.split(/\s+/);
      const name = [words.slice(0, 2).join(' '), words[0] ?? ''].find((one) => one in COMMANDS);
      if (words[0] === 'help') continue;
      expect(name, `${page}: clusterdrop ${line}`).toBeDefined();
      const { help } = (await COMMANDS[name ?? '']?.load()) ?? { help: '' };
      for (const option of line.match(/(?<= )--[a-z-]+/g) ?? [])
        expect(`${help} --help`, `${page}: clusterdrop ${line}`).toContain(option);
    }
  });
});

it.each(PAGES)('%s says of what is typed nothing but where', (page) => {
  for (const { language, needs } of fencesOf(page))
    expect(language === 'sh' ? ['', 'containers', 'cluster'] : ['']).toContain(needs);
});

describe('nothing is left out', () => {
  it('names every command, in the words of the program', () => {
    for (const [name, { summary }] of Object.entries(COMMANDS))
      expect(pageText('README.md')).toContain(
        `| \`clusterdrop ${name}\` | ${name === 'local' ? '' : summary}`,
      );
  });

  it('names every key of a request', () => {
    for (const { key } of REQUEST_KEYS)
      for (const page of [RESEARCHER, 'docs/request.md']) expect(pageText(page)).toContain(key);
  });

  it('names every limit, with the value that is shipped', () => {
    for (const name of LIMIT_NAMES) {
      const row = pageText(ADMINISTRATOR).match(new RegExp(`^\\| \`${name}\` \\| (.*?) \\|`, 'm'))?.[1];
      expect(row?.replaceAll('`', ''), name).toBe(
        shipped(name === 'frozen' ? undefined : DEFAULT_LIMITS[name]),
      );
    }
  });

  it('names every state, every reply and every problem', () => {
    for (const state of STATUS_STATES) expect(pageText(RESEARCHER)).toContain(`| \`${state}\` |`);
    for (const suffix of ['create', 'created', 'status', 'failed', 'delete', 'deleted'])
      expect(pageText('README.md')).toContain(`| \`NAME.cf-${suffix}\` |`);
    for (const code of Object.keys(PROBLEMS)) expect(anchorsOf('docs/problems.md')).toContain(code);
  });

  it('names every variable of the environment', () => {
    const sources = filesBelow('src', '.ts').map((file) => readFileSync(join(root, file), 'utf8'));
    const variables = new Set(sources.flatMap((text) => text.match(/\bCLUSTERDROP_[A-Z_]+\b/g) ?? []));
    const guides = pageText(RESEARCHER) + pageText(ADMINISTRATOR);
    for (const variable of variables) expect(guides).toContain(variable);
  });

  it('gives a reason for each right on every resource', () => {
    const roles: readonly Role[] = ['user', 'federated', 'reconcile', 'sweep', 'prices', 'execution', 'node'];
    const statements = roles.flatMap(policiesOf).flatMap((policy) => Object(policy).Statement as Statement[]);
    const everywhere = statements.filter((one) => one.Effect === 'Allow' && one.Resource === '*');
    const told = pageText('docs/security.md');
    expect(everywhere.length).toBeGreaterThan(5);
    for (const { Sid, Action } of everywhere) {
      expect(told).toContain(`\`${Sid}\` |`);
      if (Action.length < 3) for (const action of Action) expect(told).toContain(`\`${action}\``);
    }
  });

  it('links the page of every folder of the source', () => {
    const links = linksOf('docs/architecture.md');
    for (const folder of readdirSync(join(root, 'src')))
      expect(links).toContain(`../src/${folder}/README.md`);
  });

  it('links every decision', () => {
    const links = linksOf('docs/architecture.md');
    for (const page of PAGES.filter((one) => one.startsWith('docs/decisions/')))
      expect(links).toContain(page.slice('docs/'.length));
  });
});

it('shows on its first screen what it is, how to begin, and where to read on', () => {
  const screen = pageText('README.md').split('\n').slice(0, 40);
  for (const words of [
    'npm ci && npm start',
    '.cf-create',
    '.cf-delete',
    'clusterdrop status',
    'clusterdrop admin deploy',
    'docs/security.md',
    RESEARCHER,
    ADMINISTRATOR,
  ])
    expect(screen.join('\n')).toContain(words);
  for (const line of fencesOf('README.md')[0]?.lines ?? []) expect(line.length).toBeLessThanOrEqual(80);
});

interface Statement {
  readonly Sid: string;
  readonly Effect: string;
  readonly Action: readonly string[];
  readonly Resource: unknown;
}

/** Commands of ours in a page's blocks and in its prose, without the program's name. */
function typedIn(page: string): string[] {
  const prose = [...proseOf(page).matchAll(/`clusterdrop ([a-z][^`]*)`/g)].map(([, line = '']) => line);
  const typed = fencesOf(page).flatMap(({ language, lines }) =>
    ['sh', 'console', 'text'].includes(language)
      ? lines.flatMap((line) => /^clusterdrop ([a-z].*)$/.exec(line)?.[1] ?? [])
      : [],
  );
  return [...typed, ...prose];
}

/** The list of the guide, with a key where it leaves one out. */
function listOfPeople(): string {
  const list = fencesOf(ADMINISTRATOR).find(({ lines }) => lines[0] === 'name,email,key');
  return (list?.lines ?? []).join('\n').replaceAll('AAAA...', KEY);
}

function jsonIn(page: string, mark: string): object {
  const fence = fencesOf(page).find(
    ({ language, lines }) => language === 'json' && lines.join().includes(mark),
  );
  return JSON.parse((fence?.lines ?? []).join('\n'));
}

function shipped(value: string | number | boolean | readonly string[] | null | undefined): string {
  if (value === undefined) return 'not set';
  if (typeof value === 'object' && value !== null) return value.length === 0 ? 'none' : value.join(', ');
  return String(value);
}
