import type { Blueprint } from '../core/blueprint.ts';
import { readBlueprint } from '../core/read-blueprint.ts';
import { shippedJson } from './package-folder.ts';
import { shippedCatalogue } from './shipped-catalogue.ts';

const SHIPPED_BLUEPRINTS = ['slurm', 'alces-flight'];

export function shippedBlueprints(): Blueprint[] {
  return SHIPPED_BLUEPRINTS.map((name) => {
    const read = readBlueprint(shippedJson('blueprints', name, 'blueprint.json'), shippedCatalogue());
    if ('problems' in read)
      throw new Error(
        `the shipped blueprint ${name} is wrong: ${read.problems.map((one) => one.message).join('; ')}`,
      );
    return read.blueprint;
  });
}
