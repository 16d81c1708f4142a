import { fail, type Verdict, warn } from '../../core/finding.ts';

/** In Lambda's own words: https://docs.aws.amazon.com/lambda/latest/api/API_GetFunctionConfiguration.html */
export interface FunctionFacts {
  readonly name: string;
  readonly region: string;
  readonly state?: string | undefined;
  readonly stateReason?: string | undefined;
  readonly lastUpdate?: string | undefined;
  readonly lastUpdateReason?: string | undefined;
}

/** What is wrong with a function that is there; nothing when it runs. */
export function judgeFunction(facts: FunctionFacts, again: string): readonly Verdict[] {
  const { name, state, stateReason = 'no reason is given', lastUpdate, lastUpdateReason } = facts;
  if (state === 'Failed') return [fail(`${name} cannot run: ${stateReason}`, again)];
  if (state === 'Pending') return [warn(`${name} is being made`, 'Wait a minute, and look again.')];
  if (lastUpdate === 'Failed')
    return [
      warn(`${name} runs, but its last change failed: ${lastUpdateReason ?? 'no reason is given'}`, again),
    ];
  return [];
}

/** What hands messages of the queue to the function. */
export interface MappingFacts {
  readonly id: string;
  readonly region: string;
  readonly state: string;
  /** What became of the last batch, in Lambda's words. */
  readonly lastResult?: string | undefined;
}

export function judgeMappings(
  mappings: readonly MappingFacts[],
  name: string,
  again: string,
): readonly Verdict[] {
  const nobody = `${name} takes nothing out of the queue`;
  if (mappings.length === 0) return [fail(`${nobody}: nothing connects the two`, again)];
  return mappings.flatMap(({ id, region, state, lastResult = '' }) => {
    if (state.startsWith('Disabl'))
      return [
        fail(
          `${nobody}: that is switched off, and drops are attended to only while "clusterdrop serve" runs somewhere`,
          `Switch it on:\n  aws lambda update-event-source-mapping --uuid ${id} --enabled --region ${region}`,
        ),
      ];
    if (lastResult.startsWith('PROBLEM')) return [fail(`${nobody}: ${lastResult}`, again)];
    if (state !== 'Enabled')
      return [
        warn(`${name} and the queue are just being connected (${state})`, 'Wait a minute, and look again.'),
      ];
    return [];
  });
}
