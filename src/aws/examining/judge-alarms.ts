import { fail, ok, type Verdict, warn } from '../../core/finding.ts';
import { readableOf } from '../../core/instant.ts';

export interface AlarmFacts {
  readonly name: string;
  /** CloudWatch's own word: `OK`, `ALARM`, `INSUFFICIENT_DATA`. */
  readonly state: string;
  readonly reason: string;
  /** What whoever made it wrote about it. */
  readonly about?: string;
  readonly since: number;
  /** It tells somebody. */
  readonly isHeard: boolean;
}

/** @param again what brings everything of ours back: a sentence with a command */
export function judgeAlarms(alarms: readonly AlarmFacts[], again: string): readonly Verdict[] {
  if (alarms.length === 0) return [warn('there are none: nobody is told when something breaks', again)];
  const ringing = alarms.filter(({ state }) => state === 'ALARM');
  const mute = alarms.filter(({ isHeard }) => !isHeard).map(({ name }) => name);
  const wrong = ringing.map(({ name, since, reason, about }) =>
    fail(
      `${name} rings since ${readableOf(since)}: ${reason}`,
      [...(about === undefined ? [] : [about]), 'docs/operations.md has a section for each alarm.'].join(
        '\n',
      ),
    ),
  );
  if (mute.length > 0)
    wrong.push(
      warn(
        `${mute.join(', ')} ${mute.length === 1 ? 'tells' : 'tell'} nobody`,
        'Switch their actions on:\n' +
          `  aws cloudwatch enable-alarm-actions --alarm-names ${mute.join(' ')}`,
      ),
    );
  return wrong.length > 0
    ? wrong
    : [ok(`${alarms.length === 1 ? '1 is' : `${alarms.length} are`} set, none rings`)];
}
