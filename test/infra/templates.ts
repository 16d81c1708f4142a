import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../shipped.ts';

export type TemplateName = 'base' | 'clusters' | 'mail' | 'engine';
export const TEMPLATES: readonly TemplateName[] = ['base', 'clusters', 'mail', 'engine'];

export interface Template {
  readonly Description: string;
  readonly Parameters: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly Conditions?: Readonly<Record<string, unknown>>;
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Outputs?: Readonly<Record<string, { readonly Value: unknown; readonly Condition?: string }>>;
}

export interface Resource {
  readonly Type: string;
  readonly Condition?: string;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
  readonly Properties: Readonly<Record<string, unknown>>;
}

/** A template as it is shipped; test/generated.test.ts holds it against its source. */
export function template(name: TemplateName): Template {
  return JSON.parse(templateFile(name)) as Template;
}

export function templateFile(name: TemplateName): string {
  return readFileSync(join(root, 'infrastructure', `${name}.template.json`), 'utf8');
}
