import type { Decision } from '../decision.ts';
import type { Action, Cluster } from '../identity.ts';
import type { Installation } from '../installation.ts';
import type { Instant } from '../instant.ts';
import type { Observed } from '../observed.ts';
import type { Problem } from '../problems.ts';
import type { DropOutcome } from './status-shape.ts';

/** Everything that a status is made from. */
export interface StatusInput {
  readonly cluster: Cluster;
  readonly observed: Observed;
  readonly decision: Decision;
  readonly installation: Installation;
  /** The drop that is answered in this very step, when its file or entry is just being taken away. */
  readonly answer?: {
    readonly drop: string;
    readonly action: Action;
    readonly outcome: DropOutcome;
    readonly problems: readonly Problem[];
  };
  /** Taken so that callers need not think about it; nothing depends on it, or the file would never come to rest. */
  readonly now: Instant;
}
