import type { Entry } from '../core/entry.ts';
import type { Cluster } from '../core/identity.ts';
import { type Ledger, totalsOf } from '../core/ledger.ts';
import type { Reading } from '../core/observed.ts';
import { planOf } from '../core/plan.ts';
import { type Problem, ProblemError, problem } from '../core/problems.ts';
import type { Settings } from '../core/settings.ts';
import { hasProfile } from './administration/known-users.ts';
import { blueprintAt, type OfferedBlueprint, offeredBlueprints } from './blueprints.ts';
import { readInstallation } from './installations.ts';
import { isPassing } from './is-passing.ts';
import { limitsOf } from './limits-of.ts';
import { registeredEmailOf } from './registered-email.ts';
import { keptInPlace, systemValues } from './system-values.ts';
import type { World } from './world.ts';

/** The blueprint of a request that names none. */
export const DEFAULT_BLUEPRINT = 'slurm';

/**
 * Loads what a request is judged by - profile, limits, blueprints, prices - and gives the judgement as a pure function of
 * the ledger, so that it can be made once more in the very write that reserves.
 */
export async function openGate(
  world: World,
  cluster: Cluster,
  bytes: Uint8Array,
  running?: Entry,
): Promise<(ledger: Ledger) => Reading> {
  const { admin } = world;
  const refused = (problems: readonly Problem[]) => (): Reading => ({ kind: 'refused', problems });
  try {
    // As it is now: whoever changes the default blueprint or the network does not know which processes have read it before.
    const installation = (await readInstallation(admin)) ?? world.installation;
    const offered = await offeredBlueprints(world, (name, wrong) => world.log.trouble(name, wrong));
    const limits = await limitsOf(admin, cluster.user);
    const catalogue = await world.prices.catalogue();
    const registeredEmail = await registeredEmailOf(admin, cluster.user);
    const blueprint = running && (await blueprintAt(world, running.blueprint));
    const strangers = (await hasProfile(admin, cluster.user))
      ? []
      : [problem('no-profile', { user: cluster.user, contact: installation.contact })];
    return (ledger) => {
      const now = world.clock.now();
      const plan = planOf({
        bytes,
        blueprintOf: (name) => loaded(offered.get(name)),
        defaultBlueprint: installation.defaultBlueprint ?? DEFAULT_BLUEPRINT,
        containers: installation.containers,
        limits,
        catalogue,
        totals: totalsOf(ledger, now, cluster),
        running: running &&
          blueprint && {
            settings: running.settings,
            blueprint,
            remaining: Math.max(0, running.endsAt - now),
          },
        system: systemValues(cluster, installation),
        registeredEmail,
        contact: installation.contact,
      });
      const problems = [...strangers, ...plan.problems];
      const ref = running?.blueprint ?? plan.ref;
      if (problems.length > 0 || !plan.settings || !plan.parameters || !plan.price || !ref)
        return { kind: 'refused', problems };
      const parameters =
        blueprint && running ? keptInPlace(blueprint, running.parameters, plan.parameters) : plan.parameters;
      const notify = addressOf(plan.settings, registeredEmail);
      return {
        kind: 'plan',
        plan: {
          settings: plan.settings,
          parameters,
          price: plan.price,
          blueprint: ref,
          ...(notify !== undefined && { notify }),
          lifetimeNamed: plan.request.Lifetime !== undefined,
          changes: blueprint && running ? differing(running.parameters, parameters) : [],
        },
      };
    };
  } catch (error) {
    // What the administrator has to mend is told to the user, too: better than a file that lies there unanswered.
    if (error instanceof ProblemError && !isPassing(error)) return refused(error.problems);
    throw error;
  }
}

function loaded(offered: OfferedBlueprint | undefined) {
  return offered && { blueprint: offered.blueprint, ref: offered.ref, defaults: offered.blueprint.defaults };
}

/** Template parameters that would change: without any, CloudFormation has nothing to do. */
function differing(
  running: Readonly<Record<string, string>>,
  wanted: Readonly<Record<string, string>>,
): string[] {
  return Object.keys(wanted).filter((name) => wanted[name] !== running[name]);
}

function addressOf({ NotifyEmail }: Settings, registered: string | undefined): string | undefined {
  return NotifyEmail === 'registered' ? registered : NotifyEmail;
}
