import { isUser } from '../../core/identity.ts';
import { ProblemError, problem } from '../../core/problems.ts';
import { readJsonObject, textOf } from '../json-object.ts';
import type { ObjectStore } from '../ports.ts';
import { keyProblem } from './public-key.ts';

export interface NewUser {
  readonly name: string;
  /** Where mail about the user's clusters goes. */
  readonly email?: string;
  /** Public keys that may log in, one each, as in `authorized_keys`. */
  readonly keys: readonly string[];
}

export interface AddedUser {
  /** What was done, for whoever asked: `added`, `changed` (a key or an address is new), `unchanged`. */
  readonly outcome: 'added' | 'changed' | 'unchanged';
}

/**
 * Makes a user who may start clusters: a profile `customizer/<user>/` from the templates of `customizer/default/`, keys, and
 * the registered address. Safe to repeat; what the profile holds already is left as it is.
 */
export async function addUser(admin: ObjectStore, user: NewUser): Promise<AddedUser> {
  if (!isUser(user.name)) throw new ProblemError(problem('bad-user', { user: user.name }));
  await refuseLookalike(admin, user.name);
  const wrong = user.keys.flatMap((key) => keyProblem(key) ?? []);
  if (wrong.length > 0) throw new ProblemError(...wrong);
  const folder = `customizer/${user.name}/`;
  const isNew = (await keysBelow(admin, folder)).length === 0;
  let changed = isNew;
  // The manifest last: as long as the folder is not whole, a repeat completes it.
  for (const template of (await keysBelow(admin, 'customizer/default/')).toSorted(
    (a, b) => Number(a.endsWith('/manifest.txt')) - Number(b.endsWith('/manifest.txt')),
  )) {
    const object = await admin.get(template);
    if (object)
      await admin.put(folder + template.slice('customizer/default/'.length), object.body, { ifAbsent: true });
  }
  if (await addKeys(admin, `${folder}authorized_keys`, user.keys)) changed = true;
  if (await register(admin, user)) changed = true;
  return { outcome: isNew ? 'added' : changed ? 'changed' : 'unchanged' };
}

/** On a file system that folds letter case, `Alice` and `alice` would be one folder; and people would take them for one person anywhere. */
async function refuseLookalike(admin: ObjectStore, name: string): Promise<void> {
  for await (const page of admin.list('customizer/')) {
    for (const folder of page.folders) {
      const other = folder.slice('customizer/'.length, -1);
      if (other !== name && other.toLowerCase() === name.toLowerCase())
        throw new ProblemError(problem('user-lookalike', { user: name, other }));
    }
  }
}

async function keysBelow(admin: ObjectStore, prefix: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const page of admin.list(prefix)) {
    keys.push(...page.objects.map((object) => object.key));
    for (const folder of page.folders) keys.push(...(await keysBelow(admin, folder)));
  }
  return keys;
}

async function addKeys(admin: ObjectStore, path: string, keys: readonly string[]): Promise<boolean> {
  for (;;) {
    const before = await admin.get(path);
    const lines = before
      ? textOf(before.body)
          .split('\n')
          .filter((line) => line.trim() !== '')
      : [];
    const missing = keys.map((key) => key.trim()).filter((key) => !lines.includes(key));
    if (before && missing.length === 0) return false;
    const text = [...lines, ...missing].map((line) => `${line}\n`).join('');
    if (await admin.put(path, text, before ? { ifVersion: before.version } : { ifAbsent: true }))
      return missing.length > 0;
  }
}

async function register(admin: ObjectStore, user: NewUser): Promise<boolean> {
  const path = `users/${user.name}.json`;
  for (;;) {
    const before = await readJsonObject(admin, path);
    if (before && (user.email === undefined || before.value['email'] === user.email)) return false;
    const text = `${JSON.stringify({ ...before?.value, version: 1, ...(user.email !== undefined && { email: user.email }) }, null, 2)}\n`;
    if (await admin.put(path, text, before ? { ifVersion: before.version } : { ifAbsent: true })) return true;
  }
}
