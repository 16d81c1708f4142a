import { type Entry, isLiving } from '../entry.ts';
import type { Instant } from '../instant.ts';
import type { LivingStack } from '../observed.ts';
import { carries, rulingFile } from '../ruling-file.ts';
import type { StatusInput } from './status-input.ts';
import type { StatusState } from './status-shape.ts';

export interface StateSince {
  readonly state: StatusState;
  /** From the ledger, the stack or a file, never from the clock: the same until the state changes. */
  readonly since: Instant | undefined;
}

/** How a cluster looks to its owner now. */
export function stateOf({ observed, decision, answer }: StatusInput): StateSince {
  const { stack, entry } = observed;
  const ruling = rulingFile(observed);
  const wanted = ruling?.action === 'create' && !isLivingFor(entry, ruling.file.id) ? ruling.file : undefined;
  const waiting = wanted && ({ state: 'waiting', since: wanted.at } as const);
  if (stack.kind !== 'absent' && stack.kind !== 'foreign') {
    const asked = ruling?.action === 'delete' ? ruling.file.at : undefined;
    const down = goingDown(stack, entry, {
      asked: asked !== undefined,
      removing: decision.step.kind === 'remove-stack',
    });
    if (!down) return alive(stack, entry);
    // Nobody who has asked for a new cluster cares how the end of the old one is called.
    if (waiting && down !== 'stuck') return waiting;
    const since = (down === 'stuck' ? entry?.stuckTold : undefined) ?? entry?.ending?.at ?? asked;
    return { state: down, since };
  }
  const refused = decision.step.kind === 'refuse' || answer?.outcome === 'refused';
  if (waiting && !refused) return waiting;
  const gone = { state: 'gone', since: entry?.endedAt ?? entry?.ending?.at ?? ruling?.file.at } as const;
  if (decision.step.kind === 'finish') return gone;
  if (entry?.failure) return { state: 'failed', since: entry.endedAt ?? entry.ending?.at };
  if (refused) return { state: 'refused', since: ruling?.file.at };
  if (stack.kind === 'foreign') return { state: 'stuck', since: undefined };
  if (!entry || !isLiving(entry) || entry.stackId !== undefined) return gone;
  return ruling?.action === 'delete'
    ? { state: 'stopping', since: ruling.file.at }
    : { state: 'starting', since: entry.reservedAt };
}

function isLivingFor(entry: Entry | undefined, drop: string): boolean {
  return entry !== undefined && isLiving(entry) && carries(entry, drop);
}

/** A stack that is on its way out, or that nothing can be said of. */
function goingDown(
  stack: LivingStack,
  entry: Entry | undefined,
  { asked, removing }: { readonly asked: boolean; readonly removing: boolean },
): 'stuck' | 'failed' | 'stopping' | undefined {
  const ending = entry?.ending;
  // CloudFormation would not take it down: to its own status nothing has happened.
  if (ending?.refusal !== undefined && entry?.stuckTold !== undefined) return 'stuck';
  if (stack.kind === 'stuck') return ending && entry.stuckTold === undefined ? 'stopping' : 'stuck';
  if (asked || (ending && ending.why !== 'failed')) return 'stopping';
  // Rolled back before it ever was a cluster: its owner should hear that at once, not when the rollback is over.
  if (stack.kind === 'stillborn' || stack.status.startsWith('ROLLBACK_') || entry?.failure) return 'failed';
  return stack.kind === 'stopping' || ending || removing ? 'stopping' : undefined;
}

function alive(stack: LivingStack, entry: Entry | undefined): StateSince {
  const begun = entry?.reservedAt ?? stack.createdAt;
  if (stack.kind === 'starting' || entry?.readyAt === undefined) return { state: 'starting', since: begun };
  const change = entry.update;
  if (change && !change.failure) return { state: 'updating', since: change.drop.at };
  return { state: stack.kind === 'updating' ? 'updating' : 'running', since: entry.readyAt };
}
