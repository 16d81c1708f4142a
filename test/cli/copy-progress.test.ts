import { describe, expect, it } from 'vitest';
import type { Terminal } from '../../src/cli/command.ts';
import { copyProgress } from '../../src/cli/copy/copy-progress.ts';

const TOTAL = { files: 3, bytes: 3_000_000 };

/** A copy of three files of 1 MB each, so many milliseconds for a file. */
function said(each: number, isInteractive: boolean, silent = false): string {
  let [now, err] = [0, ''];
  const terminal = { now: () => now, err: (text: string) => void (err += text), isInteractive };
  const progress = copyProgress(terminal as unknown as Terminal, silent, TOTAL);
  for (let n = 0; n < TOTAL.files; n++) {
    now += each;
    progress.bytes(1_000_000);
    progress.file();
  }
  progress.end();
  return err;
}

describe('progress of a copy', () => {
  it('says nothing of what takes less than a second, nor where a program reads', () => {
    expect(said(300, true)).toBe('');
    expect(said(300, false)).toBe('');
    expect(said(60_000, true, true)).toBe('');
  });

  it('is one line that changes where somebody watches, and goes away', () => {
    const clear = '\r\u001b[2K';
    expect(said(600, true)).toBe(
      `${clear}1 of 3 files, 2.0 MB of 3.0 MB${clear}2 of 3 files, 3.0 MB of 3.0 MB${clear}`,
    );
  });

  it('is a line now and then elsewhere', () => {
    expect(said(6000, false)).toBe('0 of 3 files, 1.0 MB of 3.0 MB\n2 of 3 files, 3.0 MB of 3.0 MB\n');
  });
});
