import { DEFAULT_LIMITS, type Limits, type LimitsFile, limitsFor } from '../../core/limits.ts';
import { limitsFile } from '../limits-of.ts';
import type { ObjectStore } from '../ports.ts';
import { EVERYBODY } from './change-limits.ts';
import { LIMIT_NAMES, type LimitName } from './limit-value.ts';

export interface EffectiveLimit {
  readonly limit: LimitName;
  /** `null` is no limit; `undefined`, of `frozen`: not frozen. */
  readonly value: Limits[LimitName];
  /** As shipped, from everybody's file, or from the user's own. */
  readonly from: 'shipped' | 'default' | 'user';
}

/** What holds, and which file says so. Without a user: what holds for those without limits of their own. */
export async function effectiveLimits(
  admin: ObjectStore,
  user: string | undefined,
): Promise<EffectiveLimit[]> {
  const everybody = await limitsFile(admin, EVERYBODY);
  const own: LimitsFile = user === undefined ? {} : await limitsFile(admin, user);
  const limits = limitsFor(everybody, own);
  return LIMIT_NAMES.filter((limit) => limit in limits || limit in DEFAULT_LIMITS).map((limit) => ({
    limit,
    value: limits[limit],
    from: fromOf(limit, everybody, own),
  }));
}

function fromOf(limit: LimitName, everybody: LimitsFile, own: LimitsFile): EffectiveLimit['from'] {
  // A freeze of everybody holds whatever a user's file says.
  if (limit === 'frozen' && everybody.frozen) return 'default';
  return own[limit] !== undefined ? 'user' : everybody[limit] !== undefined ? 'default' : 'shipped';
}
