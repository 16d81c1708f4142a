import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../shipped.ts';
import { type Cli, openCli } from './cli-fixture.ts';

/** Inside the package, where the bundle finds what it ships with, and out of the way of `dist/`. */
const folder = mkdtempSync(join(root, 'node_modules', '.bundle-'));
const bundle = join(folder, 'clusterdrop.js');
let world: Cli;

beforeAll(async () => {
  execFileSync(process.execPath, ['build.mjs', folder], { cwd: root });
  world = await openCli();
  for (const name of ['one', 'two']) await world.cli(['create', name, '--wait']);
}, 60_000);
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  world.close();
});

function clusterdrop(args: readonly string[], options: { input?: string; cwd?: string } = {}) {
  return spawnSync(process.execPath, [bundle, ...args], { encoding: 'utf8', cwd: world.base, ...options });
}

describe('the bundle, as a program', () => {
  it('knows its version, and what to say to nobody in particular', () => {
    expect(clusterdrop(['--version'])).toMatchObject({ status: 0, stdout: '0.1.0\n', stderr: '' });
    expect(clusterdrop([])).toMatchObject({ status: 0, stderr: '' });
    expect(clusterdrop(['lst'])).toMatchObject({ status: 2, stdout: '' });
  });

  it('does not mind that its reader has had enough', () => {
    const line = `"${process.execPath}" "${bundle}" list | head -1; "${process.execPath}" "${bundle}" problems | head -1; echo "\${PIPESTATUS[0]}"`;
    const said = spawnSync('bash', ['-c', line], { encoding: 'utf8', cwd: world.base });
    expect(said.stderr).toBe('');
    expect(said.stdout).toMatch(/^CLUSTER .*\nCODE .*\n0\n$/);
  });

  it('reads standard input', () => {
    expect(clusterdrop(['check', '-', '--json'], { input: '{' })).toMatchObject({ status: 2 });
    expect(clusterdrop(['check', '-'], { input: '{}' })).toMatchObject({ status: 0, stderr: '' });
  });

  it('judges a file where there is nothing else', () => {
    const empty = mkdtempSync(join(tmpdir(), 'clusterdrop-'));
    expect(clusterdrop(['check', '-'], { input: '{}', cwd: empty })).toMatchObject({ status: 0 });
    expect(clusterdrop(['list'], { cwd: empty })).toMatchObject({ status: 2 });
    rmSync(empty, { recursive: true });
  });
});
