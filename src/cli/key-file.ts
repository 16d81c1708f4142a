import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ProblemError, problem } from '../core/problems.ts';
import { keyProblem, keysIn } from '../engine/administration/public-key.ts';
import { textOf } from '../engine/json-object.ts';
import type { Terminal } from './command.ts';
import { type PublicKey, readPublicKey } from './public-key-blob.ts';
import { readFileOf } from './read-request-file.ts';
import { shownPath } from './shown-path.ts';

/** Where ssh-keygen puts the public half, the best kind first. */
const USUAL = ['id_ed25519.pub', 'id_ecdsa.pub', 'id_rsa.pub'];
const MOST_BYTES = 1_000_000;
/** PEM and OpenSSH, PuTTY, and the binary form's Base64 by itself. */
const PRIVATE = /BEGIN [A-Z0-9 ]*PRIVATE KEY|^PuTTY-User-Key-File|^b3BlbnNzaC1rZXktdjE/m;

/**
 * The public keys in a file, `-` being standard input; without a name, those of the first usual place that has one.
 * @throws ProblemError `private-key`, `bad-key`, `no-key-file`, `no-key-inside`, `no-such-file`
 */
export async function readKeyFile(
  named: string | undefined,
  terminal: Terminal,
): Promise<readonly { readonly line: string; readonly key: PublicKey }[]> {
  const file = named ?? usualFile(terminal);
  const shown = file === '-' ? 'standard input' : shownPath(resolve(terminal.cwd, file), terminal.cwd);
  const bytes = file === '-' ? await terminal.readInput() : readFileOf(file, terminal.cwd, MOST_BYTES);
  const text = textOf(bytes);
  if (PRIVATE.test(text)) throw new ProblemError(problem('private-key', { file: shown }));
  const lines = keysIn(text);
  if (lines.length === 0) throw new ProblemError(problem('no-key-inside', { file: shown }));
  const problems = [];
  const found = [];
  for (const line of lines) {
    const key = keyProblem(line) === undefined ? readPublicKey(line) : undefined;
    if (key) found.push({ line, key });
    else problems.push(problem('bad-key', { found: line.slice(0, 60) }));
  }
  if (problems.length > 0) throw new ProblemError(...problems.slice(0, 20));
  return found;
}

function usualFile({ env }: Terminal): string {
  const folder = join(env['HOME'] || '/', '.ssh');
  const file = USUAL.map((name) => join(folder, name)).find((path) => existsSync(path));
  if (file !== undefined) return file;
  throw new ProblemError(problem('no-key-file', { looked: `${folder} (${USUAL.join(', ')})` }));
}
