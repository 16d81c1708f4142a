import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { packageFolder } from '../../shipped/package-folder.ts';

/** The folder of a blueprint of ours, whose Dockerfile and node scripts its hosts are made of; `undefined` where it brings none. */
export function hostFolder(blueprint: string): string | undefined {
  if (!/^[a-z][a-z0-9-]*$/.test(blueprint)) return undefined;
  const folder = join(packageFolder(), 'blueprints', blueprint);
  return existsSync(join(folder, 'Dockerfile')) ? folder : undefined;
}

/** The blueprints of ours that hosts in containers can be made of. */
export function hostedBlueprints(): readonly string[] {
  return readdirSync(join(packageFolder(), 'blueprints')).filter((name) => hostFolder(name) !== undefined);
}
