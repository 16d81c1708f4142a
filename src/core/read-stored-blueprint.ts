import type { Blueprint } from './blueprint.ts';
import { type Problem, problem } from './problems.ts';

const FORM: Readonly<Record<string, (value: unknown) => boolean>> = {
  version: (value) => value === 1,
  name: (value) => typeof value === 'string' && value !== '',
  parameters: isRecord,
  defaults: isRecord,
  changeable: Array.isArray,
  capabilities: Array.isArray,
  price: (value) => isRecord(value) && typeof Object(value)['nodeDiskGb'] === 'number',
  resources: (value) =>
    Array.isArray(value) && value.every((one) => typeof Object(one)['logicalId'] === 'string'),
};

/**
 * Reads a blueprint that was taken in before. It was judged in full then (`readBlueprint`) and never changes; a price table that
 * has changed since must not make running clusters' blueprints wrong. So only its form is looked at, which also keeps the schema
 * and its library out of the functions.
 */
export function readStoredBlueprint(
  json: unknown,
): { readonly blueprint: Blueprint } | { readonly problems: readonly Problem[] } {
  const value = Object(json) as Readonly<Record<string, unknown>>;
  const problems = Object.entries(FORM)
    .filter(([key, isRight]) => !isRight(value[key]))
    .map(([key]) =>
      problem('bad-blueprint', { where: key, what: 'is missing, or not what a stored blueprint holds' }),
    );
  return problems.length > 0 ? { problems } : { blueprint: json as Blueprint };
}

function isRecord(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
