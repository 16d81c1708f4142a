import { readJsonObject } from './json-object.ts';
import type { ObjectStore } from './ports.ts';

/** The address that the administrator knows of a user: `users/<user>.json` ({ version, email? }). */
export async function registeredEmailOf(admin: ObjectStore, user: string): Promise<string | undefined> {
  const email = (await readJsonObject(admin, `users/${user}.json`))?.value['email'];
  return typeof email === 'string' && email !== '' ? email : undefined;
}
