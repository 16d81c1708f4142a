import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { FolderStore } from '../folder-store.ts';
import { profileFiles } from './host-kit.ts';

let base: string;
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'host-kit-'));
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

it('puts a script that fails and says why in the place of a file that is too large', async () => {
  const [root, internal] = [join(base, 'admin'), join(base, 'internal')];
  const scripts = join(root, 'customizer', 'all', 'configure.d');
  mkdirSync(scripts, { recursive: true });
  writeFileSync(join(scripts, 'large'), `exit 0\n${'#'.repeat(5_000_000)}`);
  writeFileSync(join(scripts, 'small'), 'echo small\n');
  const store = new FolderStore({
    root,
    internal,
    bucket: 'local',
    clock: Date,
    quietMs: 0,
    isInput: () => false,
  });

  const files = await profileFiles(store, ['all', 'alice']);

  expect(files.map(({ path }) => path.replace(/^.*\//, ''))).toEqual(['large', 'small']);
  const [large = '', small = ''] = files.map(({ body }) => Buffer.from(body).toString());
  expect(small).toBe('echo small\n');
  expect(() => execFileSync('sh', ['-c', large], { stdio: 'pipe' })).toThrow('left out: too large');
});
