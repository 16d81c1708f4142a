import type { AwsLifeConditions } from './aws-life-account.ts';
import type { AwsLives } from './measure-aws-lives.ts';

type Calls = readonly { readonly operation: string }[];

/** How often each was called, in order of name. */
export function talliedCalls(calls: Calls): string {
  const counts = new Map<string, number>();
  for (const { operation } of calls) counts.set(operation, (counts.get(operation) ?? 0) + 1);
  return [...counts]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([operation, count]) => `${count} ${operation}`)
    .join(', ');
}

/** A sentence when a cluster's life costs us more or less calls under some conditions than under others; that it never does is promised. */
export function inconstancy(
  lives: readonly (AwsLifeConditions & {
    readonly ours: { readonly life: { readonly calls: Calls; readonly invocations: number } };
  })[],
): string | undefined {
  const told = lives.map(({ minutes, others, ours: { life } }) => ({
    when: `with ${minutes} minutes of creation and ${others} other stacks`,
    cost: `${life.invocations} invocations and ${talliedCalls(life.calls)}`,
  }));
  const [first] = told;
  const other = told.find(({ cost }) => cost !== first?.cost);
  return (
    first &&
    other &&
    `a cluster's life must cost the same everywhere, but it costs ${first.cost} ${first.when}, and ${other.cost} ${other.when}`
  );
}

/** Markdown, line by line. */
export function awsLivesTable({ rows, warm }: AwsLives): readonly string[] {
  const kB = (bytes: number) => (bytes / 1000).toFixed(0);
  const first = rows[0]?.ours.life;
  const shortest = rows.filter(({ minutes }) => minutes === rows[0]?.minutes);
  return [
    "A cluster's life on AWS, from its drop to its deletion, counted on an emulator. The old way is a model, made from what is publicly known of it.",
    '',
    '| creation takes, minutes | other stacks | AWS calls: ours | old way | function-seconds: ours | old way | kB answered: ours | old way |',
    '|---|---|---|---|---|---|---|---|',
    ...rows.map(
      ({ minutes, others, ours: { life }, old }) =>
        `| ${minutes} | ${others} | ${life.calls.length} | ${old.calls.length} | ${life.seconds.toFixed(1)} | ${old.seconds.toFixed(0)} | ${kB(life.bytes)} | ${kB(old.bytes)} |`,
    ),
    '',
    `Ours, in each row: ${talliedCalls(first?.calls ?? [])}, in ${first?.invocations} invocations that each begin with nothing known; in a function that remembers, ${warm.calls.length} calls and ${kB(warm.bytes)} kB.`,
    '',
    '| sweep with one cluster running, other stacks | AWS calls | of these | seconds |',
    '|---|---|---|---|',
    ...shortest.map(
      ({ others, ours: { sweep } }) =>
        `| ${others} | ${sweep.calls.length} | ${talliedCalls(sweep.calls)} | ${sweep.seconds.toFixed(2)} |`,
    ),
  ];
}
