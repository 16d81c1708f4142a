import type { Instant } from '../core/instant.ts';
import { MINUTE } from '../core/instant.ts';
import { answerMisdrop } from './misdrop.ts';
import { post } from './post.ts';
import { reconcile } from './reconcile.ts';
import type { Nudge } from './sweep.ts';
import type { World } from './world.ts';

const MAIL_RETRY = MINUTE;

/** Follows up one nudge, wherever it came from. @returns when to look again even if nothing else happens. */
export async function attend(world: World, nudge: Nudge): Promise<Instant | undefined> {
  switch (nudge.kind) {
    case 'cluster':
      return (await reconcile(world, nudge.cluster)).again;
    case 'misdrop':
      await answerMisdrop(world, nudge.bucket, nudge.file);
      return undefined;
    case 'mail':
      return (await post(world, nudge.user)) > 0 ? world.clock.now() + MAIL_RETRY : undefined;
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
