import type { Cluster } from '../../core/identity.ts';
import type { InstanceCatalogue } from '../../core/instance-catalogue.ts';
import type { Clock, ObjectStore } from '../../engine/ports.ts';
import type { FolderStore } from '../folder-store.ts';
import type { ContainerEngine, EngineMachine } from './container-engine.ts';
import type { KeptEngine } from './engine-home.ts';
import type { HostImages } from './host-image.ts';
import type { HostedBook } from './hosted-book.ts';
import type { HostedStack } from './hosted-stack.ts';
import type { SavedMarks } from './saved-marks.ts';

/** What the hosts of all clusters of one folder are made with. */
export interface Hosting {
  readonly installation: string;
  readonly engine: ContainerEngine;
  /** `engine` becomes that of the folder's clusters, unless they live in another one: then it says which. */
  readonly settle: () => Promise<KeptEngine | undefined>;
  readonly machine: EngineMachine;
  readonly images: HostImages;
  readonly book: HostedBook;
  readonly marks: SavedMarks;
  readonly users: FolderStore;
  readonly admin: ObjectStore;
  readonly catalogue: InstanceCatalogue;
  readonly clock: Clock;
  /** Whose a stack is; nothing is done about one that does not say so. */
  readonly clusterOf: (stack: HostedStack) => Cluster | undefined;
  /** Idle seconds before a compute host goes. */
  readonly shrinkAfter: number;
  /** A private key on this machine that lets a user in; `undefined` where they have one of their own. */
  readonly keyFileOf: (user: string) => string | undefined;
  /** Something has happened to a cluster. */
  readonly changed: (cluster: Cluster) => void;
  /** For whoever watches this process. */
  readonly progress: (text: string) => void;
  /** Something goes wrong that holds a cluster up, though it is not given up. */
  readonly trouble: (cluster: Cluster, message: string) => void;
}
