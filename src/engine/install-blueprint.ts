import type { Blueprint } from '../core/blueprint.ts';
import { sha256Hex } from '../core/sha256.ts';
import { readJsonObject } from './json-object.ts';
import type { ObjectStore } from './ports.ts';

/** Another administrator who is faster that often does nothing else. */
const MOST_TRIES = 50;

/**
 * Stores a blueprint, with its template beside it under the file name that the blueprint says, under the hash of both, and
 * offers it under its name. The administrator's defaults for it stay; running clusters keep the blueprint that they began with.
 * Without a template it does for simulated stacks only. `own`: an administrator's, which what is shipped under its name never
 * takes the place of. @returns the hash.
 */
export async function installBlueprint(
  admin: ObjectStore,
  blueprint: Blueprint,
  template?: string,
  { own = false }: { readonly own?: boolean } = {},
): Promise<string> {
  const { text, hash } = storedForm(blueprint, template);
  const folder = `blueprints/${blueprint.name}`;
  if (template !== undefined)
    await admin.put(`${folder}/${hash}/${templateFile(blueprint)}`, template, { ifAbsent: true });
  await admin.put(`${folder}/${hash}/blueprint.json`, text, { ifAbsent: true });
  const key = `${folder}/current.json`;
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const current = await readJsonObject(admin, key);
    const isOwn = current?.value['own'] === true;
    if (isOwn && !own) return hash;
    if (current?.value['hash'] === hash && isOwn === own) return hash;
    const offered = { ...current?.value, version: 1, hash, ...(own && { own }) };
    const offer = `${JSON.stringify(offered, null, 2)}\n`;
    if (await admin.put(key, offer, current ? { ifVersion: current.version } : { ifAbsent: true }))
      return hash;
  }
  throw new Error(`"${key}" changed ${MOST_TRIES} times while it was to be written`);
}

function templateFile({ name, template }: Blueprint): string {
  if (template && 'file' in template && /^template\.(?:json|yaml)$/.test(template.file)) return template.file;
  throw new Error(`the blueprint ${name} must call its stored template template.json or template.yaml`);
}

/** The text of `blueprint.json` as it is stored, and the name of its folder: made of its content and that of its template. */
export function storedForm(blueprint: Blueprint, template?: string): { text: string; hash: string } {
  const text = `${JSON.stringify(blueprint, null, 2)}\n`;
  const hash = sha256Hex(template === undefined ? text : `${text}\0${template}`).slice(0, 16);
  return { text, hash };
}
