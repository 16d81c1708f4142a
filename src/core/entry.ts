import type { Cluster } from './identity.ts';
import type { Instant } from './instant.ts';
import type { LoginFacts } from './login-facts.ts';
import type { Price } from './price.ts';
import type { Problem } from './problems.ts';
import type { Settings } from './settings.ts';

/** A blueprint as it was stored: a running cluster keeps the one that it began with. */
export interface BlueprintUse {
  readonly name: string;
  readonly hash: string;
}

/** One accepted write of a `.cf-create`. */
export interface AcceptedDrop {
  readonly id: string;
  /** The store's time of the write. */
  readonly at: Instant;
  /** The request as it was sent, for replies after the file is gone; shortened when long. */
  readonly text: string;
}

/** What a cluster is to be made of: fixed when its drop is accepted. */
export interface Build {
  readonly settings: Settings;
  readonly parameters: Readonly<Record<string, string>>;
  readonly price: Price;
}

export type EndingWhy = 'asked' | 'expired' | 'idle' | 'replaced' | 'outside' | 'failed';

export interface Ending {
  readonly why: EndingWhy;
  readonly at: Instant;
  /** DeleteStack calls so far, and when the last one was. */
  readonly attempts: number;
  readonly lastAttempt?: Instant;
  /** Id of the `.cf-delete` that lay there at the last one. */
  readonly asked?: string;
  /** CloudFormation's final no to the last one, in its words: the stack goes on as if nobody had asked. */
  readonly refusal?: string;
}

/** The last drop that got its answer, while the cluster lives on: what `create --wait` looks for. */
export interface Answer {
  readonly drop: string;
  readonly outcome: 'accepted' | 'refused';
  readonly at: Instant;
  readonly problems: readonly Problem[];
}

export type Warning = '24h' | '1h';

/**
 * One living cluster in a user's ledger: what neither the bucket nor CloudFormation can tell.
 * Without `stackId` it is a reservation: counted against the limits before anything exists.
 */
export interface Entry extends Build {
  readonly cluster: Cluster;
  readonly stackName: string;
  readonly stackId?: string;
  readonly blueprint: BlueprintUse;
  /** The owner's address for mail about this cluster, if there is one. */
  readonly notify?: string;
  /** The drop whose request the cluster runs, or is being built for. */
  readonly drop: AcceptedDrop;
  readonly reservedAt: Instant;
  readonly endsAt: Instant;
  /** Since when `price` holds; what the cluster cost before that is in `paid` (USD) and in the ledger's sums. */
  readonly rateSince: Instant;
  readonly paid: number | null;
  readonly warned: readonly Warning[];
  readonly readyAt?: Instant;
  readonly address?: string;
  /** What else one needs to log in. An entry that was written before there was such a thing has none. */
  readonly login?: LoginFacts;
  /** A change under way: becomes the entry's own build when the stack carries its drop. */
  readonly update?: PendingUpdate;
  /** Why it never became a cluster. Recorded before anybody is told. */
  readonly failure?: readonly Problem[];
  readonly ending?: Ending;
  readonly endedAt?: Instant;
  readonly answer?: Answer;
  readonly stuckTold?: Instant;
}

/** An accepted change of a running cluster: counted against the limits from the moment it is written down. */
export interface PendingUpdate extends Build {
  readonly drop: AcceptedDrop;
  readonly notify?: string;
  /** The new end, if the request named `Lifetime`. */
  readonly endsAt?: Instant;
  readonly failure?: readonly Problem[];
}

/** True while the entry stands for something that costs money or may come to. */
export function isLiving(entry: Entry): boolean {
  return entry.endedAt === undefined;
}

/** An accepted request for more time holds from the start: its file may have been removed, and that cancels nothing. */
export function endOf({ endsAt, update }: Entry): Instant {
  return update && !update.failure ? Math.max(endsAt, update.endsAt ?? endsAt) : endsAt;
}
