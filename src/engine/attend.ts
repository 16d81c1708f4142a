import type { Instant } from '../core/instant.ts';
import { MINUTE } from '../core/instant.ts';
import { answerMisdrop } from './misdrop.ts';
import { post } from './post.ts';
import { reconcile } from './reconcile.ts';
import type { Nudge } from './sweep.ts';
import type { World } from './world.ts';

const MAIL_RETRY = MINUTE;

export interface Attended {
  /** What changed after that has not been seen. */
  readonly seen: Instant;
  /** Look again then, even if nothing else happens. */
  readonly again?: Instant;
}

/** Follows up one nudge, wherever it came from. */
export async function attend(world: World, nudge: Nudge): Promise<Attended> {
  const seen = world.clock.now();
  switch (nudge.kind) {
    case 'cluster':
      return reconcile(world, nudge.cluster);
    case 'misdrop':
      await answerMisdrop(world, nudge.bucket, nudge.file);
      return { seen };
    case 'mail':
      return (await post(world, nudge.user)) > 0 ? { seen, again: seen + MAIL_RETRY } : { seen };
  }
}

/** Equal for nudges that come to the same work. */
export function nudgeKey(nudge: Nudge): string {
  switch (nudge.kind) {
    case 'cluster':
      return `cluster ${nudge.cluster.bucket}/${nudge.cluster.path}`;
    case 'misdrop':
      return `misdrop ${nudge.bucket}/${nudge.file.key}`;
    case 'mail':
      return `mail ${nudge.user}`;
  }
}
