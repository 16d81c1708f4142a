import type { Decision } from '../core/decision.ts';
import type { Cluster } from '../core/identity.ts';
import type { Installation } from '../core/installation.ts';
import type { InstanceCatalogue } from '../core/instance-catalogue.ts';
import type { Problem } from '../core/problems.ts';
import type { Ledgers } from './ledgers.ts';
import type { Clock, Mail, ObjectStore, Stacks } from './ports.ts';

/** What the engine is given. Each of the two worlds builds one, in its `world.ts`. */
export interface World {
  readonly installation: Installation;
  /** The users' buckets. */
  readonly users: readonly ObjectStore[];
  readonly admin: ObjectStore;
  readonly ledgers: Ledgers;
  readonly stacks: Stacks;
  readonly mail: Mail;
  readonly clock: Clock;
  readonly log: Log;
  readonly prices: Prices;
}

/** Shapes and list prices of instance types, with their date. */
export interface Prices {
  catalogue(): Promise<InstanceCatalogue>;
}

/** Where turns of events are told to whoever watches the system. */
export interface Log {
  /** A step was taken, or the cluster waits for something new. */
  turn(cluster: Cluster, decision: Decision): void;
  /** A file that only looked like a drop got its answer. */
  answered(file: string, problem: Problem): void;
  /** Something the administrator should hear of; `about` is a cluster, a user or a file. */
  trouble(about: string, problem: Problem): void;
}

export function storeOf(world: Pick<World, 'users'>, bucket: string): ObjectStore {
  const store = world.users.find((one) => one.bucket === bucket);
  if (!store) throw new Error(`no bucket ${bucket} in this installation`);
  return store;
}
