import type { Entry } from '../../core/entry.ts';
import { DAY } from '../../core/instant.ts';
import { settingsOf } from '../../core/merge-settings.ts';
import type { LivingStack } from '../../core/observed.ts';
import { settingsFromParameters } from '../../core/parameters.ts';
import { priceOf } from '../../core/price.ts';
import { ProblemError, problem } from '../../core/problems.ts';
import { readDefaults } from '../../core/request.ts';
import { readTags } from '../../core/stack-tags.ts';
import { blueprintAt } from '../blueprints.ts';
import { changeEntry, type StepContext, type StepOutcome } from './step-context.ts';

/**
 * Writes a stack into the ledger that the ledger does not know: from its tags and parameters, which we set ourselves.
 * What a stack does not know (an end that was moved, letters already sent) is lost with the ledger.
 */
export async function adopt(context: StepContext, stack: LivingStack): Promise<StepOutcome> {
  const { world, cluster, now } = context;
  const report = await world.stacks.describe({ name: '', id: stack.id });
  const tags = report && readTags(report.tags);
  if (!report || !tags) return 'changed';
  const blueprint = await blueprintAt(world, tags.blueprint);
  const catalogue = await world.prices.catalogue();
  const lifetime = Number.isFinite(tags.lifetime) ? tags.lifetime : 7 * DAY;
  const told = {
    ...readDefaults(blueprint.defaults, catalogue).request,
    ...settingsFromParameters(blueprint, report.parameters, catalogue),
  };
  const settings = settingsOf(
    { ...told, Lifetime: lifetime, IdleTimeout: tags.idleTimeout },
    {},
    new Map(),
  ).complete;
  if (!settings)
    throw new ProblemError(
      problem('bad-defaults', { blueprint: blueprint.name, what: 'not every setting has a value' }),
    );
  const adopted: Entry = {
    cluster,
    stackName: report.name,
    stackId: report.id,
    blueprint: tags.blueprint,
    ...(tags.notify !== undefined && { notify: tags.notify }),
    drop: { id: tags.drop, at: report.created, text: '' },
    settings,
    parameters: report.parameters,
    price: priceOf(settings, blueprint, catalogue),
    reservedAt: report.created,
    // An end that was moved is lost with the ledger: nobody's cluster goes without a day's warning for that.
    endsAt: report.created + lifetime > now ? report.created + lifetime : now + DAY,
    rateSince: report.created,
    paid: 0,
    warned: [],
  };
  await changeEntry(context, (entry) => (entry?.stackId === undefined ? { entry: adopted } : undefined));
  return 'changed';
}
