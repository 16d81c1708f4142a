import { ProblemError, problem } from '../core/problems.ts';
import { textOf } from '../engine/json-object.ts';
import type { ObjectStore } from '../engine/ports.ts';

/** Whoever changes the file by hand meanwhile wins, and we look again: so often. */
const ROUNDS = 5;

interface Change<T> {
  readonly lines: readonly string[];
  readonly outcome: T;
}

function keyOf(user: string): string {
  return `home/${user}/authorized_keys`;
}

/** The lines of the user's own file; none where there is no file. */
export async function readKeyLines(store: ObjectStore, user: string): Promise<readonly string[]> {
  return linesOf((await store.get(keyOf(user)))?.body);
}

/**
 * Changes the user's own file by compare-and-swap; lines that are not concerned stay as they are, remarks too. Where nothing changes
 * nothing is written.
 * @throws ProblemError `keys-busy`, and what `change` throws
 */
export async function changeKeys<T>(
  store: ObjectStore,
  user: string,
  change: (lines: readonly string[]) => Change<T>,
): Promise<T> {
  for (let round = 0; round < ROUNDS; round++) {
    const object = await store.get(keyOf(user));
    const before = linesOf(object?.body);
    const { lines, outcome } = change(before);
    if (lines.length === before.length && lines.every((line, at) => line === before[at])) return outcome;
    const condition = object ? { ifVersion: object.version } : { ifAbsent: true as const };
    const text = lines.map((line) => `${line}\n`).join('');
    if (await store.put(keyOf(user), text, condition)) return outcome;
  }
  throw new ProblemError(problem('keys-busy', {}));
}

function linesOf(body: Uint8Array | undefined): string[] {
  const lines = body ? textOf(body).split(/\r\n|\r|\n/) : [];
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}
