/** The calls of `Stacks` that a rule can be about. */
export const CALLS = ['describe', 'create', 'update', 'delete', 'events', 'list'] as const;
export type Call = (typeof CALLS)[number];

interface RuleBase {
  /** Glob over stack names: `*` any text, `?` one character. `list` is matched by `*` only. Default `*`. */
  readonly stack?: string;
  /** Default: every call that `do` can apply to. */
  readonly on?: Call | readonly Call[];
  /** Only the first so many matching calls. */
  readonly times?: number;
  /** Only each so-manieth matching call: 3 is the third, the sixth, ... */
  readonly every?: number;
}

/** A resource fails, and the operation rolls back; with `rollback`, that fails as well. For `create` and `update`. */
export interface FailRule extends RuleBase {
  readonly do: 'fail';
  /** Logical id; default: the resource that takes longest. A stack without this resource is left alone. */
  readonly resource?: string;
  readonly reason?: string;
  readonly rollback?: { readonly resource?: string; readonly reason?: string };
}

/** Deletions end in DELETE_FAILED, for each stack the first `attempts` times (default: always). */
export interface StickRule extends RuleBase {
  readonly do: 'stick';
  readonly resource?: string;
  readonly reason?: string;
  readonly attempts?: number;
}

/** The call throws `Throttled`. */
export interface ThrottleRule extends RuleBase {
  readonly do: 'throttle';
}

/** The operation takes `factor` times as long; 0.5 is twice as fast. */
export interface SlowRule extends RuleBase {
  readonly do: 'slow';
  readonly factor: number;
}

/** The call is answered `refused` (create and update). */
export interface RefuseRule extends RuleBase {
  readonly do: 'refuse';
  readonly reason: string;
}

export type FaultRule = FailRule | StickRule | ThrottleRule | SlowRule | RefuseRule;

/** The control file of the simulated CloudFormation; see docs/simulated-cloudformation.md. */
export interface FaultsFile {
  readonly version: 1;
  readonly rules: readonly FaultRule[];
}

/** Which calls each kind of rule can change. */
export const APPLIES: Readonly<Record<FaultRule['do'], readonly Call[]>> = {
  fail: ['create', 'update'],
  stick: ['delete'],
  throttle: CALLS,
  slow: ['create', 'update', 'delete'],
  refuse: ['create', 'update'],
};

/** Whether `rule` speaks of this call on this stack; how often it already has is counted elsewhere. */
export function matches(rule: FaultRule, call: Call, stackName: string): boolean {
  const on = rule.on === undefined ? APPLIES[rule.do] : [rule.on].flat();
  return on.includes(call) && APPLIES[rule.do].includes(call) && glob(rule.stack ?? '*').test(stackName);
}

function glob(pattern: string): RegExp {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's');
}
