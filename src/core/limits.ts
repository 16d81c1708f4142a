import { durationOf } from './duration.ts';
import { type Problem, problem } from './problems.ts';

/** What one user may have. Money is in USD; `null` means no limit. Its JSON Schema is `schemas/limits.schema.json`. */
export interface Limits {
  readonly version: 1;
  /** Clusters at once. */
  readonly clusters: number;
  /** Compute nodes of one cluster. */
  readonly nodes: number;
  /** Types of login and compute nodes; `*` stands for anything, `?` for one character. */
  readonly instanceTypes: readonly string[];
  /** Disk of one login node, GB. */
  readonly diskGb: number;
  /** Highest cap per node hour on the spot market. */
  readonly spotPrice: number | null;
  /** Whether compute nodes may be on demand. */
  readonly onDemand: boolean;
  /** Worst case of one cluster per hour. */
  readonly usdPerHour: number | null;
  /** Spent in a month and promised until the ends of all clusters. */
  readonly usdPerMonth: number | null;
  readonly blueprints: readonly string[];
  /** Domains that mail may go to besides the registered address. */
  readonly mailDomains: readonly string[];
  /** `30d`. */
  readonly longestLifetime: string;
  /** Why no new cluster may be started; absent means that they may. */
  readonly frozen?: string;
}

/** What one file of limits says: any part of them. */
export type LimitsFile = { readonly [K in keyof Limits]?: Limits[K] };

/** As installed: enough for the example of the quick start guide, not enough for an expensive slip of the pen. */
export const DEFAULT_LIMITS: Limits = {
  version: 1,
  clusters: 3,
  nodes: 50,
  instanceTypes: ['*'],
  diskGb: 1024,
  spotPrice: 1,
  onDemand: true,
  usdPerHour: 25,
  usdPerMonth: 1000,
  blueprints: ['slurm', 'alces-flight'],
  mailDomains: [],
  longestLifetime: '30d',
};

const LONGEST_TEXT = 500;
type Check = (value: unknown) => string | undefined;

const count: Check = (v) =>
  Number.isInteger(v) && Number(v) >= 0 ? undefined : 'must be a whole number, at least 0';
const usd: Check = (v) =>
  v === null || (typeof v === 'number' && v >= 0 && Number.isFinite(v))
    ? undefined
    : 'must be an amount in USD, or null for no limit';
const texts: Check = (v) =>
  Array.isArray(v) && v.every((one) => typeof one === 'string' && one !== '')
    ? undefined
    : 'must be a list of texts';

const CHECKS: Readonly<Record<keyof Limits, Check>> = {
  // A newer format is read as far as possible.
  version: (v) => (Number.isInteger(v) ? undefined : 'must be 1'),
  clusters: count,
  nodes: count,
  instanceTypes: texts,
  diskGb: count,
  spotPrice: usd,
  onDemand: (v) => (typeof v === 'boolean' ? undefined : 'must be true or false'),
  usdPerHour: usd,
  usdPerMonth: usd,
  blueprints: texts,
  mailDomains: texts,
  longestLifetime: (v) =>
    typeof v === 'string' && durationOf(v) ? undefined : 'must be a length of time such as "30d"',
  frozen: (v) =>
    typeof v === 'string' && v.length <= LONGEST_TEXT ? undefined : 'must be a short text: the reason',
};

/** Reads `limits/default.json` or `limits/<user>.json`. A limit that cannot be read is a problem, never "no limit". */
export function readLimits(
  json: unknown,
): { readonly limits: LimitsFile } | { readonly problems: readonly Problem[] } {
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    return { problems: [problem('bad-limits', { where: '', what: 'must be an object in { }' })] };
  const entries = Object.entries(json).filter(([key]) => key !== '$schema' && !key.startsWith('//'));
  const version: unknown = Object.hasOwn(json, 'version') ? (json as Record<string, unknown>)['version'] : 1;
  const problems = entries.flatMap(([key, value]) => {
    const what = Object.hasOwn(CHECKS, key) ? CHECKS[key as keyof Limits](value) : unknownKey(version);
    return what === undefined ? [] : [problem('bad-limits', { where: key, what })];
  });
  if (problems.length > 0) return { problems };
  return { limits: Object.fromEntries(entries.filter(([key]) => Object.hasOwn(CHECKS, key))) as LimitsFile };
}

/** The user's file over the default file over what is shipped, key by key. A freeze of the default holds for everybody. */
export function limitsFor(defaultLimits: LimitsFile = {}, userLimits: LimitsFile = {}): Limits {
  const frozen = defaultLimits.frozen || userLimits.frozen;
  const { frozen: _, ...merged } = { ...DEFAULT_LIMITS, ...defaultLimits, ...userLimits };
  return { ...merged, version: 1, ...(frozen && { frozen }) };
}

/** Whether `text` fits one of the patterns, of which `*` and `?` are the only special characters; letter case does not count. */
export function fitsGlob(text: string, globs: readonly string[]): boolean {
  return globs.some((glob) => {
    const literal = glob.trim().replace(/[.+^${}()|[\]\\]/g, '\\$&');
    return new RegExp(`^${literal.replace(/\*+/g, '.*').replaceAll('?', '.')}$`, 'i').test(text);
  });
}

function unknownKey(version: unknown): string | undefined {
  return version === 1 ? 'is no limit that is known' : undefined;
}
