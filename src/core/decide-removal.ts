import { type Decision, wait } from './decision.ts';
import type { EndingWhy, Entry } from './entry.ts';
import { headOf } from './explained.ts';
import { HOUR, type Instant, MINUTE } from './instant.ts';
import type { DropFile, LivingStack } from './observed.ts';

/** Pauses before a failed deletion is tried again; after the last it is the administrator's. */
const DELETION_RETRIES = [MINUTE, 10 * MINUTE, HOUR];

/**
 * Delete the stack now, or wait for the next attempt, or leave it to the administrator, who has a `.cf-delete` dropped anew when it is
 * mended: that is one more attempt. `remove`: the one that lies there.
 */
export function removal(
  stack: LivingStack,
  entry: Entry | undefined,
  ending: EndingWhy,
  now: Instant,
  remove?: DropFile,
): Decision {
  if (stack.kind === 'stopping') return wait('the cluster is being taken down');
  const attempts = entry?.ending?.attempts ?? 0;
  const refusal = entry?.ending?.refusal;
  if ((stack.kind === 'stuck' || refusal !== undefined) && attempts > 0) {
    const reason = stack.cause ? `${stack.cause.resource}: ${headOf(stack.cause.reason)}` : refusal;
    const cause = reason === undefined ? '' : `: ${reason}`;
    const pause = DELETION_RETRIES[attempts - 1];
    if (pause === undefined) {
      if (entry?.stuckTold === undefined)
        return { step: { kind: 'note-stuck' }, why: `the cluster could not be taken down${cause}` };
      if (remove && remove.id !== entry.ending?.asked)
        return {
          step: { kind: 'remove-stack', ending },
          why: 'the cluster is to be deleted, as asked once more',
        };
      return wait(`the cluster could not be taken down${cause}; the administrator has been told`, now + HOUR);
    }
    const due = (entry?.ending?.lastAttempt ?? 0) + pause;
    if (now < due) return wait(`taking the cluster down failed${cause}; trying again`, due);
  }
  return { step: { kind: 'remove-stack', ending }, why: ENDINGS[ending] };
}

const ENDINGS: Readonly<Record<EndingWhy, string>> = {
  asked: 'the cluster is to be deleted, as asked',
  expired: 'the cluster has reached its end',
  idle: 'nobody has used the cluster for as long as its IdleTimeout says',
  replaced: 'the earlier cluster is deleted first, as asked',
  outside: 'the stack was removed by somebody else',
  failed: 'what is left of the failed attempt is cleared away',
};

export function givenUp(entry: Entry | undefined): boolean {
  return (entry?.ending?.attempts ?? 0) > DELETION_RETRIES.length;
}
