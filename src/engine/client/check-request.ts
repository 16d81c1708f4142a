import type { Entry } from '../../core/entry.ts';
import type { Cluster } from '../../core/identity.ts';
import type { Installation } from '../../core/installation.ts';
import { emptyLedger, entryOf, totalsOf } from '../../core/ledger.ts';
import type { Limits } from '../../core/limits.ts';
import type { Origin } from '../../core/merge-settings.ts';
import type { Totals } from '../../core/over-limits.ts';
import { type LoadedBlueprint, planOf, type RequestPlan } from '../../core/plan.ts';
import { type Problem, problem } from '../../core/problems.ts';
import { requestKey } from '../../core/request-keys.ts';
import type { SettingName } from '../../core/settings.ts';
import { hasProfile } from '../administration/known-users.ts';
import { blueprintAt, offeredBlueprints } from '../blueprints.ts';
import { DEFAULT_BLUEPRINT } from '../gate.ts';
import { readJsonObject } from '../json-object.ts';
import { Ledgers } from '../ledgers.ts';
import { limitsOf } from '../limits-of.ts';
import type { Clock, ObjectStore } from '../ports.ts';
import { registeredEmailOf } from '../registered-email.ts';
import { systemValues } from '../system-values.ts';
import type { Prices } from '../world.ts';
import { withoutAdministrator } from './check-without-administrator.ts';

export interface CheckSources {
  readonly prices: Prices;
  readonly clock: Clock;
  /** The administrator's bucket, where it can be seen. */
  readonly admin?: { readonly store: ObjectStore; readonly installation: Installation } | undefined;
  /** What the program brings along, for those who cannot see that bucket. */
  readonly shipped: () => Promise<ReadonlyMap<string, LoadedBlueprint>>;
}

/** Where a value comes from: as the plan says, with the administrator's own defaults told apart. */
export type CheckedOrigin = Origin | 'administrator';

/** What would become of a request if it were dropped now. */
export interface Checked extends Omit<RequestPlan, 'origins'> {
  readonly origins: { readonly [K in SettingName]?: CheckedOrigin };
  /** The cluster of this name, if it runs: the request changes it. */
  readonly running?: Entry | undefined;
  /** `totals` is what the user has besides this cluster. */
  readonly allowance?: { readonly limits: Limits; readonly totals: Totals };
  /** Sentences about what could not be looked at from here. */
  readonly unchecked: readonly string[];
}

/** Judges a request as the system would, and takes nothing for granted that cannot be seen from here. */
export async function checkRequest(
  sources: CheckSources,
  cluster: Cluster,
  bytes: Uint8Array,
): Promise<Checked> {
  const { prices, clock, admin } = sources;
  const catalogue = await prices.catalogue();
  const common = {
    bytes,
    defaultBlueprint: admin?.installation.defaultBlueprint ?? DEFAULT_BLUEPRINT,
    catalogue,
    containers: admin?.installation.containers,
    system: systemValues(cluster, admin?.installation),
  };
  if (!admin) return withoutAdministrator(common, await sources.shipped());

  const { store, installation } = admin;
  const source = { admin: store, prices };
  const trouble: Problem[] = [];
  const offered = await offeredBlueprints(source, (_, one) => trouble.push(one));
  const limits = await limitsOf(store, cluster.user);
  const now = clock.now();
  const ledger = (await new Ledgers(store).read(cluster.user)) ?? emptyLedger(cluster.user);
  const running = runningOf(entryOf(ledger, cluster));
  const blueprint = running && (await blueprintAt(source, running.blueprint));
  const totals = totalsOf(ledger, now, cluster);
  const plan = planOf({
    ...common,
    blueprintOf: (name) => {
      const one = offered.get(name);
      return one && { ...one, defaults: one.blueprint.defaults };
    },
    limits,
    totals,
    running: running &&
      blueprint && { settings: running.settings, blueprint, remaining: Math.max(0, running.endsAt - now) },
    registeredEmail: await registeredEmailOf(store, cluster.user),
    contact: installation.contact,
  });
  const strangers = (await hasProfile(store, cluster.user))
    ? []
    : [problem('no-profile', { user: cluster.user, contact: installation.contact })];
  return {
    ...plan,
    problems: [...strangers, ...plan.problems],
    origins: await originsOf(store, plan),
    ...(running && { running }),
    allowance: { limits, totals },
    unchecked: trouble.map((one) => one.message),
  };
}

function runningOf(entry: Entry | undefined): Entry | undefined {
  return entry?.stackId !== undefined && !entry.failure && !entry.ending && entry.endedAt === undefined
    ? entry
    : undefined;
}

async function originsOf(store: ObjectStore, plan: RequestPlan): Promise<Checked['origins']> {
  const origins: { [K in SettingName]?: CheckedOrigin } = { ...plan.origins };
  if (!plan.ref) return origins;
  const offer = await readJsonObject(store, `blueprints/${plan.ref.name}/current.json`);
  for (const key of Object.keys(Object(offer?.value['defaults'] ?? {}))) {
    const setting = requestKey(key)?.setting;
    if (setting !== undefined && origins[setting] === 'default') origins[setting] = 'administrator';
  }
  return origins;
}
