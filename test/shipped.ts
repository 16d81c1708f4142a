import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { clusterAt } from '../src/core/identity.ts';
import { catalogueOf } from '../src/core/instance-catalogue.ts';
import { DEFAULT_LIMITS } from '../src/core/limits.ts';
import { type LoadedBlueprint, type PlanInput, planOf, type RequestPlan } from '../src/core/plan.ts';
import { readBlueprint } from '../src/core/read-blueprint.ts';
import { systemValues } from '../src/engine/system-values.ts';

/** What the package ships, for tests that ask what a person would really be told. */
export const root = join(import.meta.dirname, '..');

export const shippedCatalogue = catalogueOf(jsonFile('data/ec2-instance-types.json'));

export function jsonFile(path: string): unknown {
  return JSON.parse(readFileSync(join(root, path), 'utf8'));
}

const blueprints = new Map(
  readdirSync(join(root, 'blueprints')).map((name): [string, LoadedBlueprint] => {
    const read = readBlueprint(jsonFile(`blueprints/${name}/blueprint.json`), shippedCatalogue);
    if ('problems' in read) throw new Error(read.problems.map(({ message }) => message).join('\n'));
    return [
      name,
      { blueprint: read.blueprint, ref: { name, hash: 'shipped' }, defaults: read.blueprint.defaults },
    ];
  }),
);

export function shippedBlueprint(name: string): LoadedBlueprint {
  const found = blueprints.get(name);
  if (!found) throw new Error(`no blueprint ${name}`);
  return found;
}

/** The plan of one file as a fresh installation judges it, for a user who has nothing yet. */
export function shippedPlan(file: string | Uint8Array, changes: Partial<PlanInput> = {}): RequestPlan {
  return planOf({
    bytes: typeof file === 'string' ? new TextEncoder().encode(file) : file,
    blueprintOf: (name) => blueprints.get(name),
    defaultBlueprint: 'slurm',
    limits: DEFAULT_LIMITS,
    catalogue: shippedCatalogue,
    totals: { clusters: 0, usdThisMonth: 0 },
    system: systemValues(clusterAt('users', 'home/alice/demo')),
    registeredEmail: 'alice@example.org',
    contact: 'admin@example.org',
    ...changes,
  });
}
