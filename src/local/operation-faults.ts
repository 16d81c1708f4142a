import type { BlueprintResource } from '../core/blueprint.ts';
import type { FaultRule } from './fault-rules.ts';
import type { ResourceFault } from './stack-record.ts';

const REASONS = {
  fail: 'Resource handler returned message: "Internal Failure" (HandlerErrorCode: InternalFailure)',
  rollback:
    'Resource handler returned message: "The resource could not be put back" (HandlerErrorCode: GeneralServiceException)',
  stick:
    'Resource handler returned message: "The resource has a dependent object" (HandlerErrorCode: ResourceInUse)',
};

/** What rules do to one operation, settled when the call is accepted: later changes of the control file do not reach it. */
export interface OperationFaults {
  /** Divides the speed. */
  readonly factor: number;
  readonly fails?: ResourceFault;
  readonly rollbackFails?: ResourceFault;
}

/** For a creation or an update of a stack with these resources; `candidates` are those that a rule without a name may hit. */
export function operationFaults(
  rules: readonly FaultRule[],
  resources: readonly BlueprintResource[],
  candidates: readonly BlueprintResource[],
): OperationFaults {
  const has = (id: string) => resources.some((resource) => resource.logicalId === id);
  const fail = rules.find(
    (rule) => rule.do === 'fail' && (rule.resource === undefined || has(rule.resource)),
  );
  const base = { factor: factorOf(rules) };
  if (fail?.do !== 'fail') return base;
  const resource = fail.resource ?? longest(candidates)?.logicalId;
  if (resource === undefined) return base;
  const fails = { resource, reason: fail.reason ?? REASONS.fail };
  if (!fail.rollback) return { ...base, fails };
  const rollbackFails = {
    resource: fail.rollback.resource ?? resource,
    reason: fail.rollback.reason ?? REASONS.rollback,
  };
  return { ...base, fails, rollbackFails };
}

/** `attempt`: 1 for the first deletion of this stack that would go wrong. */
export function deletionFaults(
  rules: readonly FaultRule[],
  standing: readonly BlueprintResource[],
  attempt: number,
): OperationFaults {
  const base = { factor: factorOf(rules) };
  const stick = rules.find((rule) => rule.do === 'stick' && attempt <= (rule.attempts ?? attempt));
  if (stick?.do !== 'stick') return base;
  const resource =
    standing.find((r) => r.logicalId === stick.resource) ??
    (stick.resource === undefined ? longest(standing) : undefined);
  if (!resource) return base;
  return { ...base, fails: { resource: resource.logicalId, reason: stick.reason ?? REASONS.stick } };
}

function factorOf(rules: readonly FaultRule[]): number {
  return rules.reduce((factor, rule) => (rule.do === 'slow' ? factor * rule.factor : factor), 1);
}

function longest(resources: readonly BlueprintResource[]): BlueprintResource | undefined {
  return resources.toSorted((a, b) => b.seconds - a.seconds)[0];
}
