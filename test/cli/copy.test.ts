import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { byteWords } from '../../src/core/report/byte-words.ts';
import { type Cli, openCli } from './cli-fixture.ts';

let world: Cli;
beforeEach(async () => {
  world = await openCli();
});
afterEach(() => world.close());

const here = (...path: string[]) => join(world.base, ...path);
const there = (...path: string[]) => join(world.home, 'mycluster.files', ...path);

function write(path: string, text: string): void {
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, text);
}

const MINUTE = 60;
function age(path: string, seconds: number): void {
  const at = Date.now() / 1000 - seconds;
  utimesSync(path, at, at);
}

describe('clusterdrop put', () => {
  it('copies files and folders, and only once', async () => {
    write(here('data.csv'), 'a,b\n');
    write(here('job', 'in', 'deep.txt'), 'deep');
    write(here('job', 'run.sh'), '#!/bin/sh\n');
    const first = await world.cli(['put', 'mycluster', 'data.csv', 'job']);
    expect(first).toEqual({
      code: 0,
      out: 'Copied 3 files (18 bytes) to home/alice/mycluster.files/.\n',
      err: '',
    });
    expect(readFileSync(there('job', 'in', 'deep.txt'), 'utf8')).toBe('deep');
    expect((await world.cli(['put', 'mycluster', 'data.csv', 'job'])).out).toContain(
      'Copied 0 files (0 bytes) to home/alice/mycluster.files/; 3 were there already.',
    );
    write(here('data.csv'), 'a,b,c\n');
    age(here('data.csv'), -MINUTE);
    expect(
      JSON.parse((await world.cli(['put', 'mycluster', 'data.csv', 'job', '--json'])).out),
    ).toMatchObject({
      copied: ['data.csv'],
      unchanged: 2,
      problems: [],
    });
    expect(readFileSync(there('data.csv'), 'utf8')).toBe('a,b,c\n');
  });

  it('takes "." for what is in this folder, and --to for a folder there', async () => {
    write(here('x'), 'x');
    expect(await world.cli(['put', 'mycluster', './x', '--to', 'in/2026/'])).toMatchObject({ code: 0 });
    expect(readdirSync(there('in', '2026'))).toEqual(['x']);
    write(here('job', 'x'), 'x');
    expect(await world.cli(['put', 'mycluster', 'job/.'])).toMatchObject({ code: 0 });
    expect(readdirSync(there()).toSorted()).toEqual(['in', 'x']);
    for (const to of ['../../bob', 'a/../../b', 'a//b', 'a\\b'])
      expect(await world.cli(['put', 'mycluster', 'x', '--to', to])).toMatchObject({ code: 2, out: '' });
  });

  it('follows links to files of the same folder only, and says what it left out', async () => {
    write(here('secret'), 'secret');
    write(here('job', 'real'), 'real');
    mkdirSync(here('job', 'folder'));
    symlinkSync('real', here('job', 'link'));
    symlinkSync('../secret', here('job', 'out'));
    symlinkSync('/etc/passwd', here('job', 'absolute'));
    symlinkSync('nothing', here('job', 'broken'));
    symlinkSync('..', here('job', 'folder', 'up'));
    const said = await world.cli(['put', 'mycluster', 'job']);
    expect(said.code).toBe(0);
    expect(readdirSync(there('job')).toSorted()).toEqual(['link', 'real']);
    expect(said.err.split('\n').toSorted()).toEqual([
      '',
      'Left out job/absolute: it is a link that leads out of the folder',
      'Left out job/broken: it is a link that leads nowhere',
      'Left out job/folder/up: it is a link that leads out of the folder',
      'Left out job/out: it is a link that leads out of the folder',
    ]);
  });

  it('does not overwrite what a cluster saved later, unless forced', async () => {
    write(here('result'), 'from here');
    age(here('result'), MINUTE);
    write(there('result'), 'from the cluster');
    const said = await world.cli(['put', 'mycluster', 'result']);
    expect(said).toMatchObject({
      code: 2,
      err: expect.stringContaining('"result" was not copied: the one in the bucket is newer'),
    });
    expect(readFileSync(there('result'), 'utf8')).toBe('from the cluster');
    expect(await world.cli(['put', 'mycluster', 'result', '--force'])).toMatchObject({ code: 0 });
    expect(readFileSync(there('result'), 'utf8')).toBe('from here');
  });

  it('goes on when one file cannot be copied', async () => {
    write(here('job', 'good'), 'good');
    write(here('job', 'bad\\name'), 'bad');
    write(here('job', 'bad\nname'), 'bad');
    const said = await world.cli(['put', 'mycluster', 'job']);
    expect(said).toMatchObject({ code: 2, out: expect.stringContaining('Copied 1 file ') });
    expect(said.err).toContain('"job/bad\\name" cannot be copied: it has a backslash in it');
    expect(said.err).not.toMatch(/bad\nname/);
    expect(await world.cli(['put', 'mycluster', 'nothing'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('nothing cannot be read: there is no such file'),
    });
  });
});

describe('clusterdrop get', () => {
  it('copies everything, or what is named, and only once', async () => {
    write(there('a'), 'one');
    write(there('in', 'b'), 'two');
    write(there('in2', 'c'), 'three');
    age(there('a'), MINUTE);
    expect((await world.cli(['get', 'mycluster', 'in/', '--to', 'some'])).out).toBe(
      'Copied 1 file (3 bytes) to some.\n',
    );
    expect(readdirSync(here('some'))).toEqual(['in']);
    expect((await world.cli(['get', 'mycluster'])).out).toBe(
      'Copied 3 files (11 bytes) to mycluster.files.\n',
    );
    expect((await world.cli(['get', 'mycluster'])).out).toContain('; 3 were there already.');
    write(there('a'), 'four');
    expect((await world.cli(['get', 'mycluster', './a'])).out).toContain('Copied 1 file ');
    expect(readFileSync(here('mycluster.files', 'a'), 'utf8')).toBe('four');
    expect(readdirSync(here('mycluster.files')).toSorted()).toEqual(['a', 'in', 'in2']);
  });

  it('does not overwrite what is newer here, unless forced', async () => {
    write(there('a'), 'there');
    write(here('mycluster.files', 'a'), 'worked on here');
    age(here('mycluster.files', 'a'), -MINUTE);
    const said = await world.cli(['get', 'mycluster']);
    expect(said).toMatchObject({
      code: 2,
      err: expect.stringContaining('"a" was not copied: the one here is newer'),
    });
    expect(readFileSync(here('mycluster.files', 'a'), 'utf8')).toBe('worked on here');
    expect(await world.cli(['get', 'mycluster', '--force'])).toMatchObject({ code: 0 });
    expect(readFileSync(here('mycluster.files', 'a'), 'utf8')).toBe('there');
  });

  it('writes through no link, and over no folder', async () => {
    write(there('link', 'x'), 'x');
    write(there('good'), 'good');
    write(there('folder'), 'a file there');
    mkdirSync(here('elsewhere'));
    mkdirSync(here('mycluster.files', 'folder'), { recursive: true });
    symlinkSync('../elsewhere', here('mycluster.files', 'link'));
    const said = await world.cli(['get', 'mycluster', '--force']);
    expect(said).toMatchObject({ code: 2, out: expect.stringContaining('Copied 1 file ') });
    expect(said.err).toContain('"link/x" was not copied: link here is a link');
    expect(said.err).toContain('"folder" was not copied: something that is no file lies there');
    expect(readdirSync(here('elsewhere'))).toEqual([]);
    // A link in the place of a file is replaced, not followed.
    symlinkSync('../elsewhere/gone', here('mycluster.files', 'again'));
    write(there('again'), 'again');
    await world.cli(['get', 'mycluster', 'again', '--force']);
    expect(existsSync(here('elsewhere', 'gone'))).toBe(false);
  });

  it('says when there is nothing', async () => {
    expect(await world.cli(['get', 'mycluster'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('mycluster.files holds nothing'),
    });
    write(there('a'), 'one');
    expect(await world.cli(['get', 'mycluster', 'a', 'b'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('mycluster.files holds nothing called "b"'),
    });
    expect(existsSync(here('mycluster.files'))).toBe(false);
  });

  it('gives each file the time of the one there', async () => {
    write(there('a'), 'one');
    await world.cli(['get', 'mycluster']);
    const difference = statSync(here('mycluster.files', 'a')).mtimeMs - statSync(there('a')).ctimeMs;
    expect(Math.abs(difference)).toBeLessThan(1000);
  });
});

it.each([
  [0, '0 bytes'],
  [1, '1 byte'],
  [999, '999 bytes'],
  [1000, '1.0 kB'],
  [12_345, '12 kB'],
  [999_600, '1.0 MB'],
  [3_400_000_000, '3.4 GB'],
])('%d is %s', (bytes, words) => expect(byteWords(bytes)).toBe(words));
