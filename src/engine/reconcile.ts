import { decide } from '../core/decide.ts';
import { decideUnseen } from '../core/decide-unseen.ts';
import type { Decision } from '../core/decision.ts';
import type { Cluster } from '../core/identity.ts';
import type { Instant } from '../core/instant.ts';
import { MINUTE } from '../core/instant.ts';
import { observe } from './observe.ts';
import { Throttled } from './ports.ts';
import { takeStep } from './take-step.ts';
import type { World } from './world.ts';
import { writeStatus } from './write-status.ts';

/** More steps than any story needs: past that something undoes what we do, and the next nudge goes on. */
const MOST_STEPS = 20;
const SLOWED_DOWN = MINUTE / 12;

/** `again`: look once more then, even if no event says so. */
export interface Reconciled {
  readonly decision: Decision;
  /** The last look began then: what changed since has not been seen. */
  readonly seen: Instant;
  readonly again?: Instant;
}

/**
 * Observe, decide, take one step, until nothing changes. Called as often as anyone likes, by any event, for any name:
 * what the event said is never looked at. Never waits for a stack.
 */
export async function reconcile(world: World, cluster: Cluster): Promise<Reconciled> {
  let now = world.clock.now();
  try {
    for (let steps = 1; ; steps++) {
      now = world.clock.now();
      const sight = await observe(world, cluster);
      const { unseen } = sight;
      const decision = unseen ? decideUnseen(sight.observed, now) : decide(sight.observed, now);
      if (!decision) throw unseen;
      world.log.turn(cluster, decision);
      const outcome = await takeStep({ world, cluster, sight, decision, now });
      if (outcome !== 'changed') {
        const { create, remove, entry } = sight.observed;
        // Without any of them there is nothing to tell; what was told last stays. So it does where nobody may look.
        if (!unseen && (create || remove || entry))
          await writeStatus(world, cluster, sight.observed, decision);
        return { decision, seen: now, ...outcome };
      }
      if (steps === MOST_STEPS) return { decision, seen: now, again: now + SLOWED_DOWN };
    }
  } catch (error) {
    if (!(error instanceof Throttled)) throw error;
    const decision: Decision = { step: { kind: 'rest' }, why: 'AWS asks us to slow down; going on shortly' };
    world.log.turn(cluster, decision);
    return { decision, seen: now, again: world.clock.now() + SLOWED_DOWN };
  }
}
