import { ProblemError, problem } from '../core/problems.ts';
import type { ObjectStore } from './ports.ts';

// Every JavaScript host has it; its type lives in the DOM library, which the engine does without.
declare const TextDecoder: new () => { decode(bytes: Uint8Array): string };
const utf8 = new TextDecoder();

/** UTF-8 to text, native and so fast enough for large objects of ours; a byte order mark goes. */
export function textOf(bytes: Uint8Array): string {
  return utf8.decode(bytes);
}

/** A JSON object of ours as it lies in the store; `version` makes the next write conditional. */
export interface JsonObject {
  readonly value: Readonly<Record<string, unknown>>;
  readonly version: string;
}

/**
 * Reads one of our JSON objects. `undefined`: there is none.
 * @throws ProblemError `unreadable-object` when it is no JSON object, `unknown-version` when a newer Clusterdrop wrote it:
 * acting on a guess could undo an administrator's limit.
 */
export async function readJsonObject(store: ObjectStore, key: string): Promise<JsonObject | undefined> {
  const object = await store.get(key);
  return object && { value: parseJsonObject(textOf(object.body), key), version: object.version };
}

function parseJsonObject(text: string, key: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ProblemError(
      problem('unreadable-object', {
        key,
        found: 'it is not valid JSON',
      }),
    );
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ProblemError(problem('unreadable-object', { key, found: 'it is not a JSON object' }));
  }
  const { version } = value as { version?: unknown };
  if (version !== 1)
    throw new ProblemError(problem('unknown-version', { key, version: JSON.stringify(version) ?? 'none' }));
  return value as Record<string, unknown>;
}
