import type { Limits } from '../../core/limits.ts';
import { type LoadedBlueprint, type PlanInput, planOf } from '../../core/plan.ts';
import type { ProblemCode } from '../../core/problems.ts';
import type { Checked } from './check-request.ts';

/** Lets everything pass: limits that cannot be seen from here must not refuse anything from here. */
const ANYTHING: Limits = {
  version: 1,
  clusters: Number.MAX_SAFE_INTEGER,
  nodes: Number.MAX_SAFE_INTEGER,
  instanceTypes: ['*'],
  diskGb: Number.MAX_SAFE_INTEGER,
  spotPrice: null,
  onDemand: true,
  usdPerHour: null,
  usdPerMonth: null,
  blueprints: [],
  mailDomains: [],
  longestLifetime: '3650d',
};

/** Only the administrator's bucket could tell whether these are mistakes. */
const UNKNOWABLE: Partial<Record<ProblemCode, string>> = {
  'limit-mail': 'whether mail may go to the address of NotifyEmail',
  'unknown-blueprint': 'whether there is such a blueprint',
  'not-in-blueprint': 'whether the blueprint can honour every key of the file',
  'limit-blueprint': 'whether you may use that blueprint',
};

/** Judges what the file alone tells, with the blueprints and prices that the program brings along. */
export function withoutAdministrator(
  common: Pick<PlanInput, 'bytes' | 'defaultBlueprint' | 'catalogue' | 'system'>,
  shipped: ReadonlyMap<string, LoadedBlueprint>,
): Checked {
  const plan = planOf({
    ...common,
    blueprintOf: (name) => shipped.get(name),
    limits: { ...ANYTHING, blueprints: [...shipped.keys()] },
    totals: { clusters: 0, usdThisMonth: 0 },
    contact: 'your administrator',
  });
  const unknown = plan.problems.flatMap(({ code }) => UNKNOWABLE[code] ?? []);
  return {
    ...plan,
    problems: plan.problems.filter(({ code }) => !(code in UNKNOWABLE)),
    origins: plan.origins ?? {},
    unchecked: [
      "the administrator's bucket cannot be seen from here, so your limits, the installation's own defaults, and what you have already were not looked at",
      ...unknown,
    ],
  };
}
