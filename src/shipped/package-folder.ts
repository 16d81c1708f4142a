import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The package's own folder: the same files serve the sources, the bundle and the functions, which lie at different depths. */
export function packageFolder(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'data', 'ec2-instance-types.json'))) return folder;
    if (folder === dirname(folder))
      throw new Error(
        'the installation of clusterdrop is not complete: data/ec2-instance-types.json is missing',
      );
  }
}

export function shippedJson(...path: string[]): unknown {
  return JSON.parse(readFileSync(join(packageFolder(), ...path), 'utf8'));
}
