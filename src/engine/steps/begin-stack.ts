import type { Entry } from '../../core/entry.ts';
import { explained } from '../../core/explained.ts';
import { stackNameOf } from '../../core/identity.ts';
import type { CreateFile } from '../../core/observed.ts';
import { problem } from '../../core/problems.ts';
import { letterFailed } from '../../core/report/letters.ts';
import { tagsOf } from '../../core/stack-tags.ts';
import { blueprintAt } from '../blueprints.ts';
import { shortened } from './drop-text.ts';
import { changeEntry, removeReplies, type StepContext, type StepOutcome } from './step-context.ts';

/** Reserve under the drop's id, create the stack; that it stands is written down as the next step. */
export async function beginStack(context: StepContext, create: CreateFile): Promise<StepOutcome> {
  const { world, sight, now } = context;
  const reserved = await reserve(context, create);
  if (!reserved) return 'changed';
  await removeReplies(context, '.cf-failed', '.cf-deleted');

  const blueprint = await blueprintAt(world, reserved.blueprint);
  const outcome = await world.stacks.create({
    name: reserved.stackName,
    blueprint: reserved.blueprint,
    parameters: reserved.parameters,
    tags: tagsOf(world.installation.id, sight.identity, create.id, reserved),
    capabilities: blueprint.capabilities,
    token: `create-${create.id}`,
  });
  if (outcome.kind === 'refused') {
    const problems = [explained(outcome.reason, (reason) => problem('creation-refused', { reason }))];
    await changeEntry(context, (entry) => {
      if (entry?.drop.id !== create.id || entry.stackId !== undefined) return undefined;
      const failed = { ...entry, failure: problems };
      return {
        entry: failed,
        letters: [letterFailed(failed, { installation: world.installation, at: now })],
      };
    });
  }
  return 'changed';
}

/** `undefined`: it is not ours to reserve any more, or would be over a limit now; the next look says which. */
async function reserve(context: StepContext, create: CreateFile): Promise<Entry | undefined> {
  const { world, cluster, sight, now } = context;
  const reserved = await changeEntry(context, (entry, ledger) => {
    if (ledger.closed[create.id] || (entry && (entry.stackId !== undefined || entry.failure || entry.ending)))
      return undefined;
    // The lease begins anew: from now on, somebody may be about to create the stack.
    if (entry?.drop.id === create.id)
      return { entry: { ...entry, reservedAt: now, rateSince: now, endsAt: now + entry.settings.Lifetime } };
    const reading = sight.judge?.(ledger);
    if (reading?.kind !== 'plan') return undefined;
    const { plan } = reading;
    return {
      entry: {
        cluster,
        stackName: stackNameOf(world.installation.prefix, sight.identity, cluster),
        blueprint: plan.blueprint,
        ...(plan.notify !== undefined && { notify: plan.notify }),
        drop: { id: create.id, at: create.at, text: shortened(create.text) },
        settings: plan.settings,
        parameters: plan.parameters,
        price: plan.price,
        reservedAt: now,
        endsAt: now + plan.settings.Lifetime,
        rateSince: now,
        paid: 0,
        warned: [],
      },
    };
  });
  return reserved?.drop.id === create.id &&
    reserved.stackId === undefined &&
    !reserved.failure &&
    !reserved.ending
    ? reserved
    : undefined;
}
