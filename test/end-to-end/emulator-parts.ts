import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type EmulatedTemplate, emulatorCopy } from '../emulator/emulator-copy.ts';
import { root } from '../shipped.ts';

/** The blueprint that stands in while Slurm's own has no template. */
export const EMULATOR_BLUEPRINT = 'test/emulator/blueprint';

/** The emulator's copies of the templates that are shipped, for `admin deploy --templates`. */
export function writeEmulatorTemplates(folder: string): void {
  mkdirSync(folder, { recursive: true });
  const source = join(root, 'infrastructure');
  for (const name of readdirSync(source).filter((file) => file.endsWith('.template.json'))) {
    const template = JSON.parse(readFileSync(join(source, name), 'utf8')) as EmulatedTemplate;
    writeFileSync(join(folder, name), JSON.stringify(emulatorCopy(template)));
  }
}

/** The same blueprint under the name `large`, with a template that is larger than a call may carry. */
export function largeBlueprint(folder: string): void {
  cpSync(join(root, EMULATOR_BLUEPRINT), folder, { recursive: true });
  const file = join(folder, 'blueprint.json');
  const blueprint = JSON.parse(readFileSync(file, 'utf8')) as object;
  writeFileSync(file, JSON.stringify({ ...blueprint, name: 'large', title: 'A large template' }));
  const template = join(folder, 'template.yaml');
  writeFileSync(template, `${readFileSync(template, 'utf8')}\nMetadata:\n  Padding: ${'x'.repeat(60_000)}\n`);
}
