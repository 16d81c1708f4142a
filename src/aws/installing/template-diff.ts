import type { Template } from './control-stack.ts';

export interface ResourceChange {
  readonly id: string;
  readonly type: string;
  readonly change: 'added' | 'changed' | 'removed';
}

export interface TemplateDiff {
  readonly resources: readonly ResourceChange[];
  /** Other sections that differ: `Parameters`, `Outputs`. */
  readonly sections: readonly string[];
}

/** What an update would touch, judged by the two texts alone: no change set is made, so looking changes nothing in the account. */
export function templateDiff(from: Template, to: Template): TemplateDiff {
  const before = resourcesOf(from);
  const after = resourcesOf(to);
  const resources = [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .toSorted()
    .flatMap((id): ResourceChange[] => {
      const [old, now] = [before[id], after[id]];
      if (old === undefined) return [{ id, type: typeOf(now), change: 'added' }];
      if (now === undefined) return [{ id, type: typeOf(old), change: 'removed' }];
      return isSame(old, now) ? [] : [{ id, type: typeOf(now), change: 'changed' }];
    });
  const sections = [...new Set([...Object.keys(from), ...Object.keys(to)])]
    .filter((section) => section !== 'Resources' && !isSame(from[section], to[section]))
    .toSorted();
  return { resources, sections };
}

function resourcesOf(template: Template): Readonly<Record<string, unknown>> {
  return Object(template['Resources']) as Record<string, unknown>;
}

function typeOf(resource: unknown): string {
  const { Type: type } = Object(resource) as { Type?: unknown };
  return typeof type === 'string' ? type : 'unknown';
}

/** Equal as JSON, whatever the order of keys. */
export function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(ordered(one)) === JSON.stringify(ordered(other));
}

function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, one]) => one !== undefined)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, one]) => [key, ordered(one)]),
  );
}
