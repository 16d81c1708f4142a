import { type Blueprint } from '../core/blueprint.ts';
import type { BlueprintUse } from '../core/entry.ts';
import { defaultsOver } from '../core/merge-settings.ts';
import { type Problem, ProblemError, problem } from '../core/problems.ts';
import { readStoredBlueprint } from '../core/read-stored-blueprint.ts';
import { isPassing } from './is-passing.ts';
import { readJsonObject, textOf } from './json-object.ts';
import type { ObjectStore } from './ports.ts';
import type { World } from './world.ts';

/** Where blueprints lie. */
export type BlueprintSource = Pick<World, 'admin'>;

/** A blueprint as it is offered now: its stored form, and its defaults with the administrator's over them. */
export interface OfferedBlueprint {
  readonly ref: BlueprintUse;
  readonly blueprint: Blueprint;
}

/** Stored blueprints never change, since their content names them: read once for each bucket. */
const stored = new WeakMap<ObjectStore, Map<string, Blueprint>>();

/** The blueprint that a cluster began with. @throws ProblemError when it is not in the administrator's bucket. */
export async function blueprintAt({ admin }: BlueprintSource, ref: BlueprintUse): Promise<Blueprint> {
  const known = stored.get(admin) ?? new Map<string, Blueprint>();
  stored.set(admin, known);
  const key = `blueprints/${ref.name}/${ref.hash}/blueprint.json`;
  const cached = known.get(key);
  if (cached) return cached;
  const object = await readJsonObject(admin, key);
  const read = object && readStoredBlueprint(object.value);
  if (!read || 'problems' in read) {
    const found = read ? read.problems.map((one) => one.message).join('; ') : 'there is no such file';
    throw new ProblemError(problem('unreadable-object', { key, found }));
  }
  known.set(key, read.blueprint);
  return read.blueprint;
}

/** A stored template. `size` in bytes decides whether CloudFormation takes it as a text or must fetch it by `key`. */
export interface StoredTemplate {
  readonly key: string;
  readonly size: number;
  readonly body: string;
}

/** Their content names them too, and there are few. */
const templates = new WeakMap<ObjectStore, Map<string, StoredTemplate>>();

/** The template that stacks of a blueprint are made from. @throws ProblemError when the blueprint was stored without one. */
export async function templateAt(source: BlueprintSource, ref: BlueprintUse): Promise<StoredTemplate> {
  const { admin } = source;
  const { template } = await blueprintAt(source, ref);
  const file = template && 'file' in template ? template.file : undefined;
  const missing = () => new ProblemError(problem('no-template', { blueprint: ref.name }));
  if (file === undefined) throw missing();
  const known = templates.get(admin) ?? new Map<string, StoredTemplate>();
  templates.set(admin, known);
  const key = `blueprints/${ref.name}/${ref.hash}/${file}`;
  const cached = known.get(key);
  if (cached) return cached;
  const object = await admin.get(key);
  if (!object) throw missing();
  const found = { key, size: object.body.length, body: textOf(object.body) };
  known.set(key, found);
  return found;
}

/**
 * The blueprint offered under a name: `blueprints/<name>/current.json` ({ version, hash, defaults? }) says which, so that
 * an administrator changes defaults for new clusters and running ones keep theirs. `undefined`: there is none.
 */
export async function offeredBlueprint(
  source: BlueprintSource,
  name: string,
): Promise<OfferedBlueprint | undefined> {
  const key = `blueprints/${name}/current.json`;
  const current = await readJsonObject(source.admin, key);
  if (!current) return undefined;
  const { hash, defaults } = current.value;
  if (typeof hash !== 'string')
    throw new ProblemError(problem('unreadable-object', { key, found: '"hash" is missing' }));
  const ref = { name, hash };
  const blueprint = await blueprintAt(source, ref);
  const over = typeof defaults === 'object' && defaults !== null ? (defaults as Blueprint['defaults']) : {};
  return { ref, blueprint: { ...blueprint, defaults: defaultsOver(blueprint.defaults, over) } };
}

/** Names of all blueprints in the administrator's bucket. */
export async function blueprintNames(admin: ObjectStore): Promise<string[]> {
  const names: string[] = [];
  for await (const page of admin.list('blueprints/'))
    names.push(...page.folders.map((folder) => folder.slice('blueprints/'.length, -1)));
  return names;
}

/** All that can be offered now. One that cannot be read is told to the administrator and does not keep the others back. */
export async function offeredBlueprints(
  source: BlueprintSource,
  trouble: (name: string, wrong: Problem) => void,
): Promise<Map<string, OfferedBlueprint>> {
  const offered = new Map<string, OfferedBlueprint>();
  for (const name of await blueprintNames(source.admin)) {
    try {
      const one = await offeredBlueprint(source, name);
      if (one) offered.set(name, one);
    } catch (error) {
      // A blueprint that is only out of reach must not be taken for one that is not there.
      if (!(error instanceof ProblemError) || isPassing(error)) throw error;
      for (const one of error.problems) trouble(`blueprint ${name}`, one);
    }
  }
  return offered;
}
