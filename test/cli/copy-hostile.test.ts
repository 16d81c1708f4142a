import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { copyDown } from '../../src/cli/copy/copy-down.ts';
import type { FileStore, StoredFile } from '../../src/engine/client/file-store.ts';

const PREFIX = 'home/alice/x.files/';
const SILENT = { bytes: () => undefined, file: () => undefined, end: () => undefined };

let base: string;
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'clusterdrop-hostile-'));
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

/** A bucket with objects of any names at all. */
function bucketOf(paths: readonly string[]): { readonly files: FileStore; readonly stored: StoredFile[] } {
  const stored = paths.map((path) => ({ key: PREFIX + path, size: 7, modified: 1_700_000_000_000 }));
  const files: FileStore = {
    async *list() {
      yield stored;
    },
    read: async () =>
      (async function* () {
        yield new TextEncoder().encode('hostile');
      })(),
    write: () => Promise.reject(new Error('nothing is written')),
  };
  return { files, stored };
}

async function copied(paths: readonly string[], files?: FileStore) {
  const bucket = bucketOf(paths);
  const to = join(base, 'a', 'target');
  const order = { ...bucket, ...(files && { files }), prefix: PREFIX, to, force: true };
  return copyDown({ ...order, stop: { aborted: false }, progress: SILENT });
}

describe('names that lead elsewhere', () => {
  const around = () => [readdirSync(base), readdirSync(join(base, 'a'))];

  it.each([
    '../escaped',
    '../../escaped',
    'b/../../escaped',
    '..',
    '.',
    '',
    '/escaped',
    '//escaped',
    'b//escaped',
    './escaped',
    'b/.',
    'b/',
    '..\\escaped',
    'C:\\escaped',
    'nul\0',
    'line\nbreak',
    '\u001b[2J',
    '\ud800',
    'x'.repeat(256),
    `${'x/'.repeat(600)}x`,
  ])('%j is told and left alone', async (path) => {
    const { problems, copied: done } = await copied([path, 'good']);
    expect(done).toEqual(['good']);
    expect(problems.map(({ code }) => code)).toEqual(['bad-file-path']);
    expect(around()).toEqual([['a'], ['target']]);
  });

  it('none of any at all leaves the folder', async () => {
    const part = fc.oneof(
      fc.constantFrom('..', '.', '', 'a', 'b', '~', '\\', 'c\\..\\d'),
      fc.string({ maxLength: 4 }),
    );
    const path = fc.array(part, { minLength: 1, maxLength: 5 }).map((parts) => parts.join('/'));
    await fc.assert(
      fc.asyncProperty(fc.array(path, { maxLength: 6 }), async (paths) => {
        const unique = [...new Set(paths)];
        const { problems, copied: done } = await copied(unique);
        expect(done.length + problems.length).toBe(unique.length);
        expect(around()).toEqual([['a'], ['target']]);
        rmSync(join(base, 'a'), { recursive: true });
      }),
      { numRuns: 100 },
    );
  });
});

describe('a copy that breaks off', () => {
  it('leaves what was there, and nothing beside it', async () => {
    const target = join(base, 'a', 'target');
    mkdirSync(target, { recursive: true });
    writeFileSync(join(target, 'x'), 'what was there');
    const { files } = bucketOf([]);
    const broken: FileStore = {
      ...files,
      read: async () =>
        (async function* () {
          yield new TextEncoder().encode('half');
          throw new Error('the line went dead');
        })(),
    };
    const { problems } = await copied(['x', 'y'], broken);
    // Both are under way at the same time.
    expect(problems.map(({ code, message }) => `${code} ${message}`).toSorted()).toEqual([
      'file-not-copied "x" was not copied: the line went dead',
      'file-not-copied "y" was not copied: the line went dead',
    ]);
    expect(readdirSync(target)).toEqual(['x']);
    expect(readFileSync(join(target, 'x'), 'utf8')).toBe('what was there');
  });

  it('makes no further attempt where every file would meet the same', async () => {
    const { files } = bucketOf([]);
    let asked = 0;
    const expired: FileStore = {
      ...files,
      read: async () => {
        asked++;
        throw Object.assign(new Error('The provided token has expired.'), { name: 'ExpiredToken' });
      },
    };
    const many = Array.from({ length: 100 }, (_, n) => `file-${n}`);
    await expect(copied(many, expired)).rejects.toThrow('expired');
    expect(asked).toBeLessThan(20);
  });
});
