import type { ClusterReport } from './cluster-report.ts';
import type { Entry } from './entry.ts';
import { type Instant, MINUTE, SECOND } from './instant.ts';

/** A report older than this says nothing about now. */
const FRESH = 15 * MINUTE;
/** Clocks differ by less. */
const SKEW = MINUTE;
/** A node looks for use less often than it reports: a use that is so young is use now. */
const IN_USE = 2 * MINUTE;

/** A cluster's report, as it was judged when it was seen. */
export interface SeenReport {
  readonly told: ClusterReport;
  /** Else the cluster is silent since `told.at`, and only what others tell is still as it was told: what is saved, what stands. */
  readonly isFresh: boolean;
  /** When somebody last used it, or asked something of it. Absent means unknown, which is never idle. */
  readonly lastUse?: Instant;
  /** The same while nobody uses it: so it does not change with time. */
  readonly idleSince?: Instant;
}

/** `undefined`: it is from the future, or of an earlier cluster of that name, whose report stays where it was. */
export function seenReport(
  told: ClusterReport,
  { reservedAt, readyAt = 0, answer }: Pick<Entry, 'reservedAt' | 'readyAt' | 'answer'>,
  now: Instant,
): SeenReport | undefined {
  // A report knows whole seconds only, and a cluster in containers may report in its first one.
  const earliest = Math.floor(reservedAt / SECOND) * SECOND;
  if (told.at > now + SKEW || told.at < earliest) return undefined;
  const isFresh = told.at >= now - FRESH;
  const lastUse =
    isFresh && told.lastUse !== undefined
      ? // A request that was just answered is use, too.
        Math.max(told.lastUse, readyAt, answer?.at ?? 0)
      : undefined;
  return {
    told: withoutFutureSaves(told, now),
    isFresh,
    ...(lastUse !== undefined && { lastUse }),
    ...(lastUse !== undefined && told.at - lastUse >= IN_USE && { idleSince: lastUse }),
  };
}

function withoutFutureSaves(told: ClusterReport, now: Instant): ClusterReport {
  if ((told.files?.savedAt ?? 0) <= now + SKEW) return told;
  const { savedAt: _, ...files } = told.files ?? {};
  return { ...told, files };
}
