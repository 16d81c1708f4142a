import { DEFAULT_LIMITS, type Limits, readLimits } from '../../core/limits.ts';
import { nearest } from '../../core/nearest.ts';
import { ProblemError, problem } from '../../core/problems.ts';

export type LimitName = Exclude<keyof Limits, 'version'>;

export const LIMIT_NAMES: readonly LimitName[] = [
  ...(Object.keys(DEFAULT_LIMITS) as (keyof Limits)[]).filter((name) => name !== 'version'),
  'frozen',
];

/** @throws ProblemError `unknown-limit`, with the nearest one */
export function limitName(text: string): LimitName {
  const name = LIMIT_NAMES.find((one) => one.toLowerCase() === text.trim().toLowerCase());
  if (name !== undefined) return name;
  throw new ProblemError(
    problem('unknown-limit', { found: text, nearest: nearest(text, LIMIT_NAMES)[0], known: LIMIT_NAMES }),
  );
}

/** A value as a person types it, read as what this limit is: `t3.*,r4.*`, `25`, `none`, `yes`, `30d`. @throws ProblemError `bad-limit` */
export function limitValue(name: LimitName, text: string): unknown {
  const value = typed(name, text.trim());
  const read = readLimits({ version: 1, [name]: value });
  if (text.trim() !== '' && 'limits' in read) return value;
  const what = 'problems' in read ? whatOf(read.problems[0]?.message) : 'must have a value';
  throw new ProblemError(problem('bad-limit', { limit: name, found: text, what }));
}

function typed(name: LimitName, text: string): unknown {
  const sample: unknown = name === 'frozen' ? '' : DEFAULT_LIMITS[name];
  if (Array.isArray(sample)) return listOf(text);
  if (typeof sample === 'string') return text;
  if (typeof sample === 'boolean')
    return /^(?:true|yes|on)$/i.test(text) ? true : /^(?:false|no|off)$/i.test(text) ? false : text;
  if (/^(?:null|none|no limit|unlimited)$/i.test(text)) return null;
  return /^[+-]?\d+(?:\.\d+)?$/.test(text) ? Number(text) : text;
}

/** `none` is the list of nothing: a blank text is rather a slip. */
function listOf(text: string): string[] {
  if (/^none$/i.test(text)) return [];
  return text.split(',').map((one) => one.trim());
}

/** "limits, clusters: must be …" -> "must be …" */
function whatOf(message = ''): string {
  return message.slice(message.indexOf(': ') + 2);
}
