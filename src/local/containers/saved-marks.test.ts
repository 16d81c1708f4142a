import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ownEntryName } from '../folder-lock.ts';
import { SavedMarks } from './saved-marks.ts';

let base: string;
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'saved-marks-'));
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

it('sweeps what a killed process left half written, and nothing of one that lives', () => {
  const folder = join(base, 'files');
  mkdirSync(folder);
  const living = `${ownEntryName()}.tmp`;
  for (const name of ['999999999-1-0-ab-1.tmp', living, 'stack.json'])
    writeFileSync(join(folder, name), '{}');
  const marks = new SavedMarks(folder);
  expect(marks).toBeInstanceOf(SavedMarks);
  expect(readdirSync(folder).toSorted()).toEqual([living, 'stack.json'].toSorted());
});
