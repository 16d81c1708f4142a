import { isUser } from '../../core/identity.ts';
import { type Problem, ProblemError, problem } from '../../core/problems.ts';
import type { NewUser } from './add-user.ts';
import { csvRows } from './csv-rows.ts';
import { isMailAddress } from './mail-address.ts';
import { keyProblem, keysIn } from './public-key.ts';

const COLUMNS = ['name', 'email', 'key'] as const;
type Column = (typeof COLUMNS)[number];

export interface ListedUser extends NewUser {
  readonly line: number;
}

/** What a list is read with. */
export interface UserListContext {
  /** Text of a file of keys. Throws a ProblemError if it cannot be read. */
  readonly readKeys: (file: string) => string;
  /** Users that there are already. */
  readonly known: readonly string[];
}

/**
 * The users of a list: `name,email,key` in the first line, then one user each; several keys of a user are several lines.
 * A key is its text, or the name of a file.
 * @throws ProblemError with every mistake in the list, so that nothing is done by halves.
 */
export function readUserList(text: string, { readKeys, known }: UserListContext): ListedUser[] {
  const { rows, open } = csvRows(text);
  const [head, ...body] = rows;
  const problems: Problem[] = [];
  const wrong = (what: string, line: number) =>
    problems.push(problem('bad-user-list', { what }, { line, column: 1 }));
  if (open !== undefined) wrong('a quote (") that begins here never ends', open);
  const columns = (head?.cells ?? []).map((cell) => cell.toLowerCase());
  for (const column of columns)
    if (column !== '' && !COLUMNS.includes(column as Column))
      wrong(`there is no column "${column}"`, head?.line ?? 1);
  if (!columns.includes('name')) wrong('the first line names no column "name"', head?.line ?? 1);
  else if (body.length === 0) wrong('there are no users below the first line', head?.line ?? 1);
  if (problems.length > 0) throw new ProblemError(...problems);

  const users = new Map<string, ListedUser>();
  for (const { line, cells } of body) {
    const at = { line, column: 1 };
    const cell = (column: Column) => cells[columns.indexOf(column)] ?? '';
    const [name, email] = [cell('name'), cell('email')];
    if (cells.length > columns.length)
      wrong(`${cells.length} values, but the first line names ${columns.length}`, line);
    if (!isUser(name)) problems.push(problem('bad-user', { user: name }, at));
    const other = [...known, ...users.keys()].find(
      (one) => one !== name && one.toLowerCase() === name.toLowerCase(),
    );
    if (other !== undefined) problems.push(problem('user-lookalike', { user: name, other }, at));
    if (email !== '' && !isMailAddress(email)) wrong(`"${email}" is no mail address`, line);
    const keys = keysOf(cell('key'), readKeys, at, problems);
    const before = users.get(name);
    if (before?.email !== undefined && email !== '' && before.email !== email)
      wrong(`"${name}" has another address in line ${before.line}`, line);
    const address = email || before?.email;
    users.set(name, {
      name,
      line: before?.line ?? line,
      keys: [...(before?.keys ?? []), ...keys],
      ...(address !== undefined && { email: address }),
    });
  }
  if (problems.length > 0) throw new ProblemError(...problems);
  return [...users.values()];
}

function keysOf(
  cell: string,
  readKeys: (file: string) => string,
  at: { readonly line: number; readonly column: number },
  problems: Problem[],
): string[] {
  if (cell === '') return [];
  let text = cell;
  // Every key has a blank after its kind; with one, a name that looks like a key's is more likely a spoilt key.
  if (!/^(?:ssh-|ecdsa-|sk-)\S* /.test(cell)) {
    try {
      text = readKeys(cell);
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      problems.push(...error.problems.map((one) => ({ ...one, at })));
      return [];
    }
  }
  const keys = keysIn(text);
  for (const key of keys) {
    const wrong = keyProblem(key);
    if (wrong) problems.push({ ...wrong, at });
  }
  return keys;
}
