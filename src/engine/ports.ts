import type { Letter } from '../core/letter.ts';

/** One stored object's identity: `version` names this very write, and no other write ever has it. */
export interface ObjectEntry {
  readonly key: string;
  readonly version: string;
  /** When the store took this write, epoch ms; on a folder its ctime. Compare with other entries' times only. */
  readonly modified: number;
  /** Bytes. */
  readonly size: number;
}

/** What a write made. When the store took it, a listing tells. */
export type WrittenObject = Omit<ObjectEntry, 'modified'>;

export interface StoredObject extends ObjectEntry {
  readonly body: Uint8Array;
}

/** One page of a listing: the objects directly below a prefix, and the folders (each ending in `/`). */
export interface ListPage {
  readonly objects: readonly ObjectEntry[];
  readonly folders: readonly string[];
}

export type Condition = { readonly ifAbsent: true } | { readonly ifVersion: string };

/** A bucket. A failed call throws; it never looks like an empty answer. */
export interface ObjectStore {
  readonly bucket: string;
  /** What begins with `prefix`, cut at the next `/`, in the order of the keys. All pages or an error: half a listing throws. */
  list(prefix: string): AsyncIterable<ListPage>;
  /**
   * `undefined` when the store says there is no such object (it may have gone since a listing).
   * Of what people may have written only the first `most` bytes are read; `size` tells how large it really is.
   */
  get(key: string, most?: number): Promise<StoredObject | undefined>;
  /** Writes whole or not at all. `undefined`: the condition did not hold, and nothing was written. */
  put(key: string, body: Uint8Array | string, condition?: Condition): Promise<WrittenObject | undefined>;
  /** Removes the object only while it is still `version`; a newer write by somebody else is never removed. */
  remove(key: string, version: string): Promise<'removed' | 'changed' | 'absent'>;
}

/** What CloudFormation says of one stack, in its own status words. */
export interface StackReport {
  /** The ARN, or what stands for it: distinguishes a stack from a later one of the same name. */
  readonly id: string;
  readonly name: string;
  /** CloudFormation's own word, e.g. `CREATE_IN_PROGRESS`. */
  readonly status: string;
  readonly statusReason?: string;
  readonly created: number;
  readonly tags: Readonly<Record<string, string>>;
  readonly parameters: Readonly<Record<string, string>>;
  readonly outputs: Readonly<Record<string, string>>;
  /** Of how many resources it is made, where that is not as its blueprint says. */
  readonly resources?: number;
}

export interface StackEvent {
  readonly id: string;
  readonly at: number;
  readonly logicalId: string;
  /** `AWS::CloudFormation::Stack` with `logicalId` = stack name for the stack itself. */
  readonly type: string;
  /** A resource or stack status word. */
  readonly status: string;
  readonly reason?: string;
  /** Client token of the call that led to this event. */
  readonly token?: string;
}

export interface StackOrder {
  readonly name: string;
  readonly blueprint: BlueprintRef;
  readonly parameters: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly capabilities: readonly string[];
  /** Client token: the same on a retry, new for a new request. */
  readonly token: string;
}

/** A stored blueprint: `blueprints/<name>/<hash>/` in the administrator's bucket. */
export interface BlueprintRef {
  readonly name: string;
  readonly hash: string;
}

/** `refused` is CloudFormation's final no; `busy` is a state that passes (look again); `exists` another stack has the name. */
export type CreateOutcome =
  | { readonly kind: 'begun'; readonly id: string }
  | { readonly kind: 'exists' }
  | { readonly kind: 'refused'; readonly reason: string };
export type UpdateOutcome =
  | { readonly kind: 'begun' }
  /** CloudFormation: "No updates are to be performed". */
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'busy'; readonly reason: string }
  | { readonly kind: 'refused'; readonly reason: string };
export type RemoveOutcome =
  | { readonly kind: 'begun' }
  | { readonly kind: 'absent' }
  | { readonly kind: 'busy'; readonly reason: string }
  | { readonly kind: 'refused'; readonly reason: string };

/** CloudFormation. Every call is safe to repeat: a second caller loses, never damages. May throw `Throttled`. */
export interface Stacks {
  /** By id where known (also answers for a deleted stack, `DELETE_COMPLETE`), else by name (`undefined` once deleted). */
  describe(ref: { readonly name: string; readonly id?: string }): Promise<StackReport | undefined>;
  /** A repeat with the token of the stack's own creation is `begun` again. */
  create(order: StackOrder): Promise<CreateOutcome>;
  /** Keeps the template that the stack has: changes parameters and tags only. */
  update(id: string, order: Omit<StackOrder, 'name' | 'blueprint'>): Promise<UpdateOutcome>;
  remove(id: string, token: string): Promise<RemoveOutcome>;
  /** Newest first, as CloudFormation gives them. */
  events(id: string): AsyncIterable<StackEvent>;
  /** Every stack of this installation that is not gone. */
  list(): AsyncIterable<readonly StackReport[]>;
}

/** Mail. A failure throws; the letter is tried again later. */
export interface Mail {
  send(letter: Letter): Promise<void>;
}

/** Epoch milliseconds. The only source of time in the engine. */
export interface Clock {
  now(): number;
}

/** The service asked us to slow down: neither a failure nor anybody's problem. Look again later. */
export class Throttled extends Error {
  override readonly name = 'Throttled';
}
