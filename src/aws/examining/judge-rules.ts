import { fail, type Verdict } from '../../core/finding.ts';

/** One rule of EventBridge that hands events on to us. */
export interface RuleFacts {
  readonly name: string;
  readonly region: string;
  readonly isEnabled: boolean;
  /** What it lets through, as JSON. */
  readonly pattern: string;
}

export interface RuleNeeds {
  readonly source: 'aws.s3' | 'aws.cloudformation';
  readonly region: string;
  /** Where events must get to: "the queue". */
  readonly target: string;
  /** Every one of these must be let through; empty for a source that has no buckets. */
  readonly buckets: readonly string[];
  /** What does not happen otherwise. */
  readonly otherwise: string;
}

/** What is wrong; nothing when every event gets there. @param again what brings everything of ours back: a sentence with a command */
export function judgeRules(rules: readonly RuleFacts[], needs: RuleNeeds, again: string): readonly Verdict[] {
  const { source, region, target, buckets } = needs;
  const fitting = rules.filter(({ pattern }) => sourcesIn(pattern).includes(source));
  if (fitting.length === 0)
    return [fail(`no rule in ${region} hands events of ${source} to ${target}: ${needs.otherwise}`, again)];
  const disabled = fitting.filter(({ isEnabled }) => !isEnabled);
  const enabled = fitting.filter(({ isEnabled }) => isEnabled);
  const uncovered = buckets.filter((bucket) => !enabled.some(({ pattern }) => letsThrough(pattern, bucket)));
  if (disabled.length > 0) return disabled.map((rule) => disabledRule(rule, needs.otherwise));
  if (uncovered.length > 0)
    return [
      fail(`no rule in ${region} lets events of ${uncovered.join(', ')} through: ${needs.otherwise}`, again),
    ];
  return [];
}

/** What wakes a function by the clock. @param otherwise what does not happen without it */
export function judgeSchedule(
  rules: readonly RuleFacts[],
  { name, otherwise }: { readonly name: string; readonly otherwise: string },
  again: string,
): readonly Verdict[] {
  if (rules.length === 0) return [fail(`nothing wakes ${name}: ${otherwise}`, again)];
  return rules.filter(({ isEnabled }) => !isEnabled).map((rule) => disabledRule(rule, otherwise));
}

function disabledRule({ name, region }: RuleFacts, otherwise: string): Verdict {
  return fail(
    `the rule ${name} is disabled: ${otherwise}`,
    `Enable it:\n  aws events enable-rule --name ${name} --region ${region}`,
  );
}

interface Pattern {
  readonly source?: unknown;
  readonly detail?: { readonly bucket?: { readonly name?: unknown } };
}

function sourcesIn(pattern: string): readonly unknown[] {
  return listOf((parsed(pattern) as Pattern).source);
}

/** Only plain names are judged; a pattern of another kind is left to whoever wrote it. */
function letsThrough(pattern: string, bucket: string): boolean {
  const names = listOf((parsed(pattern) as Pattern).detail?.bucket?.name);
  return names.length === 0 || names.includes(bucket) || names.some((name) => typeof name !== 'string');
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function parsed(pattern: string): object {
  try {
    return Object(JSON.parse(pattern)) as object;
  } catch {
    return {};
  }
}
