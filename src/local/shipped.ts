import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Blueprint } from '../core/blueprint.ts';
import { catalogueOf, type InstanceCatalogue } from '../core/instance-catalogue.ts';
import { readBlueprint } from '../core/read-blueprint.ts';
import type { Prices } from '../engine/world.ts';

/** The package's own folder: the same files serve the sources and the bundle, which lie at different depths. */
function packageFolder(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'data', 'ec2-instance-types.json'))) return folder;
    if (folder === dirname(folder))
      throw new Error(
        'the installation of clusterdrop is not complete: data/ec2-instance-types.json is missing',
      );
  }
}

function shippedJson(...path: string[]): unknown {
  return JSON.parse(readFileSync(join(packageFolder(), ...path), 'utf8'));
}

let catalogue: InstanceCatalogue | undefined;

/** Shapes and list prices of the day that this version was made. */
export function shippedCatalogue(): InstanceCatalogue {
  catalogue ??= catalogueOf(shippedJson('data', 'ec2-instance-types.json'));
  return catalogue;
}

export const shippedPrices: Prices = { catalogue: async () => shippedCatalogue() };

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

/** Templates of the customizer: what `customizer/default/` and `customizer/all/` hold at first. */
export function shippedCustomizer(): { readonly key: string; readonly body: Uint8Array }[] {
  const folder = join(packageFolder(), 'customizer');
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile())
    .map((file) => {
      const path = join(file.parentPath, file.name);
      return { key: relative(folder, path).split(sep).join('/'), body: readFileSync(path) };
    });
}
