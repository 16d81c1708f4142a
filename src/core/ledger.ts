import { type Entry, endOf, isLiving } from './entry.ts';
import type { Cluster } from './identity.ts';
import { DAY, HOUR, type Instant, monthOf, monthStart } from './instant.ts';
import type { Letter } from './letter.ts';
import type { Totals } from './over-limits.ts';
import type { Problem } from './problems.ts';

/** One user's book: what neither the bucket nor CloudFormation can tell. `ledger/<user>.json`. */
export interface Ledger {
  readonly version: 1;
  readonly user: string;
  /** By `entryKey`. */
  readonly clusters: Readonly<Record<string, Entry>>;
  /** Written, not yet sent: recorded in the same write as the turn of events that they tell of. */
  readonly mail: readonly Letter[];
  /** Near misses that got their answer: key -> version. */
  readonly notices: Readonly<Record<string, string>>;
  /** Drops that were answered for good a short while ago, by id: a slow process that still holds one must not act on it. */
  readonly closed: Readonly<Record<string, ClosedDrop>>;
  /** USD of ended clusters by month; `null` once a cluster of unknown price was among them. */
  readonly spent: Readonly<Record<string, number | null>>;
}

export interface ClosedDrop {
  readonly at: Instant;
  /** Why it was refused; a repeat gives the same answer, whatever has changed since. */
  readonly problems?: readonly Problem[];
}

/** No process lives on for so long with what it has seen. */
const REMEMBERED = HOUR;
const MOST_REMEMBERED = 500;
const MOST_EXPLAINED = 10;

/** The ledger with this drop closed: from now on nobody starts anything for it. */
export function withClosedDrop(
  ledger: Ledger,
  drop: string,
  now: Instant,
  problems?: readonly Problem[],
): Ledger {
  const recent = Object.entries(ledger.closed).filter(([id, { at }]) => id !== drop && now - at < REMEMBERED);
  const kept = recent.slice(1 - MOST_REMEMBERED);
  const wordless = kept.length - MOST_EXPLAINED;
  return {
    ...ledger,
    closed: Object.fromEntries([
      // Reasons are for a crash just now; hundreds of them would make every write of the book a large one.
      ...kept.map(([id, one], n) => [id, n < wordless ? { at: one.at } : one] as const),
      [drop, { at: now, ...(problems && { problems: problems.slice(0, MOST_EXPLAINED) }) }],
    ]),
  };
}

export function emptyLedger(user: string): Ledger {
  return { version: 1, user, clusters: {}, mail: [], notices: {}, closed: {}, spent: {} };
}

export function entryKey({ bucket, path }: Pick<Cluster, 'bucket' | 'path'>): string {
  return `${bucket}/${path}`;
}

export function entryOf(ledger: Ledger, cluster: Pick<Cluster, 'bucket' | 'path'>): Entry | undefined {
  const key = entryKey(cluster);
  return Object.hasOwn(ledger.clusters, key) ? ledger.clusters[key] : undefined;
}

/** The ledger with this entry put in or replaced, and the letters that tell of it. */
export function withEntry(ledger: Ledger, entry: Entry, letters: readonly Letter[] = []): Ledger {
  return withLetters(
    { ...ledger, clusters: { ...ledger.clusters, [entryKey(entry.cluster)]: entry } },
    letters,
  );
}

export function withoutEntry(ledger: Ledger, cluster: Pick<Cluster, 'bucket' | 'path'>): Ledger {
  const clusters = { ...ledger.clusters };
  delete clusters[entryKey(cluster)];
  return { ...ledger, clusters };
}

/** A letter that waits already is not added again. */
export function withLetters(ledger: Ledger, letters: readonly Letter[]): Ledger {
  const fresh = letters.filter(
    (letter) => letter.to.length > 0 && !ledger.mail.some((waiting) => waiting.id === letter.id),
  );
  return fresh.length === 0 ? ledger : { ...ledger, mail: [...ledger.mail, ...fresh] };
}

export function withoutLetter(ledger: Ledger, id: string): Ledger {
  return { ...ledger, mail: ledger.mail.filter((letter) => letter.id !== id) };
}

/** USD of `rate` per hour from one instant to another, month by month (UTC). An unknown rate stays unknown. */
export function costByMonth(rate: number | null, from: Instant, to: Instant): Record<string, number | null> {
  const cost: Record<string, number | null> = {};
  for (let start = from; start < to; ) {
    const end = Math.min(to, monthStart(monthStart(start) + 32 * DAY));
    cost[monthOf(start)] = rate === null ? null : (rate * (end - start)) / HOUR;
    start = end;
  }
  return cost;
}

/** USD that a cluster cost until `now`, at worst; `null` is unknown. */
export function costUntil(entry: Entry, now: Instant): number | null {
  const { usdPerHour } = entry.price;
  return entry.paid === null || usdPerHour === null
    ? null
    : entry.paid + (usdPerHour * Math.max(0, now - entry.rateSince)) / HOUR;
}

/**
 * Writes down what a cluster cost until `now` and starts counting anew: before its price changes, or as it is closed.
 * Otherwise shrinking a cluster on its last day would make its whole past cheap.
 */
export function settle(ledger: Ledger, entry: Entry, now: Instant): Ledger {
  const spent = { ...ledger.spent };
  for (const [month, usd] of Object.entries(costByMonth(entry.price.usdPerHour, entry.rateSince, now))) {
    const before = month in spent ? (spent[month] ?? null) : 0;
    spent[month] = before === null || usd === null ? null : before + usd;
  }
  return withEntry(
    { ...ledger, spent },
    { ...entry, paid: costUntil(entry, now), rateSince: Math.max(now, entry.rateSince) },
  );
}

/** Moves a cluster out of the book and its cost into the months' sums. */
export function closeEntry(ledger: Ledger, entry: Entry, now: Instant): Ledger {
  if (!entryOf(ledger, entry.cluster)) return ledger;
  const settled =
    entry.stackId === undefined ? ledger : settle(ledger, entry, entry.endedAt ?? entry.rateSince);
  return withClosedDrop(withoutEntry(settled, entry.cluster), entry.drop.id, now);
}

/** What a user has, for the limits. Of `except` (the cluster that is judged) only what it cost this month until now counts. */
export function totalsOf(ledger: Ledger, now: Instant, except?: Pick<Cluster, 'bucket' | 'path'>): Totals {
  let clusters = 0;
  const month = monthOf(now);
  let usd: number | null = month in ledger.spent ? (ledger.spent[month] ?? null) : 0;
  for (const [key, entry] of Object.entries(ledger.clusters)) {
    const other = !except || key !== entryKey(except);
    if (other && isLiving(entry)) clusters++;
    const committed = committedUsd(
      other ? entry : { ...entry, endedAt: Math.min(now, entry.endedAt ?? now) },
      now,
    );
    usd = usd === null || committed === null ? null : usd + committed;
  }
  return { clusters, usdThisMonth: usd };
}

/** USD from this month's beginning (or since its price holds) until the cluster's end, at worst. */
export function committedUsd(entry: Entry, now: Instant): number | null {
  const rates = [entry.price.usdPerHour, ...(entry.update ? [entry.update.price.usdPerHour] : [])];
  if (rates.some((rate) => rate === null)) return null;
  const from = Math.max(entry.rateSince, monthStart(now));
  const to = entry.endedAt ?? Math.max(endOf(entry), now);
  return (Math.max(...rates.map(Number)) * Math.max(0, to - from)) / HOUR;
}
