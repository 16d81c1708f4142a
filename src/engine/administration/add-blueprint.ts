import type { Intake } from '../../core/blueprint-intake.ts';
import { type LimitsFile, limitsFor } from '../../core/limits.ts';
import { ProblemError, problem } from '../../core/problems.ts';
import { installBlueprint, storedForm } from '../install-blueprint.ts';
import { INSTALLATION_KEY } from '../installations.ts';
import { readJsonObject } from '../json-object.ts';
import { limitsFile } from '../limits-of.ts';
import type { ObjectStore } from '../ports.ts';
import { EVERYBODY } from './change-limits.ts';

export interface AddedBlueprint {
  readonly name: string;
  readonly hash: string;
  /** Against what is offered under its name now. */
  readonly outcome: 'added' | 'changed' | 'unchanged';
}

/** What adding it would come to; nothing is written. */
export async function proposedBlueprint(admin: ObjectStore, intake: Intake): Promise<AddedBlueprint> {
  const { name } = intake.blueprint;
  const { hash } = storedForm(intake.blueprint, intake.template);
  const current = await readJsonObject(admin, `blueprints/${name}/current.json`);
  const outcome = !current ? 'added' : current.value['hash'] === hash ? 'unchanged' : 'changed';
  return { name, hash, outcome };
}

/** Stores it and offers it for new clusters. Those that run keep the one that they began with. */
export async function addBlueprint(admin: ObjectStore, intake: Intake): Promise<AddedBlueprint> {
  const proposed = await proposedBlueprint(admin, intake);
  await installBlueprint(admin, intake.blueprint, intake.template, { own: true });
  return proposed;
}

/** Another administrator who is faster that often does nothing else. */
const MOST_TRIES = 50;

/** Makes a blueprint that of requests which name none; what else `installation.json` says stays. @returns the one before. */
export async function setDefaultBlueprint(admin: ObjectStore, name: string): Promise<string | undefined> {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const object = await readJsonObject(admin, INSTALLATION_KEY);
    if (!object) throw new ProblemError(problem('no-installation', { place: admin.bucket }));
    const { defaultBlueprint: before } = object.value;
    const changed = { ...object.value, defaultBlueprint: name };
    if (
      before === name ||
      (await admin.put(INSTALLATION_KEY, `${JSON.stringify(changed, null, 2)}\n`, {
        ifVersion: object.version,
      }))
    )
      return typeof before === 'string' ? before : undefined;
  }
  throw new Error(`"${INSTALLATION_KEY}" changed ${MOST_TRIES} times while it was to be written`);
}

/** Who may use a blueprint, by the limits as they are. */
export interface BlueprintAudience {
  /** Whether everybody may who has no list of their own, and the list that says so. */
  readonly everybody: boolean;
  readonly list: readonly string[];
  /** Users whose own list names it. */
  readonly users: readonly string[];
}

export async function blueprintAudience(admin: ObjectStore, name: string): Promise<BlueprintAudience> {
  const users: string[] = [];
  let all: LimitsFile = {};
  for await (const page of admin.list('limits/'))
    for (const { key } of page.objects) {
      const who = /^limits\/(.+)\.json$/.exec(key)?.[1];
      if (who === undefined) continue;
      const file = await limitsFile(admin, who);
      if (who === EVERYBODY) all = file;
      else if (file.blueprints?.includes(name)) users.push(who);
    }
  const { blueprints: list } = limitsFor(all);
  return { everybody: list.includes(name), list, users };
}
