import type { Cluster } from '../core/identity.ts';
import type { Instant } from '../core/instant.ts';

/** What stacks are made of on this machine, as far as it goes on beside the engine. */
export interface LocalHosts {
  /** Begins what is due; to be called often. */
  tick(): void | Promise<void>;
  /** Brings to an end what is under way; clusters stay as they are. */
  stopped(): Promise<void>;
  /** When something of this stack changes first after `seen`, where that is known beforehand. */
  nextChange(stackId: string, seen: Instant): Promise<Instant | undefined>;
  /** Stacks that are on their way, for a process that begins. */
  underWay(): Promise<readonly { readonly id: string; readonly name: string }[]>;
  /** Whom to tell that something has happened to a cluster. */
  onChange(listener: (cluster: Cluster) => void): void;
}
