import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { clusterAt } from '../../core/identity.ts';
import { FolderStore } from '../folder-store.ts';
import { keysOf, profileFiles } from './host-kit.ts';

let base: string;
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'host-kit-'));
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

function storeAt(folder: string, Store = FolderStore): FolderStore {
  return new Store({
    root: join(base, folder),
    internal: join(base, `${folder}-internal`),
    bucket: 'local',
    clock: Date,
    quietMs: 0,
    isInput: () => false,
  });
}

function write(folder: string, key: string, text: string): void {
  const path = join(base, folder, key);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

const said = (body: string) => () => execFileSync('sh', ['-c', body], { stdio: 'pipe' });

describe('a profile', () => {
  it('has a script that fails and says why in the place of a file that is too large', async () => {
    write('admin', 'customizer/all/configure.d/large', `exit 0\n${'#'.repeat(5_000_000)}`);
    write('admin', 'customizer/all/configure.d/small', 'echo small\n');

    const files = await profileFiles(storeAt('admin'), ['all', 'alice']);

    expect(files.map(({ path }) => path.replace(/^.*\//, ''))).toEqual(['large', 'small']);
    const [large = '', small = ''] = files.map(({ body }) => Buffer.from(body).toString());
    expect(small).toBe('echo small\n');
    expect(said(large)).toThrow('left out: too large');
  });

  it('has one in the place of a file that is closed to us', async () => {
    write('admin', 'customizer/all/configure.d/closed', 'echo closed\n');
    const [file] = await profileFiles(storeAt('admin', ClosedStore), ['all']);
    expect(said(String(file?.body))).toThrow('left out: Clusterdrop may not read it');
  });
});

describe('keys', () => {
  const cluster = clusterAt('local', 'home/alice/mycluster');

  it('are those that the administrator gave, and their own', async () => {
    const { admin, users } = { admin: storeAt('admin'), users: storeAt('bucket') };
    write('admin', 'customizer/alice/authorized_keys', 'ssh-ed25519 given');
    write('bucket', 'home/alice/authorized_keys', 'ssh-ed25519 own');

    const { files, faults } = await keysOf({ admin, users }, cluster, 'alice');

    expect(files.map(({ path }) => path)).toEqual([
      'etc/clusterdrop/keys/alice',
      'etc/clusterdrop/keys.copy/alice',
    ]);
    for (const { body } of files) expect(body).toBe('ssh-ed25519 given\nssh-ed25519 own\n');
    expect(faults).toEqual([]);
  });

  it('of a file that is too large are left out, which is told', async () => {
    const { admin, users } = { admin: storeAt('admin'), users: storeAt('bucket') };
    write('bucket', 'home/alice/authorized_keys', '#'.repeat(65 * 1024));

    const { files, faults } = await keysOf({ admin, users }, cluster, 'alice');

    expect(files.map(({ body }) => body)).toEqual(['\n\n', '\n\n']);
    expect(faults).toEqual(['home/alice/authorized_keys is larger than 64 KiB']);
  });

  it('of a file that is closed to us are left out, which is told', async () => {
    const users = storeAt('bucket', ClosedStore);
    const { files, faults } = await keysOf({ admin: storeAt('admin'), users }, cluster, 'alice');
    expect(files.map(({ body }) => body)).toEqual(['\n\n', '\n\n']);
    expect(faults).toEqual(['Clusterdrop may not read home/alice/authorized_keys']);
  });
});

/** To the super-user, who may run the tests, no file is closed. */
class ClosedStore extends FolderStore {
  override get(key: string): Promise<never> {
    const message = `EACCES: permission denied, open '${key}'`;
    return Promise.reject(Object.assign(new Error(message), { code: 'EACCES' }));
  }
}
