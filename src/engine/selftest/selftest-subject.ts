import type { Cluster } from '../../core/identity.ts';
import type { StatusFile } from '../../core/report/status-file.ts';
import type { ObjectStore } from '../ports.ts';
import type { World } from '../world.ts';

/** An installation that is tried out, and how to wait for it. */
export interface SelftestSubject extends Pick<World, 'installation' | 'admin' | 'stacks' | 'clock'> {
  readonly users: ObjectStore;
  /** Milliseconds that the system may take for any one answer. */
  readonly timeout: number;
  readonly pause: (milliseconds: number) => Promise<void>;
  readonly isStopped: () => boolean;
  readonly lookAfter: (waited: number) => number;
  readonly silence: number;
  readonly onProgress: (status: StatusFile) => void;
  readonly onSilence: () => void;
  /** Machines of a cluster that are still there, by what can be asked besides CloudFormation. */
  readonly machinesOf?: (cluster: Cluster) => Promise<readonly string[]>;
}

/** One thing that was tried. */
export interface StepReport {
  readonly step: string;
  readonly ok: boolean;
  readonly what: string;
  readonly milliseconds: number;
}

/** Something is not as it has to be. */
export class StepFailed extends Error {
  override readonly name = 'StepFailed';
}

/** Whoever waits has had enough. */
export class Stopped extends Error {
  override readonly name = 'Stopped';
}

export function demand(holds: boolean, otherwise: string): asserts holds {
  if (!holds) throw new StepFailed(otherwise);
}
