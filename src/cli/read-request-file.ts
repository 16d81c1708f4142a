import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { FILE_BYTES } from '../core/file-text.ts';
import { ProblemError, problem } from '../core/problems.ts';
import type { Terminal } from './command.ts';
import { shownPath } from './shown-path.ts';

/** Of a file that is far too large only so much is read: enough to be told so. */
const MOST = 64 * FILE_BYTES;

/** The bytes of a request; `-` is standard input. @throws ProblemError `no-such-file` */
export async function readRequestFile(file: string, terminal: Terminal): Promise<Uint8Array> {
  if (file === '-') return terminal.readInput();
  return readFileOf(file, terminal.cwd, MOST);
}

/** @throws ProblemError `no-such-file` */
export function readFileOf(file: string, cwd: string, most: number): Uint8Array {
  const path = resolve(cwd, file);
  const refuse = (why: string) =>
    new ProblemError(problem('no-such-file', { file: shownPath(path, cwd), why }));
  try {
    if (statSync(path).size > most) throw refuse('it is far larger than any file that can be meant');
    return readFileSync(path);
  } catch (error) {
    if (error instanceof ProblemError) throw error;
    throw refuse(WORDS[(error as NodeJS.ErrnoException).code ?? ''] ?? String(error));
  }
}

const WORDS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'you may not read it',
};
