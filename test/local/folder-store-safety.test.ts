import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isInTheWay } from '../../src/engine/problems-of.ts';
import { keyFault } from '../../src/local/object-path.ts';
import { openFolderStores } from '../../src/local/open-folder-stores.ts';
import { readWhole } from '../../src/local/read-whole.ts';
import {
  type Folder,
  IS_ROOT,
  keysOf,
  NOBODY,
  openFolder,
  QUIET,
  shutOutOf,
  textOf,
} from './folder-fixture.ts';

describe('a folder store with hostile people', () => {
  let folder: Folder;
  let outside: string;
  beforeEach(() => {
    folder = openFolder();
    folder.settle();
    outside = join(folder.base, 'outside');
    mkdirSync(outside);
    writeFileSync(join(outside, 'x.cf-create'), 'secret');
    mkdirSync(join(folder.root, 'home/alice'), { recursive: true });
  });
  afterEach(() => {
    // Whatever was tried, nothing outside the two folders changed.
    expect(readdirSync(folder.base).toSorted()).toEqual(['.clusterdrop', 'bucket', 'outside']);
    expect(readdirSync(outside)).toEqual(['x.cf-create']);
    expect(readFileSync(join(outside, 'x.cf-create'), 'utf8')).toBe('secret');
    folder.close();
  });

  async function expectNothingAt(key: string): Promise<void> {
    const { store } = folder;
    expect(await store.get(key)).toBeUndefined();
    expect(await store.remove(key, 'any')).toBe('absent');
    expect(await store.put(key, '', { ifVersion: 'any' }).catch(() => undefined)).toBeUndefined();
    await expect(store.put(key, 'mine', { ifAbsent: true })).rejects.toThrow(/cannot (?:store|be used)/);
    await expect(store.put(key, 'mine')).rejects.toThrow(/cannot (?:store|be used)/);
    expect(readdirSync(join(folder.internal, 'tmp'))).toEqual([]);
  }

  it.each([
    ['a user', 'home/mallory', 'home/mallory/x.cf-create'],
    ['a folder', 'home/alice/deep', 'home/alice/deep/x.cf-create'],
    ['a folder above', 'home/alice/up', 'home/alice/up/below/x.cf-create'],
  ])('follows no link in place of %s', async (_, link, key) => {
    symlinkSync(outside, join(folder.root, link));
    await expectNothingAt(key);
    expect(await keysOf(folder.store, `${link}/`)).toEqual([]);
    expect(await keysOf(folder.store, link)).toEqual([]);
    expect(await folder.store.listInputs()).toEqual([]);
  });

  it('follows no link in place of home', async () => {
    renameSync(join(folder.root, 'home'), join(folder.root, 'was-home'));
    symlinkSync(outside, join(folder.root, 'home'));
    await expectNothingAt('home/x.cf-create');
    expect(await folder.store.listInputs()).toEqual([]);
  });

  it('follows no link in place of a file, and shows no pipes, sockets or folders as files', async () => {
    const alice = join(folder.root, 'home/alice');
    const at = (name: string) => join(alice, name);
    symlinkSync(join(outside, 'x.cf-create'), at('link.cf-create'));
    symlinkSync('nowhere', at('dangling.cf-create'));
    execFileSync('mkfifo', [at('pipe.cf-create')]);
    mkdirSync(at('folder.cf-create'));
    const server = createServer().listen(at('socket.cf-create'));
    await new Promise((resolve) => server.once('listening', resolve));
    try {
      for (const name of ['link', 'dangling', 'pipe', 'folder', 'socket'])
        await expectNothingAt(`home/alice/${name}.cf-create`);
      expect(await keysOf(folder.store, 'home/alice/')).toEqual(['home/alice/folder.cf-create/']);
      expect(await folder.store.listInputs()).toEqual([]);
      await expectNothingAt('home/alice/link.cf-create/below');
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
  });

  it('reads the beginning of a file that is larger than any memory', async () => {
    const path = folder.person('home/alice/huge.cf-create', '{}');
    truncateSync(path, 2 ** 40);
    const read = await folder.store.get('home/alice/huge.cf-create', 100);
    expect(read?.size).toBe(2 ** 40);
    expect(textOf(read)?.startsWith('{}\0')).toBe(true);
    expect(read?.body).toHaveLength(100);
  });

  it('never takes a link, or the like, for nothing where it is asked to be strict', async () => {
    const store = folder.another({ strict: true });
    const limits = join(folder.root, 'customizer/limits');
    const at = (name: string) => join(limits, name);
    folder.person('customizer/limits/alice.json', '{}');
    folder.person('customizer/limits/bob.json', '{}');
    mkdirSync(at('folder.json'));
    execFileSync('mkfifo', [at('pipe.json')]);
    const server = createServer().listen(at('socket.json'));
    await new Promise((resolve) => server.once('listening', resolve));
    try {
      for (const name of ['folder', 'pipe', 'socket'])
        await expect(store.get(`customizer/limits/${name}.json`), name).rejects.toThrow(`"${name}.json" is `);
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
    expect(await keysOf(store, 'customizer/limits/alice')).toEqual(['customizer/limits/alice.json']);

    symlinkSync(join(outside, 'x.cf-create'), at('link.json'));
    symlinkSync('nowhere', at('dangling.json'));
    for (const name of ['link', 'dangling']) {
      const key = `customizer/limits/${name}.json`;
      await expect(store.get(key), name).rejects.toThrow(key);
      await expect(keysOf(store, key), name).rejects.toThrow(key);
    }
    await expect(keysOf(store, 'customizer/limits/')).rejects.toThrow('symbolic link');
    expect(await keysOf(store, 'customizer/limits/a')).toEqual(['customizer/limits/alice.json']);

    renameSync(limits, join(folder.root, 'elsewhere'));
    symlinkSync(join(folder.root, 'elsewhere'), limits);
    await expect(store.get('customizer/limits/alice.json')).rejects.toThrow('"limits" is ');
    await expect(store.get('customizer/limits/no/such')).rejects.toThrow('"limits" is ');
    await expect(keysOf(store, 'customizer/limits/')).rejects.toThrow('customizer/limits/');
    await expect(keysOf(store, 'customizer/')).rejects.toThrow('customizer/limits');
    expect(await store.get('customizer/none.json')).toBeUndefined();
    expect(await keysOf(store, 'none/')).toEqual([]);
    expect(await keysOf(folder.store, 'customizer/limits/')).toEqual([]);
  });

  it('is strict with what the administrator sets up, and ignores what people do in their own folders', async () => {
    const dir = join(folder.base, 'bucket', 'installation');
    const { users, admin } = openFolderStores(dir);
    for (const part of ['bucket', 'admin']) symlinkSync(outside, join(dir, part, 'link'));
    expect(await users.get('link/x.cf-create')).toBeUndefined();
    await expect(admin.get('link/x.cf-create')).rejects.toThrow('"link" is ');
  });

  it.runIf(IS_ROOT)('shows no hard link to a file of somebody else', async () => {
    const secret = folder.person('secret', 'of the superuser');
    const [stolen, own] = ['home/alice/stolen.cf-create', 'home/alice/own.cf-create'];
    chownSync(join(folder.root, 'home/alice'), NOBODY, NOBODY);
    linkSync(secret, join(folder.root, stolen));
    const path = folder.person(own, '{}');
    chownSync(path, NOBODY, NOBODY);
    linkSync(path, join(folder.root, 'home/alice/copy.cf-create'));
    folder.person('home/alice/by-another.cf-create', '{}');
    const shown = ['by-another', 'copy', 'own'].map((name) => `home/alice/${name}.cf-create`);
    expect(await folder.store.get(stolen)).toBeUndefined();
    expect(textOf(await folder.store.get(own))).toBe('{}');
    expect(await keysOf(folder.store, 'home/alice/')).toEqual(shown);
    expect((await folder.store.listInputs()).map(({ key }) => key).toSorted()).toEqual(shown);
    rmSync(secret);
  });

  it('opens no link and waits for no pipe that came after the look', () => {
    const [link, pipe] = [join(folder.root, 'link'), join(folder.root, 'pipe')];
    symlinkSync(join(outside, 'x.cf-create'), link);
    execFileSync('mkfifo', [pipe]);
    for (const path of [link, pipe, folder.root, join(folder.root, 'nothing')])
      expect(readWhole(path), path).toBe('gone');
  });

  it('does not show names that are not text, or are longer than a key may be', async () => {
    const alice = `${join(folder.root, 'home/alice')}/`;
    for (const bytes of [
      [0xff, 0xfe],
      [0x61, 0x0a],
      [0x1b, 0x5b],
      [0xc2, 0x85],
      [0xed, 0xa0, 0x80],
    ])
      writeFileSync(Buffer.concat([Buffer.from(alice), Buffer.from(bytes), Buffer.from('.cf-create')]), '{}');
    let deep = alice;
    for (let n = 0; n < 5; n++) deep = join(deep, 'd'.repeat(220));
    mkdirSync(deep, { recursive: true });
    writeFileSync(join(deep, 'x.cf-create'), '{}');
    writeFileSync(join(alice, 'good.cf-create'), '{}');
    expect(await keysOf(folder.store, 'home/alice/')).toEqual([
      'home/alice/good.cf-create',
      `home/alice/${'d'.repeat(220)}/`,
    ]);
    expect((await folder.store.listInputs()).map(({ key }) => key)).toEqual(['home/alice/good.cf-create']);
  });

  it.runIf(process.getuid !== undefined)('never takes what it may not read for nothing', async () => {
    folder.person('home/bob/x.cf-create', '{}');
    const alice = join(folder.root, 'home/alice');
    folder.person('home/alice/x.cf-create', '{}');
    chmodSync(alice, 0);
    // Root may read everything: become somebody else for the length of the test.
    const isRoot = process.getuid?.() === 0;
    if (isRoot) process.seteuid?.(65_534);
    try {
      await expect(keysOf(folder.store, 'home/alice/')).rejects.toThrow('EACCES');
      await expect(folder.store.get('home/alice/x.cf-create')).rejects.toThrow('EACCES');
      // The engine is told that it is the person's doing, which keeps no cluster from its end.
      const errors = [
        keysOf(folder.store, 'home/alice/x.cf-'),
        folder.store.get('home/alice/x.cf-create'),
      ].map((call) => call.catch((error: unknown) => error));
      for (const error of await Promise.all(errors)) expect(isInTheWay(error)).toBe(true);
      expect((await folder.store.listInputs()).map(({ key }) => key)).toEqual(['home/bob/x.cf-create']);
    } finally {
      if (isRoot) process.seteuid?.(0);
      chmodSync(alice, 0o755);
    }
  });

  it.runIf(process.getuid !== undefined)('finds the others’ inputs, whatever one person does', async () => {
    folder.person('home/bob/x.cf-create', '{}');
    folder.person('home/alice/x.cf-create', '{}');
    folder.person('home/alice/deep/x.cf-create', '{}');
    const alice = join(folder.root, 'home/alice');
    // Names can be read, but nothing can be looked at.
    chmodSync(alice, 0o744);
    const isRoot = process.getuid?.() === 0;
    if (isRoot) process.seteuid?.(65_534);
    else chmodSync(alice, 0o644);
    try {
      expect((await folder.store.listInputs()).map(({ key }) => key)).toEqual(['home/bob/x.cf-create']);
    } finally {
      if (isRoot) process.seteuid?.(0);
      chmodSync(alice, 0o755);
    }
  });

  it.runIf(IS_ROOT)('puts the others’ files back, whatever one person does', async () => {
    const [alices, bobs] = ['home/alice/x.cf-create', 'home/bob/x.cf-create'];
    for (const key of [alices, bobs]) {
      const path = folder.person(key, 'first ');
      const program = openSync(path, 'a');
      const { version = '' } = (await folder.store.get(key)) ?? {};
      expect(await folder.store.remove(key, version)).toBe('removed');
      writeSync(program, 'second');
      closeSync(program);
    }
    folder.advance(QUIET);
    expect(await shutOutOf(folder, 'home/alice', () => folder.store.recheck())).toEqual([bobs]);
  });

  it('holds exactly the keys that it can, and no others lead anywhere', { timeout: 60_000 }, async () => {
    const part = fc.oneof(
      fc.constantFrom('..', '.', '', 'a', '~', '\0', '\n', '\u0085', '\ud800', '\ufffd', '..\\..', 'é', '🎉'),
      fc.constantFrom('x'.repeat(255), 'x'.repeat(256), 'é'.repeat(128)),
      fc.string({ unit: 'binary', maxLength: 12 }),
      fc.string({ unit: 'grapheme', maxLength: 12 }),
    );
    const key = fc.array(part, { minLength: 1, maxLength: 5 }).map((parts) => parts.join('/'));
    let round = 0;
    await fc.assert(
      fc.asyncProperty(key, fc.boolean(), async (hostile, below) => {
        round += 1;
        const full = below ? `home/round-${round}/${hostile}` : hostile;
        const { store } = folder;
        if (keyFault(full) !== undefined) {
          await expectNothingAt(full);
          expect(await keysOf(store, `${full}/`)).toEqual([]);
        } else if (below) {
          const entry = await store.put(full, 'mine');
          folder.settle();
          expect(textOf(await store.get(full))).toBe('mine');
          expect(await keysOf(store, full)).toEqual([full]);
          expect(existsSync(join(folder.root, full))).toBe(true);
          expect(await store.remove(full, entry?.version ?? '')).toBe('removed');
        } else {
          await store.get(full);
          await keysOf(store, full);
        }
      }),
      {
        numRuns: 150,
        examples: [
          ['../outside/x.cf-create', false],
          ['home/../../outside/x.cf-create', false],
          ['/etc/passwd', false],
        ],
      },
    );
  });
});
