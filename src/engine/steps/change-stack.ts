import type { PendingUpdate } from '../../core/entry.ts';
import { explained } from '../../core/explained.ts';
import { MINUTE } from '../../core/instant.ts';
import type { CreateFile, LivingStack, Plan } from '../../core/observed.ts';
import { problem } from '../../core/problems.ts';
import { tagsOf } from '../../core/stack-tags.ts';
import { blueprintAt } from '../blueprints.ts';
import { shortened } from './drop-text.ts';
import { folded } from './keep-books.ts';
import { changeSeenEntry, type StepContext, type StepOutcome } from './step-context.ts';

function pendingOf(create: CreateFile, plan: Plan, now: number): PendingUpdate {
  return {
    drop: { id: create.id, at: create.at, text: shortened(create.text) },
    settings: plan.settings,
    parameters: plan.parameters,
    price: plan.price,
    ...(plan.notify !== undefined && { notify: plan.notify }),
    ...(plan.lifetimeNamed && { endsAt: now + plan.settings.Lifetime }),
  };
}

/** Writes the change into the ledger (and so counts it), then sends it. Without `create`, an update written down before is sent. */
export async function changeStack(
  context: StepContext,
  stack: LivingStack,
  create?: CreateFile,
): Promise<StepOutcome> {
  const { world, sight, now } = context;
  const entry = await changeSeenEntry(context, (before, ledger) => {
    if (!create || before.update?.drop.id === create.id) return undefined;
    const reading = sight.judge?.(ledger);
    if (reading?.kind !== 'plan') return undefined;
    const { ending: _, ...rest } = before;
    return { entry: { ...rest, update: pendingOf(create, reading.plan, now) } };
  });
  const update = entry?.update;
  if (!entry || !update || update.failure || (create && update.drop.id !== create.id)) return 'changed';

  const blueprint = await blueprintAt(world, entry.blueprint);
  const outcome = await world.stacks.update(stack.id, {
    parameters: update.parameters,
    tags: tagsOf(world.installation.id, sight.identity, update.drop.id, { ...entry, ...update }),
    capabilities: blueprint.capabilities,
    token: `update-${update.drop.id}`,
  });
  if (outcome.kind === 'busy') return { again: now + MINUTE / 2 };
  if (outcome.kind === 'refused') {
    const failure = [explained(outcome.reason, (reason) => problem('update-refused', { reason }))];
    await changeSeenEntry(context, (before) =>
      before.update?.drop.id === update.drop.id
        ? { entry: { ...before, update: { ...before.update, failure } } }
        : undefined,
    );
  }
  if (outcome.kind === 'unchanged') {
    await changeSeenEntry(context, (before, ledger) =>
      before.update?.drop.id === update.drop.id ? folded(ledger, before, update, context) : undefined,
    );
  }
  return 'changed';
}

/** A request that CloudFormation need not hear of: the end, the idle timeout, the address for mail, or nothing at all. */
export async function acceptWithoutStack(context: StepContext, create: CreateFile): Promise<StepOutcome> {
  await changeSeenEntry(context, (entry, ledger) => {
    if (entry.update && !entry.update.failure) return undefined;
    // More time is more money: judged once more by what the others have been promised meanwhile.
    const reading = context.sight.judge?.(ledger);
    if (reading?.kind !== 'plan' || reading.plan.changes.length > 0) return undefined;
    return folded(ledger, entry, pendingOf(create, reading.plan, context.now), context);
  });
  return 'changed';
}
