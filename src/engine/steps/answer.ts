import { FILE_BYTES } from '../../core/file-text.ts';
import { MINUTE } from '../../core/instant.ts';
import { closeEntry, entryOf, withClosedDrop } from '../../core/ledger.ts';
import type { Observed } from '../../core/observed.ts';
import type { Problem } from '../../core/problems.ts';
import { replyDeleted } from '../../core/report/reply-deleted.ts';
import { replyFailed } from '../../core/report/reply-failed.ts';
import { createdText } from '../created-text.ts';
import { archive } from '../ended-clusters.ts';
import { textOf } from '../json-object.ts';
import { storeOf } from '../world.ts';
import { writeStatus } from '../write-status.ts';
import {
  changeSeenEntry,
  consume,
  removeReplies,
  type StepContext,
  type StepOutcome,
  writeReply,
} from './step-context.ts';

// Each answer is complete before the file that asked is taken away: a crash in between repeats the answer, never loses it.

/** `.cf-status`, `.cf-created`, then `.cf-create` goes. */
export async function deliver(context: StepContext, address: string): Promise<StepOutcome> {
  const { observed } = context.sight;
  // Whoever waits for the address finds a status that knows of it.
  await writeStatus(context.world, context.cluster, observed, context.decision);
  const written =
    observed.replies.createdRight || (await writeReply(context, '.cf-created', createdText(address)));
  if (!written && !observed.create) return { again: context.now + MINUTE };
  if (observed.create) {
    // Replies to earlier requests would contradict this one.
    await removeReplies(context, '.cf-failed', '.cf-deleted');
    await consume(context, observed.create);
  }
  return 'changed';
}

/** `.cf-failed`, then the file that asked goes; without `file` nobody asks any more, but was not told yet. */
export async function refuse(
  context: StepContext,
  problems: readonly Problem[],
  file?: 'create' | 'remove',
): Promise<StepOutcome> {
  const { world, cluster, sight, now } = context;
  const { observed } = sight;
  const asked = file === undefined ? undefined : observed[file];
  const entry = observed.entry;
  const runs = observed.stack.kind === 'running' || observed.stack.kind === 'updating' ? entry : undefined;
  const about = asked ?? entry?.update?.drop ?? entry?.drop;

  if (file === 'create' && asked && !(await closeDrop(context, asked.id, problems))) return 'changed';
  if (entry && about) {
    await changeSeenEntry(context, (before) => {
      const { update, ...rest } = before;
      const kept = update?.failure && update.drop.id === about.id ? rest : before;
      return { entry: { ...kept, answer: { drop: about.id, outcome: 'refused', at: now, problems } } };
    });
  }
  const name = `${cluster.name}${file === 'remove' ? '.cf-delete' : '.cf-create'}`;
  const requestText = await sentText(context, observed, file);
  const written = await writeReply(
    context,
    '.cf-failed',
    replyFailed({
      file: name,
      problems,
      at: asked?.at ?? now,
      ...(runs && { running: runs }),
      ...(requestText !== undefined && { requestText }),
      contact: world.installation.contact,
    }),
  );
  if (!written && !asked) return { again: now + MINUTE };
  if (asked) {
    await writeStatus(world, cluster, observed, context.decision, {
      drop: asked.id,
      action: file === 'remove' ? 'delete' : 'create',
      outcome: 'refused',
      problems,
    });
    await consume(context, asked);
  }
  return 'changed';
}

/**
 * Closes a drop in the ledger before it is consumed: a slower process that has seen it too starts nothing for it any more.
 * `false`: it was faster, and the drop has been accepted meanwhile.
 */
function closeDrop(
  { world, cluster, sight, now }: StepContext,
  drop: string,
  problems?: readonly Problem[],
): Promise<boolean> {
  const seen = sight.observed.entry;
  return world.ledgers.change(cluster.user, (ledger) => {
    const entry = entryOf(ledger, cluster);
    const accepted = entry?.drop.id === drop && seen?.drop.id !== drop;
    return accepted
      ? [ledger, false]
      : [ledger.closed[drop] ? ledger : withClosedDrop(ledger, drop, now, problems), true];
  });
}

/** The request as it was sent: from the file if it still is that drop, else as the ledger kept it. */
async function sentText(
  { world, cluster }: StepContext,
  observed: Observed,
  file?: 'create' | 'remove',
): Promise<string | undefined> {
  const { create, entry } = observed;
  if (file === 'remove') return undefined;
  if (file === 'create' && create) {
    const object = await storeOf(world, cluster.bucket).get(create.key, FILE_BYTES + 1);
    if (object?.version === create.version) return textOf(object.body);
  }
  return (entry?.update?.failure ? entry.update.drop.text : entry?.drop.text) || undefined;
}

export async function discardDelete(context: StepContext): Promise<StepOutcome> {
  await consume(context, context.sight.observed.remove);
  return 'changed';
}

/** `.cf-deleted`; a `.cf-create` that lost goes first (its text is in the reply), the `.cf-delete` last of all. */
export async function finish(context: StepContext, consumeCreate: boolean): Promise<StepOutcome> {
  const { world, cluster, sight, now } = context;
  const { create, remove, entry } = sight.observed;
  const losing = consumeCreate ? create : undefined;
  if (losing && !(await closeDrop(context, losing.id))) return 'changed';
  const lost = losing && (await storeOf(world, cluster.bucket).get(losing.key, FILE_BYTES + 1));
  const requestText = lost?.version === losing?.version && lost ? textOf(lost.body) : undefined;

  if (remove || entry?.endedAt !== undefined) {
    const at = entry?.endedAt ?? remove?.at ?? now;
    await writeReply(
      context,
      '.cf-deleted',
      replyDeleted({
        cluster,
        ...(entry && { entry }),
        at,
        contact: world.installation.contact,
        simulated: world.installation.simulated,
        containers: world.installation.containers,
        ...(requestText !== undefined && { requestText }),
        files: sight.observed.report?.told.files,
      }),
    );
  }
  const answer = remove
    ? ({ drop: remove.id, action: 'delete', outcome: 'done', problems: [] } as const)
    : undefined;
  await writeStatus(world, cluster, sight.observed, context.decision, answer);
  await consume(context, losing);
  await removeReplies(context, '.cf-created', '.cf-failed');
  await consume(context, remove);
  return forget(context);
}

/** The entry goes from the ledger to the month's ended clusters: written there first, so a crash repeats and never loses. */
export async function forget(context: StepContext): Promise<StepOutcome> {
  const { world, cluster, sight, now } = context;
  const seen = sight.observed.entry;
  if (!seen) return 'changed';
  const entry = seen.stackId !== undefined && seen.endedAt === undefined ? { ...seen, endedAt: now } : seen;
  await archive(world, entry, now, sight.observed.report?.told.files?.savedAt);
  await world.ledgers.change(cluster.user, (ledger) => {
    const current = entryOf(ledger, cluster);
    return current?.drop.id === seen.drop.id && current.stackId === seen.stackId
      ? [closeEntry(ledger, entry, now), undefined]
      : [ledger, undefined];
  });
  return 'changed';
}
