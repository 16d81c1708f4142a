import { describe, expect, it } from 'vitest';
import { type Context, type Role, simulate, type Verdict } from './simulate.ts';

/** One line of a table of rights: each action on each resource is a case of its own. */
export interface Line {
  readonly verdict: Verdict;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly context: Context;
}

type OneOrMore = string | readonly string[];

export function can(actions: OneOrMore, resources: OneOrMore, context: Context = {}): Line {
  return { verdict: 'allowed', actions: [actions].flat(), resources: [resources].flat(), context };
}

export function cannot(actions: OneOrMore, resources: OneOrMore, context: Context = {}): Line {
  return { ...can(actions, resources, context), verdict: 'denied' };
}

/** Asks the simulator about every line. */
export function rightsOf(role: Role, table: Readonly<Record<string, readonly Line[]>>): void {
  describe.each(Object.entries(table))('%s', (_, lines) => {
    it.each(lines.flatMap(casesOf))('%s', async (_title, verdict, action, resource, context) => {
      expect(await simulate(role, action, resource, context)).toBe(verdict);
    });
  });
}

function casesOf({ verdict, actions, resources, context }: Line) {
  const told = Object.keys(context).length === 0 ? '' : ` ${JSON.stringify(context)}`;
  return actions.flatMap((action) =>
    resources.map(
      (resource) =>
        [`${verdict}: ${action} on ${resource}${told}`, verdict, action, resource, context] as const,
    ),
  );
}
