import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { blueprintIntake, type Intake } from '../../src/core/blueprint-intake.ts';
import type { JsonMap, Template } from '../../src/core/template.ts';
import { templateOfText } from '../../src/core/template-text.ts';
import { shippedCatalogue } from '../shipped.ts';

/** What of the small blueprint a test wants otherwise. */
export interface SmallChanges {
  readonly name?: string;
  readonly template?: (template: Template) => Template;
  readonly blueprint?: (authored: JsonMap) => JsonMap;
}

export const SMALL_FOLDER = join(import.meta.dirname, 'blueprint');

export function smallTemplate(): Template {
  const read = templateOfText(readFileSync(join(SMALL_FOLDER, 'template.yaml'), 'utf8'));
  if ('problems' in read) throw new Error(read.problems.map(({ message }) => message).join('\n'));
  return read.template;
}

export function smallAuthored(): JsonMap {
  return JSON.parse(readFileSync(join(SMALL_FOLDER, 'blueprint.json'), 'utf8')) as JsonMap;
}

/** The small blueprint as it is stored: confined, its resources listed. For `installBlueprint(admin, blueprint, template)`. */
export function smallBlueprint(changes: SmallChanges = {}): Intake {
  const intake = blueprintIntake({
    authored: changes.blueprint?.(smallAuthored()) ?? smallAuthored(),
    template: changes.template?.(smallTemplate()) ?? smallTemplate(),
    ...(changes.name !== undefined && { name: changes.name }),
    allowCustomResources: false,
    catalogue: shippedCatalogue,
  });
  if ('problems' in intake) throw new Error(intake.problems.map(({ message }) => message).join('\n'));
  return intake;
}

/** Its login node is found by its instance, for it has no outputs. */
export function silentBlueprint(): Intake {
  return smallBlueprint({
    name: 'silent',
    template: (template) => without(template, 'Outputs'),
    blueprint: (authored) => without(authored, 'addressOutput'),
  });
}

/** Its template is larger than what CreateStack takes as a text: 51,200 bytes. */
export function largeBlueprint(): Intake {
  return smallBlueprint({
    name: 'large',
    template: (template) => ({
      ...template,
      Metadata: { Padding: Array.from({ length: 600 }, (_, n) => `${n} ${'-'.repeat(90)}`) },
    }),
  });
}

function without(map: JsonMap, name: string): JsonMap {
  return Object.fromEntries(Object.entries(map).filter(([key]) => key !== name));
}
