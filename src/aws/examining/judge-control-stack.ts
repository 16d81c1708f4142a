import { fail, ok, type Verdict, warn } from '../../core/finding.ts';
import { type Cause, type StackState, stackStateOf } from '../../core/stack-status.ts';

export interface ControlStackFacts {
  readonly name: string;
  readonly region: string;
  /** CloudFormation's own word; `undefined`: there is no such stack. */
  readonly status?: string;
  /** Of what went wrong last. */
  readonly cause?: Cause;
}

const MOVING: Readonly<Partial<Record<StackState, string>>> = {
  starting: 'is being made',
  updating: 'is being changed',
  stopping: 'is being taken down',
};

/** @param again what brings everything of ours back: a sentence with a command */
export function judgeControlStack(facts: ControlStackFacts, again: string): Verdict {
  const { name, region, status, cause } = facts;
  if (status === undefined) return fail(`${name} is missing in ${region}`, again);
  const why = cause ? `: ${cause.resource}, ${cause.reason}` : '';
  const state = stackStateOf(status);
  const moving = MOVING[state];
  if (moving !== undefined)
    return warn(`${name} ${moving} (${status})`, 'Wait until that has come to its end, and look again.');
  if (state !== 'running')
    return fail(
      `${name} in ${region} is in no good state (${status})${why}`,
      `Mend what is named there, then ${again.charAt(0).toLowerCase()}${again.slice(1)}`,
    );
  if (status.includes('ROLLBACK'))
    return warn(
      `${name} works, but its last change was undone${why}`,
      `Mend that, then change it again. ${again}`,
    );
  return ok(`${name} stands`);
}

/** Words in which something went wrong, so that its history is worth reading. */
export function hasCause(status: string): boolean {
  return /ROLLBACK|FAILED/.test(status);
}
