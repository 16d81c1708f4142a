import type { ReportedDisk, ReportedFiles, ReportedJobs, ReportedNodes } from '../cluster-report.ts';
import type { Action } from '../identity.ts';
import type { PricePart } from '../price.ts';
import type { Owner } from '../problem-definition.ts';
import type { Place } from '../problems.ts';
import type { Progress } from '../stack-status.ts';

export const STATUS_STATES = [
  /** A file is there and has not led to anything yet. */
  'waiting',
  'starting',
  'running',
  'updating',
  'stopping',
  /** It could not be built. */
  'failed',
  /** The file was not carried out, and there is no cluster. */
  'refused',
  'gone',
  /** It does not move any more, and only the administrator can mend it. */
  'stuck',
] as const;
export type StatusState = (typeof STATUS_STATES)[number];

/** `refused` also stands for what was begun and could not be done: `problems` says why. */
export const DROP_OUTCOMES = ['pending', 'accepted', 'refused', 'done'] as const;
export type DropOutcome = (typeof DROP_OUTCOMES)[number];

/** The last drop that a status answers: what `--wait` looks for. */
export interface AnsweredDrop {
  readonly id: string;
  readonly action: Action;
  readonly outcome: DropOutcome;
}

/** A problem as it stands in a file; one of a later version may have a code that we do not know. */
export interface StatusProblem {
  readonly code: string;
  readonly owner: Owner;
  readonly message: string;
  readonly fix: string;
  readonly at?: Place;
  readonly log?: readonly string[];
}

export interface StatusPrice {
  /** Said in words, so that nobody takes the figures for a bill. */
  readonly estimate: string;
  /** At worst; `null` is unknown, never free. */
  readonly usdPerHour: number | null;
  /** From the beginning to the planned end, at worst. */
  readonly usdUntilEnd: number | null;
  readonly parts: readonly PricePart[];
  /** Day and region of the list prices. */
  readonly date: string;
  readonly region: string;
}

/** What the cluster last said of itself, of which nothing was checked by anybody else. A part that it did not tell is not there. */
export interface StatusReport {
  /** It has not reported since: then nothing else is told but `files`. */
  readonly silentSince?: string;
  readonly nodes?: ReportedNodes;
  readonly jobs?: ReportedJobs;
  /** Connections by ssh. */
  readonly sessions?: number;
  /** Of /home. */
  readonly disk?: ReportedDisk;
  /** What its owner should read. */
  readonly notices: readonly string[];
  /** How `~/files` is kept in `NAME.files/`. */
  readonly files?: Omit<ReportedFiles, 'savedAt'> & { readonly savedAt?: string };
  /** Since when nobody has used it; not there while somebody does. */
  readonly idleSince?: string;
}

export interface StatusLogin {
  /** Whole, to be pasted into a shell. */
  readonly command: string;
  /** The host's public keys, `type base64`, one a line; `null` while they are not known. */
  readonly hostKey: string | null;
  /** Where it is not 22. */
  readonly port?: number;
  /** A private key that lets its owner in, where the cluster runs on their own machine. */
  readonly keyFile?: string;
}

/** What `NAME.cf-status` holds. No value changes with time alone, or the file would be written for ever. */
export interface StatusFile {
  /** 1; a later one is shown as far as it can be read. */
  readonly version: number;
  readonly cluster: string;
  readonly path: string;
  readonly user: string;
  readonly drop?: AnsweredDrop;
  readonly state: StatusState;
  /** When this state began, where that is on record. */
  readonly since?: string;
  readonly why: string;
  /** What to do next, in plain words. */
  readonly next: string;
  readonly problems: readonly StatusProblem[];
  readonly progress?: Progress;
  readonly address?: string;
  readonly ssh?: StatusLogin;
  readonly report?: StatusReport;
  readonly ends?: string;
  readonly idleTimeout?: string;
  readonly price?: StatusPrice;
  /** What the cluster is made of, as a request file spells it. */
  readonly settings?: Readonly<Record<string, string | number>>;
  /** The request of the drop above, or of the cluster that it deletes: JSON if it is JSON, else its text. */
  readonly request?: unknown;
  readonly simulated: boolean;
  readonly simulatedMeans?: string;
  /** Where the price is not what anybody pays. */
  readonly priceMeans?: string;
}
