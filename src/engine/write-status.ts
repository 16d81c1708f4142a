import type { Decision } from '../core/decision.ts';
import { type Cluster, replyKey } from '../core/identity.ts';
import type { Observed } from '../core/observed.ts';
import type { Problem } from '../core/problems.ts';
import { renderStatus, statusOf } from '../core/report/status-file.ts';
import { textOf } from './json-object.ts';
import { isInTheWay } from './problems-of.ts';
import { readReply } from './read-reply.ts';
import { storeOf, type World } from './world.ts';

/** How a drop was answered whose file is about to go. */
export interface DropAnswer {
  readonly drop: string;
  readonly action: 'create' | 'delete';
  readonly outcome: 'refused' | 'done';
  readonly problems: readonly Problem[];
}

/** More than a status ever has: what is larger is not ours. */
const MOST_BYTES = 1_000_000;

/** Keeps `.cf-status` current: written only when it would say something else, or when somebody changed or removed it. */
export async function writeStatus(
  world: World,
  cluster: Cluster,
  observed: Observed,
  decision: Decision,
  answer?: DropAnswer,
): Promise<void> {
  const text = renderStatus(
    statusOf({
      cluster,
      observed,
      decision,
      installation: world.installation,
      ...(answer && { answer }),
      now: world.clock.now(),
    }),
  );
  const store = storeOf(world, cluster.bucket);
  const key = replyKey(cluster, '.cf-status');
  const present = await readReply(store, key, MOST_BYTES);
  if (present && textOf(present.body) === text) return;
  try {
    await store.put(key, text);
  } catch (error) {
    // Its owner put a folder there, say: then they see no status, and that is all.
    if (!isInTheWay(error)) throw error;
  }
}
