import { ProblemError, problem } from '../../core/problems.ts';
import type { EndedCluster } from '../ended-clusters.ts';
import { readJsonObject } from '../json-object.ts';
import type { ObjectStore } from '../ports.ts';
import { sum } from './list-clusters.ts';

export interface UserHistory {
  readonly user: string;
  readonly clusters: readonly EndedCluster[];
  /** At most, by list prices; `null` is unknown. */
  readonly usd: number | null;
}

const FOLDER = 'ledger/ended/';

/** Months with ended clusters, the newest first. */
export async function endedMonths(admin: ObjectStore): Promise<string[]> {
  const months: string[] = [];
  for await (const page of admin.list(FOLDER))
    months.push(...page.folders.map((folder) => folder.slice(FOLDER.length, -1)));
  return months.toSorted().toReversed();
}

/** Clusters that ended in a month, by user. @throws ProblemError `bad-month` */
export async function endedHistory(admin: ObjectStore, month: string): Promise<UserHistory[]> {
  if (!/^\d{4}-(?:0[1-9]|1[0-2])$/.test(month))
    throw new ProblemError(problem('bad-month', { found: month, known: await endedMonths(admin) }));
  const histories: UserHistory[] = [];
  for await (const page of admin.list(`${FOLDER}${month}/`))
    for (const { key } of page.objects) {
      const listed = (await readJsonObject(admin, key))?.value['clusters'];
      const clusters = Array.isArray(listed) ? (listed as EndedCluster[]) : [];
      const user = key.slice(key.lastIndexOf('/') + 1, -'.json'.length);
      histories.push({ user, clusters, usd: sum(clusters.map((one) => one.usd)) });
    }
  return histories;
}
