import { type Entry, isLiving } from '../../core/entry.ts';
import { type Instant, isoOf } from '../../core/instant.ts';
import { totalsOf } from '../../core/ledger.ts';
import type { StatusState } from '../../core/report/status-shape.ts';
import { Ledgers } from '../ledgers.ts';
import type { ObjectStore } from '../ports.ts';

/** One living cluster as the ledger knows it. */
export interface LivingCluster {
  readonly user: string;
  /** Its path below the user's folder. */
  readonly name: string;
  readonly bucket: string;
  readonly path: string;
  readonly state: StatusState;
  readonly address: string | null;
  readonly began: string;
  readonly ends: string;
  /** At worst; `null` is unknown. */
  readonly usdPerHour: number | null;
  readonly stack: string;
  readonly stackId: string | null;
}

export interface UserTotal {
  readonly user: string;
  readonly clusters: number;
  readonly usdPerHour: number | null;
  /** Spent this month and promised until the ends. */
  readonly usdThisMonth: number | null;
}

export interface LivingClusters {
  readonly clusters: readonly LivingCluster[];
  readonly totals: readonly UserTotal[];
}

/** Every living cluster of every user, from the ledgers: what users cannot forge. */
export async function listClusters(admin: ObjectStore, now: Instant): Promise<LivingClusters> {
  const ledgers = new Ledgers(admin);
  const clusters: LivingCluster[] = [];
  const totals: UserTotal[] = [];
  for (const user of (await ledgers.users()).toSorted()) {
    const ledger = await ledgers.read(user);
    const living = Object.values(ledger.clusters).filter(isLiving).map(livingCluster);
    const { usdThisMonth } = totalsOf(ledger, now);
    if (living.length === 0 && usdThisMonth === 0) continue;
    clusters.push(...living.toSorted((a, b) => (a.path < b.path ? -1 : 1)));
    totals.push({
      user,
      clusters: living.length,
      usdPerHour: sum(living.map((one) => one.usdPerHour)),
      usdThisMonth,
    });
  }
  return { clusters, totals };
}

/** `null` as soon as one amount is not known: unknown is never nothing. */
export function sum(amounts: readonly (number | null)[]): number | null {
  return amounts.reduce<number | null>((all, one) => (all === null || one === null ? null : all + one), 0);
}

function livingCluster(entry: Entry): LivingCluster {
  const { cluster } = entry;
  return {
    user: cluster.user,
    name: cluster.path.slice(`home/${cluster.user}/`.length),
    bucket: cluster.bucket,
    path: cluster.path,
    state: stateOf(entry),
    address: entry.address ?? null,
    began: isoOf(entry.reservedAt),
    ends: isoOf(entry.endsAt),
    usdPerHour: entry.price.usdPerHour,
    stack: entry.stackName,
    stackId: entry.stackId ?? null,
  };
}

function stateOf(entry: Entry): StatusState {
  if (entry.stuckTold !== undefined) return 'stuck';
  if (entry.failure) return 'failed';
  if (entry.ending) return 'stopping';
  if (entry.readyAt === undefined) return 'starting';
  return entry.update && !entry.update.failure ? 'updating' : 'running';
}
