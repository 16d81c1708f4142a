import type { AcceptedDrop, BlueprintUse, Build, Entry } from './entry.ts';
import type { Instant } from './instant.ts';
import type { LoginFacts } from './login-facts.ts';
import type { Problem } from './problems.ts';
import type { SeenReport } from './seen-report.ts';
import type { Cause, Progress, StackState } from './stack-status.ts';

/** A drop file that lies in the bucket now. */
export interface DropFile {
  readonly id: string;
  readonly key: string;
  readonly version: string;
  /** When the store took it. Compared with other files' times only. */
  readonly at: Instant;
}

/** What a `.cf-create` asks for, judged: by its own text, the blueprint, what runs now, the profile and the limits. */
export type Reading =
  | { readonly kind: 'refused'; readonly problems: readonly Problem[] }
  | { readonly kind: 'plan'; readonly plan: Plan }
  /** Not judged now: it was accepted before, or something else must come to an end first. */
  | { readonly kind: 'unread' };

export interface Plan extends Build {
  readonly blueprint: BlueprintUse;
  readonly notify?: string;
  /** The file itself names `Lifetime`: the end is then counted anew. */
  readonly lifetimeNamed: boolean;
  /** Template parameters that differ from the running ones: without any, the stack need not change. */
  readonly changes: readonly string[];
}

export interface CreateFile extends DropFile {
  readonly text: string;
  readonly reading: Reading;
}

export interface LivingStack {
  readonly kind: Exclude<StackState, 'absent'>;
  readonly id: string;
  /** CloudFormation's own word. */
  readonly status: string;
  readonly reason: string;
  /** The drop that the stack's tag carries. */
  readonly drop: string;
  readonly createdAt: Instant;
  readonly address?: string;
  /** What else one needs to log in. */
  readonly login?: LoginFacts;
  /** Root cause, looked up when the status speaks of a failure. */
  readonly cause?: Cause;
  readonly progress?: Progress;
  /** The token of the entry's pending update stands in the stack's events: it must not be sent again. */
  readonly updateSeen: boolean;
}

export type Actual =
  | { readonly kind: 'absent' }
  /** A stack of our name without our tags: never touched. */
  | { readonly kind: 'foreign'; readonly stackName: string }
  | LivingStack;

/** Everything that a decision is made from; `decide` sees nothing else. */
export interface Observed {
  readonly create?: CreateFile;
  readonly remove?: DropFile;
  readonly stack: Actual;
  readonly entry?: Entry;
  readonly replies: {
    /** `.cf-created` is there and holds the address. */
    readonly createdRight: boolean;
    readonly created: boolean;
    readonly failed: boolean;
  };
  /** When somebody last used the cluster, by its own fresh report; absent means unknown, which is never idle. */
  readonly lastUse?: Instant;
  /** What the cluster last said of itself: for telling, nothing is decided by it. */
  readonly report?: SeenReport;
  /** Whom a person may ask. */
  readonly contact: string;
}

export type { AcceptedDrop };
