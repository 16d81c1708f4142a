import type { Step } from '../../src/core/decision.ts';
import type { Entry } from '../../src/core/entry.ts';
import { DAY } from '../../src/core/instant.ts';
import type { Observed } from '../../src/core/observed.ts';
import { entry as sample } from './sights.ts';

/**
 * What is seen after a step that only writes files and ledger, in the words of the policy: what each step promises to have done.
 * `undefined`: the step asks CloudFormation for something, or waits.
 */
export function taken(seen: Observed, step: Step, now: number): Observed | undefined {
  const { create, remove, entry, ...rest } = seen;
  const files = { ...(create && { create }), ...(remove && { remove }) };
  const withEntry = (after: Entry | undefined): Observed => ({
    ...rest,
    ...files,
    ...(after && { entry: after }),
  });
  const edited = (more: Partial<Entry>) => (entry ? withEntry({ ...entry, ...more }) : seen);
  const stack = 'status' in seen.stack ? seen.stack : undefined;
  switch (step.kind) {
    case 'rest':
    case 'start':
    case 'update':
    case 'remove-stack':
      return undefined;
    case 'adopt': {
      const drop = { id: stack?.drop ?? '', at: 0, text: '' };
      const { readyAt: _, ...unready } = sample({ drop, endsAt: now + DAY });
      return entry?.stackId === undefined ? withEntry(unready) : seen;
    }
    case 'confirm':
      return edited({ stackId: stack?.id ?? '' });
    case 'fold-update':
    case 'accept': {
      const done = step.kind === 'accept' ? step.create : entry?.update?.drop;
      if (!entry || !done || (step.kind === 'accept' && entry.update && !entry.update.failure)) return seen;
      const { update: _, ending: __, ...kept } = entry;
      return withEntry({ ...kept, drop: { id: done.id, at: done.at, text: '' } });
    }
    case 'note-ready':
      return edited({ readyAt: now });
    case 'note-ended':
      return edited({ endedAt: now });
    case 'note-stuck':
      return edited({ stuckTold: now });
    case 'note-failed':
      return edited({ failure: step.problems });
    case 'note-update-failed':
      return edited(entry?.update ? { update: { ...entry.update, failure: step.problems } } : {});
    case 'warn':
      return edited({ warned: [...(entry?.warned ?? []), step.warning] });
    case 'deliver':
      return {
        ...rest,
        ...(remove && { remove }),
        ...(entry && { entry }),
        replies: { ...seen.replies, createdRight: true },
      };
    case 'refuse': {
      const told = { ...seen.replies, failed: true };
      const about = (step.file === 'create' ? create : undefined) ?? entry?.update?.drop;
      const { update, ...kept } = entry ?? sample();
      const after = entry && (update?.failure && update.drop.id === about?.id ? kept : entry);
      return {
        ...rest,
        ...(create && step.file !== 'create' && { create }),
        ...(remove && step.file !== 'remove' && { remove }),
        ...(after && { entry: after }),
        replies: told,
      };
    }
    case 'discard-delete':
      return { ...rest, ...(create && { create }), ...(entry && { entry }) };
    case 'finish':
      return { ...rest, ...(create && !step.consumeCreate && { create }) };
    case 'forget':
    case 'release':
      return withEntry(undefined);
  }
}
