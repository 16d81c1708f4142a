import { chmodSync, closeSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { resolve } from 'node:path';
import type { IamUsers } from '../aws/installing/iam-users.ts';
import { ProblemError, problem } from '../core/problems.ts';
import { shownPath } from './shown-path.ts';

/**
 * Makes an access key and writes it as a credentials file that only its owner may read. The secret is shown nowhere else. A file that
 * holds a key of this user already is left as it is. The file is opened first: no key is made that cannot be handed over.
 * @throws ProblemError `access-key-file`, `access-key-limit`
 */
export async function giveAccessKey(
  iam: IamUsers,
  user: string,
  file: string,
  cwd: string,
): Promise<'made' | 'there'> {
  const path = resolve(cwd, file);
  const refuse = (why: string) =>
    new ProblemError(problem('access-key-file', { file: shownPath(path, cwd), why }));
  const before = textIn(path, refuse);
  if (before !== undefined && before.trim() !== '') {
    const id = /^aws_access_key_id\s*=\s*(\S+)/m.exec(before)?.[1];
    if (id !== undefined && (await iam.keyIds(user)).includes(id)) return 'there';
    throw refuse(`it is there already and holds no key of ${user}`);
  }
  const handle = opened(path, before === undefined, refuse);
  let isWritten = false;
  try {
    const key = await iam.createKey(user);
    try {
      writeSync(handle, `[default]\naws_access_key_id = ${key.id}\naws_secret_access_key = ${key.secret}\n`);
      isWritten = true;
    } catch (error) {
      await iam.deleteKey(user, key.id);
      throw error;
    }
  } finally {
    closeSync(handle);
    if (!isWritten) rmSync(path, { force: true });
  }
  return 'made';
}

/** An empty one is left by a run that was cut short. */
function textIn(path: string, refuse: (why: string) => Error): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw refuse((error as Error).message);
  }
}

function opened(path: string, isNew: boolean, refuse: (why: string) => Error): number {
  try {
    const handle = openSync(path, isNew ? 'wx' : 'w', 0o600);
    chmodSync(path, 0o600);
    return handle;
  } catch (error) {
    throw refuse((error as Error).message);
  }
}
