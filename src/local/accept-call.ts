import type { Instant } from '../core/instant.ts';
import type { FaultRule } from './fault-rules.ts';

/** What a call finds when it comes to be decided on. */
export interface CallContext {
  readonly now: Instant;
  /** The installation's speed, before anything scripted. */
  readonly speed: number;
  /** Rules of the control file in force for this call. Asked at most once, and only if the call would begin something: asking counts. */
  readonly due: () => readonly FaultRule[];
}

/** The scripted refusal, if there is one. */
export function refusalOf(rules: readonly FaultRule[]): string | undefined {
  const rule = rules.find((one) => one.do === 'refuse');
  return rule?.do === 'refuse' ? rule.reason : undefined;
}
