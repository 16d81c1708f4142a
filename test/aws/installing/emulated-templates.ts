import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { strToU8, zipSync } from 'fflate';
import { CONTROL_PARTS, type ControlPart } from '../../../src/aws/installing/control-stack.ts';
import { type EmulatedTemplate, emulatorCopy } from '../../emulator/emulator-copy.ts';
import { root } from '../../shipped.ts';

/** The emulator's copy of one of the templates that are shipped. */
export function emulatedTemplate(part: ControlPart): EmulatedTemplate {
  const file = join(root, 'infrastructure', `${part}.template.json`);
  return emulatorCopy(JSON.parse(readFileSync(file, 'utf8')) as EmulatedTemplate);
}

/** Writes all four, and a zip in place of the functions, as `--templates` wants them. */
export function writeTemplates(
  folder: string,
  { code = 'export const handler = () => {};', changed = {} }: TemplateOptions = {},
): string {
  mkdirSync(folder, { recursive: true });
  for (const part of CONTROL_PARTS) {
    const template = changed[part] ?? emulatedTemplate(part);
    writeFileSync(join(folder, `${part}.template.json`), JSON.stringify(template));
  }
  // Always the same bytes for the same code.
  const zip = zipSync({ 'reconcile.mjs': strToU8(code) }, { mtime: new Date(1980, 0, 1) });
  writeFileSync(join(folder, 'functions.zip'), zip);
  return folder;
}

export interface TemplateOptions {
  readonly code?: string;
  readonly changed?: Readonly<Partial<Record<ControlPart, EmulatedTemplate>>>;
}
