import type { BlueprintResource } from '../core/blueprint.ts';
import type { Instant } from '../core/instant.ts';
import type { BlueprintRef } from '../engine/ports.ts';

/**
 * One incarnation of a simulated stack: which calls were accepted, and when. Everything else (status, events, outputs) follows
 * from it and the time of day, so nothing has to run between two calls and a killed process loses nothing.
 */
export interface StackRecord {
  readonly version: 1;
  readonly id: string;
  readonly name: string;
  readonly blueprint: BlueprintRef;
  /** The template, as it was when the stack was created; updates never change it. */
  readonly resources: readonly BlueprintResource[];
  /** What the stack gives once it is created. */
  readonly outputs: Readonly<Record<string, string>>;
  /** In the order of the calls; the first is the creation and the only one of its kind. */
  readonly operations: readonly [CreateOperation, ...LaterOperation[]];
}

interface Operation {
  /** Epoch ms at which the call was accepted. */
  readonly at: Instant;
  readonly token: string;
  /** 1 is AWS's pace, 60 makes a minute of it a second. Already divided by any scripted slowness. */
  readonly speed: number;
}

interface Desires {
  readonly parameters: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
}

/** A resource that goes wrong, as the control file asked at the time of the call. */
export interface ResourceFault {
  readonly resource: string;
  readonly reason: string;
}

export interface CreateOperation extends Operation, Desires {
  readonly kind: 'create';
  readonly fails?: ResourceFault;
  readonly rollbackFails?: ResourceFault;
}

export interface UpdateOperation extends Operation, Desires {
  readonly kind: 'update';
  readonly touches: readonly Touch[];
  readonly fails?: ResourceFault;
  readonly rollbackFails?: ResourceFault;
}

/** What an update does to one resource. `denied`: the stack policy says no the moment it is tried. */
export interface Touch {
  readonly resource: string;
  readonly how: 'modify' | 'replace' | 'denied';
}

export interface DeleteOperation extends Operation {
  readonly kind: 'delete';
  readonly fails?: ResourceFault;
}

export type LaterOperation = UpdateOperation | DeleteOperation;
export type AnyOperation = CreateOperation | LaterOperation;
