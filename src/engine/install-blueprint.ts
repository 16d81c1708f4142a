import type { Blueprint } from '../core/blueprint.ts';
import { sha256Hex } from '../core/sha256.ts';
import { readJsonObject } from './json-object.ts';
import type { ObjectStore } from './ports.ts';

/**
 * Stores a blueprint under its content's hash and offers it under its name. The administrator's defaults for it stay;
 * running clusters keep the blueprint that they began with. @returns the hash.
 */
export async function installBlueprint(admin: ObjectStore, blueprint: Blueprint): Promise<string> {
  const text = `${JSON.stringify(blueprint, null, 2)}\n`;
  const hash = sha256Hex(text).slice(0, 16);
  const folder = `blueprints/${blueprint.name}`;
  await admin.put(`${folder}/${hash}/blueprint.json`, text, { ifAbsent: true });
  const key = `${folder}/current.json`;
  const current = await readJsonObject(admin, key);
  if (current?.value['hash'] === hash) return hash;
  const offer = `${JSON.stringify({ ...current?.value, version: 1, hash }, null, 2)}\n`;
  await admin.put(key, offer, current ? { ifVersion: current.version } : { ifAbsent: true });
  return hash;
}
