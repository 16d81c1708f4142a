import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { CLUSTER_RESOURCE_TYPES } from '../../src/core/cluster-resource-types.ts';
import { type Cli, openCli } from '../cli/cli-fixture.ts';
import { fencesOf, pageText } from '../docs/markdown.ts';
import { ShellLines } from '../docs/shell-lines.ts';
import { SMALL_FOLDER } from '../emulator/small-blueprint.ts';
import { jsonFile } from '../shipped.ts';

const GUIDE = 'docs/guide-blueprints.md';

let world: Cli;
beforeEach(async () => {
  world = await openCli();
});
afterEach(() => world.close());

it('can be typed', async () => {
  const folder = join(world.base, 'my-cluster');
  cpSync(SMALL_FOLDER, folder, { recursive: true });
  const text = readFileSync(join(folder, 'blueprint.json'), 'utf8').replace('"small"', '"my-cluster"');
  writeFileSync(join(folder, 'blueprint.json'), text);
  const shell = new ShellLines(world);
  const lines = fencesOf(GUIDE).flatMap(({ language, lines: all }) => (language === 'sh' ? all : []));
  expect(lines.length).toBeGreaterThan(4);
  for (const line of lines) await shell.run(line);
  expect((await world.cli(['list'])).out).toContain('demo');
});

it('names every type that is let in, and every key of blueprint.json', () => {
  for (const { type } of CLUSTER_RESOURCE_TYPES) expect(pageText(GUIDE)).toContain(`\`${type}\``);
  const { properties } = jsonFile('schemas/blueprint.schema.json') as { properties: object };
  for (const key of Object.keys(properties).filter((one) => one !== '$schema'))
    expect(pageText(GUIDE)).toContain(`\`${key}\``);
});
