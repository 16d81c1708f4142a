import { type Instant, instantOf } from './instant.ts';
import { visibleLine } from './report/visible.ts';

/** What a cluster says of itself. Its nodes are hostile ground: for showing, and to be ended by, but nothing is ever allowed by it. */
export interface ClusterReport {
  /** When it was written, by the cluster's own clock. */
  readonly at: Instant;
  /** When somebody or a job last used it; not after `at`. */
  readonly lastUse?: Instant;
  readonly nodes?: ReportedNodes;
  readonly jobs?: ReportedJobs;
  /** Connections by ssh. */
  readonly sessions?: number;
  readonly disk?: ReportedDisk;
  /** What its owner should read; without control characters. */
  readonly notices: readonly string[];
  /** The same from whoever runs its hosts: so until they say otherwise, however long the cluster itself is silent. */
  readonly standing?: readonly string[];
  /** Only where somebody saves `~/files`. */
  readonly files?: ReportedFiles;
}

export interface ReportedNodes {
  readonly most: number;
  readonly up: number;
  /** On their way. */
  readonly coming: number;
  /** Of those that are up: with a job. */
  readonly working: number;
  readonly leaving: number;
  readonly down: number;
}

export interface ReportedJobs {
  readonly running: number;
  readonly waiting: number;
}

/** Of /home. */
export interface ReportedDisk {
  readonly usedGb: number;
  readonly totalGb: number;
}

/** How `~/files` is kept in `NAME.files/`. */
export interface ReportedFiles {
  /** By the clock of whoever saves them: it may be later than the report. */
  readonly savedAt?: Instant;
  readonly count?: number;
  readonly bytes?: number;
  /** Why they cannot be saved, while that is so. */
  readonly trouble?: string;
}

const MOST_NODES = 10_000;
const MOST_JOBS = 10_000_000;
const MOST_GB = 10_000_000;
const MOST_NOTICES = 20;
const LONGEST_TEXT = 300;

/**
 * Reads a report, strictly and part by part: a part that is odd is left out, never guessed. `undefined` for what is no report at all.
 * It may be as long as somebody liked, so its caller reads no more of it than a report has.
 */
export function readClusterReport(text: string): ClusterReport | undefined {
  const told = recordOf(parsed(text));
  const at = told && instantIn(told['at']);
  if (!told || at === undefined) return undefined;
  const lastUse = instantIn(told['lastUse'], at);
  const nodes = nodesIn(told['nodes']);
  const jobs = jobsIn(told['jobs']);
  const sessions = wholeIn(told['sessions'], MOST_JOBS);
  const disk = diskIn(told['disk']);
  const standing = noticesIn(told['standing']);
  const files = filesIn(told['files']);
  return {
    at,
    ...(lastUse !== undefined && { lastUse }),
    ...(nodes && { nodes }),
    ...(jobs && { jobs }),
    ...(sessions !== undefined && { sessions }),
    ...(disk && { disk }),
    notices: noticesIn(told['notices']),
    ...(standing.length > 0 && { standing }),
    ...(files && { files }),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? // Without a prototype, nothing is there but what was written.
      Object.assign(Object.create(null) as Record<string, unknown>, value)
    : undefined;
}

function instantIn(value: unknown, latest = Infinity): Instant | undefined {
  const instant = typeof value === 'string' ? instantOf(value) : undefined;
  return instant !== undefined && instant >= 0 && instant <= latest ? instant : undefined;
}

function wholeIn(value: unknown, most = Number.MAX_SAFE_INTEGER): number | undefined {
  return Number.isSafeInteger(value) && Number(value) >= 0 && Number(value) <= most
    ? // Adding nothing makes 0 of -0.
      Number(value) + 0
    : undefined;
}

function gbIn(value: unknown): number | undefined {
  return typeof value === 'number' && value >= 0 && value <= MOST_GB
    ? Math.round(value * 10) / 10 + 0
    : undefined;
}

/** One visible line of at most `LONGEST_TEXT` characters, what is added to make it visible included. */
function textIn(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  const line = visibleLine(value, LONGEST_TEXT);
  const whole = line.length <= LONGEST_TEXT;
  const kept = whole ? line : `${line.slice(0, LONGEST_TEXT - 2).replace(/[\ud800-\udbff]$/, '')} …`;
  return kept === '' ? undefined : kept;
}

function nodesIn(value: unknown): ReportedNodes | undefined {
  const told = recordOf(value);
  const [most, up, coming, working, leaving, down] = (
    ['most', 'up', 'coming', 'working', 'leaving', 'down'] as const
  ).map((name) => wholeIn(told?.[name], MOST_NODES));
  return most === undefined ||
    up === undefined ||
    coming === undefined ||
    working === undefined ||
    leaving === undefined ||
    down === undefined
    ? undefined
    : { most, up, coming, working, leaving, down };
}

function jobsIn(value: unknown): ReportedJobs | undefined {
  const told = recordOf(value);
  const running = wholeIn(told?.['running'], MOST_JOBS);
  const waiting = wholeIn(told?.['waiting'], MOST_JOBS);
  return running === undefined || waiting === undefined ? undefined : { running, waiting };
}

function diskIn(value: unknown): ReportedDisk | undefined {
  const told = recordOf(value);
  const usedGb = gbIn(told?.['usedGb']);
  const totalGb = gbIn(told?.['totalGb']);
  return usedGb === undefined || totalGb === undefined ? undefined : { usedGb, totalGb };
}

function noticesIn(value: unknown): readonly string[] {
  return Array.isArray(value)
    ? value
        .slice(0, MOST_NOTICES)
        .map(textIn)
        .filter((text) => text !== undefined)
    : [];
}

function filesIn(value: unknown): ReportedFiles | undefined {
  const told = recordOf(value);
  if (!told) return undefined;
  const savedAt = instantIn(told['savedAt']);
  const count = wholeIn(told['count']);
  const bytes = wholeIn(told['bytes']);
  const trouble = textIn(told['trouble']);
  return {
    ...(savedAt !== undefined && { savedAt }),
    ...(count !== undefined && { count }),
    ...(bytes !== undefined && { bytes }),
    ...(trouble !== undefined && { trouble }),
  };
}
