import type { Entry } from '../entry.ts';
import type { Instant } from '../instant.ts';
import type { LivingStack } from '../observed.ts';
import { rulingFile } from './ruling-file.ts';
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
  if (stack.kind !== 'absent' && stack.kind !== 'foreign') {
    const going = goingDown(
      stack,
      entry,
      decision.step.kind === 'remove-stack' ? decision.step.ending : undefined,
    );
    if (going) return going;
    // A .cf-delete rules from the moment that it is there, whatever the stack does.
    if (ruling?.action === 'delete') return { state: 'stopping', since: ruling.file.at };
    return alive(stack, entry);
  }
  if (decision.step.kind === 'finish' && ruling?.action !== 'create') {
    return { state: 'gone', since: entry?.endedAt ?? ruling?.file.at };
  }
  if (entry?.failure) return { state: 'failed', since: entry.endedAt ?? entry.ending?.at };
  if (decision.step.kind === 'refuse' || answer?.outcome === 'refused') {
    return { state: 'refused', since: ruling?.file.at };
  }
  if (stack.kind === 'foreign') return { state: 'stuck', since: undefined };
  if (
    ruling?.action === 'create' &&
    !(entry && entry.endedAt === undefined && entry.drop.id === ruling.file.id)
  ) {
    return { state: 'waiting', since: ruling.file.at };
  }
  if (!entry || entry.endedAt !== undefined || entry.stackId !== undefined) {
    return { state: 'gone', since: entry?.endedAt ?? entry?.ending?.at ?? ruling?.file.at };
  }
  return ruling?.action === 'delete'
    ? { state: 'stopping', since: ruling.file.at }
    : { state: 'starting', since: entry.reservedAt };
}

/** A stack that is on its way out, or that nothing can be said of. */
function goingDown(
  stack: LivingStack,
  entry: Entry | undefined,
  removing: string | undefined,
): StateSince | undefined {
  const since = entry?.ending?.at;
  if (stack.kind === 'stuck') {
    const retrying = entry?.ending !== undefined && entry.stuckTold === undefined;
    return retrying ? { state: 'stopping', since } : { state: 'stuck', since: entry?.stuckTold ?? since };
  }
  const asked = entry?.ending !== undefined && entry.ending.why !== 'failed';
  // Rolled back before it ever was a cluster: its owner should hear that at once, not when the rollback is over.
  if (!asked && (stack.kind === 'stillborn' || stack.status.startsWith('ROLLBACK_') || entry?.failure))
    return { state: 'failed', since };
  if (stack.kind === 'stopping' || entry?.ending || removing !== undefined)
    return { state: 'stopping', since };
  return undefined;
}

function alive(stack: LivingStack, entry: Entry | undefined): StateSince {
  const begun = entry?.reservedAt ?? stack.createdAt;
  if (stack.kind === 'starting' || entry?.readyAt === undefined) return { state: 'starting', since: begun };
  const change = entry.update;
  if (change && !change.failure) return { state: 'updating', since: change.drop.at };
  return { state: stack.kind === 'updating' ? 'updating' : 'running', since: entry.readyAt };
}
