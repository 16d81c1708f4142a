import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bytesOf } from '../../bench/functions.ts';
import { root } from '../shipped.ts';

/** What Lambda reads before the first message: more of it is a longer cold start for a person who waits. */
const MOST_BYTES = 600_000;

describe('the functions that are uploaded', { timeout: 60_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'clusterdrop-functions-'));
  beforeAll(() => {
    execFileSync(process.execPath, ['build.mjs', folder], { cwd: root });
  }, 60_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(['reconcile', 'sweep'])('%s begins with little', (name) => {
    const bytes = bytesOf(join(folder, 'functions', `${name}.mjs`));
    expect(bytes).toBeGreaterThan(100_000);
    expect(bytes).toBeLessThanOrEqual(MOST_BYTES);
  });

  it('hold what they ship with, and are the same zip each time they are made', () => {
    const zip = readFileSync(join(folder, 'functions.zip'));
    expect(Object.keys(unzipSync(zip))).toEqual(
      expect.arrayContaining(['reconcile.mjs', 'sweep.mjs', 'prices.mjs', 'data/ec2-instance-types.json']),
    );
    const again = mkdtempSync(join(tmpdir(), 'clusterdrop-functions-'));
    execFileSync(process.execPath, ['build.mjs', again], {
      cwd: root,
      env: { ...process.env, TZ: 'Asia/Tokyo' },
    });
    expect(readFileSync(join(again, 'functions.zip')).equals(zip)).toBe(true);
    rmSync(again, { recursive: true });
  });
});
