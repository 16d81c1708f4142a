import type { Blueprint } from '../core/blueprint.ts';
import type { BlueprintRef, Clock } from '../engine/ports.ts';

export interface SimulatedStacksOptions {
  /** Where stacks are kept; made if it is not there. Any number of processes may share it. */
  readonly folder: string;
  readonly clock: Clock;
  /** 1 is AWS's pace, 60 makes a minute of it a second. Above 0; holds for operations begun from now on. */
  readonly speed: number;
  readonly blueprintOf: (ref: BlueprintRef) => Promise<Blueprint>;
  /** The control file (docs/simulated-cloudformation.md); it need not exist. */
  readonly faultsFile?: string;
  /** Default `us-east-1`. */
  readonly region?: string;
  /** Twelve digits; the default, all zeros, is nobody's. */
  readonly account?: string;
}
