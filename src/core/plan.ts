import type { Blueprint } from './blueprint.ts';
import { contradictions } from './contradictions.ts';
import { durationOf } from './duration.ts';
import type { InstanceCatalogue } from './instance-catalogue.ts';
import { fitsGlob, type Limits } from './limits.ts';
import {
  changesBetween,
  type Merged,
  type Origins,
  OWN_DEFAULTS,
  SETTING_NAMES,
  settingsOf,
} from './merge-settings.ts';
import { nearest } from './nearest.ts';
import { overLimits, type Totals } from './over-limits.ts';
import { cannotChange, notInBlueprint, parametersOf, type SystemValues } from './parameters.ts';
import { PRICED, type Price, priceOf } from './price.ts';
import { type Problem, problem } from './problems.ts';
import { inFileOrder, type RequestReading, readDefaults, readRequest } from './request.ts';
import type { Request, SettingName, Settings } from './settings.ts';

/** A blueprint that the installation has, with the administrator's defaults over its own. */
export interface LoadedBlueprint {
  readonly blueprint: Blueprint;
  readonly ref: { readonly name: string; readonly hash: string };
  /** Request keys and values. */
  readonly defaults: Blueprint['defaults'];
}

export interface PlanInput {
  /** The `.cf-create` as it was sent. */
  readonly bytes: Uint8Array;
  /** `undefined`: there is none of this name. */
  readonly blueprintOf: (name: string) => LoadedBlueprint | undefined;
  readonly defaultBlueprint: string;
  /** Clusters are containers here: a blueprint that knows no such hosts is of no use. */
  readonly containers?: boolean | undefined;
  readonly limits: Limits;
  readonly catalogue: InstanceCatalogue;
  readonly totals: Totals;
  /** The cluster of this name, if it runs: the file then changes it, with the blueprint that it began with. */
  readonly running?:
    | { readonly settings: Settings; readonly blueprint: Blueprint; readonly remaining: number }
    | undefined;
  readonly system: SystemValues;
  readonly registeredEmail?: string | undefined;
  /** Whom the user may ask. */
  readonly contact: string;
}

/** What a request comes to. No problems means that everything optional is there, except `ref` and `changes`, see below. */
export interface RequestPlan {
  readonly problems: readonly Problem[];
  /** What the file itself names, as far as it could be read. */
  readonly request: Request;
  readonly text: string;
  readonly settings?: Settings;
  readonly origins?: Origins;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly price?: Price;
  /** The blueprint to start from; absent for a running cluster, which keeps its own. */
  readonly ref?: LoadedBlueprint['ref'];
  /** Settings that differ from the running ones; absent for a new cluster. */
  readonly changes?: readonly SettingName[];
}

/**
 * Judges one request by everything at once: its own text, the blueprint, what runs now and the user's limits. Whatever could be read
 * is judged even when other parts are wrong, so that a person corrects a file once and not five times.
 */
export function planOf(input: PlanInput): RequestPlan {
  const reading = readRequest(input.bytes, { catalogue: input.catalogue });
  const { request, text } = reading;
  const chosen = chooseBlueprint(reading, input);
  const judged = judge(reading, chosen, input);
  const problems = inFileOrder([...reading.problems, ...chosen.problems, ...judged.problems]);
  const { merged, price, parameters, changes } = judged;
  if (problems.length > 0 || !merged.complete || !price || !parameters)
    return { problems, request, text, ...(price && { price }) };
  return {
    problems,
    request,
    text,
    settings: merged.complete,
    origins: merged.origins,
    parameters,
    price,
    ...(chosen.ref && { ref: chosen.ref }),
    ...(changes && { changes }),
  };
}

interface Chosen {
  readonly problems: readonly Problem[];
  readonly blueprint?: Blueprint;
  readonly ref?: LoadedBlueprint['ref'];
  readonly defaults?: Request;
}

function chooseBlueprint({ request, named }: RequestReading, input: PlanInput): Chosen {
  const { running, limits, contact } = input;
  if (running) {
    const { blueprint } = running;
    return { problems: [], blueprint, defaults: readDefaults(blueprint.defaults, input.catalogue).request };
  }
  const name = named.has('Blueprint') ? request.Blueprint : input.defaultBlueprint;
  if (name === undefined) return { problems: [] };
  const loaded = input.blueprintOf(name);
  const at = named.get('Blueprint');
  if (loaded && input.containers && !loaded.blueprint.containers)
    return {
      problems: [problem('blueprint-needs-aws', { blueprint: name, other: input.defaultBlueprint }, at)],
    };
  if (loaded) {
    const { blueprint, ref } = loaded;
    const defaults = readDefaults(loaded.defaults, input.catalogue);
    const wrong = defaults.problems.map(({ message }) =>
      problem('bad-defaults', { blueprint: name, what: message }),
    );
    return { problems: wrong, blueprint, ref, defaults: { ...defaults.request, Blueprint: name } };
  }
  if (fitsGlob(name, limits.blueprints))
    return { problems: [problem('missing-blueprint', { blueprint: name, contact }, at)] };
  const near = nearest(name, limits.blueprints)[0];
  return {
    problems: [problem('unknown-blueprint', { found: name, allowed: limits.blueprints, nearest: near }, at)],
  };
}

interface Judged {
  readonly problems: readonly Problem[];
  readonly merged: Merged;
  readonly price?: Price;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly changes?: readonly SettingName[];
}

function judge({ request, named }: RequestReading, chosen: Chosen, input: PlanInput): Judged {
  const { running, catalogue, limits, totals, registeredEmail, contact } = input;
  const { blueprint, defaults = {} } = chosen;
  const merged = settingsOf(withinLongest(defaults, limits), request, named, running?.settings);
  const { settings, origins } = merged;
  const changes = running && changesBetween(running.settings, settings);
  const problems = contradictions(settings, { origins, named, catalogue });
  if (blueprint)
    problems.push(...notInBlueprint(blueprint, settings, running?.settings ?? defaults, origins, named));
  if (blueprint && running && changes)
    problems.push(...cannotChange(blueprint, running.settings, settings, changes, named));

  const price = blueprint && isPriced(settings) ? priceOf(settings, blueprint, catalogue) : undefined;
  const before = running && {
    settings: running.settings,
    remaining: running.remaining,
    price: priceOf(running.settings, running.blueprint, catalogue),
  };
  const onDemandPrice = catalogue.lookup(settings.ComputeInstanceType ?? '')?.usdPerHour ?? null;
  const question = {
    settings,
    price,
    limits,
    totals,
    registeredEmail,
    contact,
    named,
    running: before,
    onDemandPrice,
  };
  // An unknown or missing blueprint was told already.
  const { Blueprint: _, ...others } = settings;
  problems.push(...overLimits(blueprint ? question : { ...question, settings: others }));

  if (!merged.complete || !blueprint) {
    if (blueprint && problems.length + chosen.problems.length === 0)
      problems.push(...lackingDefaults(blueprint, settings, named));
    return { problems, merged, ...(price && { price }), ...(changes && { changes }) };
  }
  const written = parametersOf(blueprint, merged.complete, input.system, catalogue, named);
  return {
    problems: [...problems, ...written.problems],
    merged,
    parameters: written.parameters,
    ...(price && { price }),
    ...(changes && { changes }),
  };
}

/** A default end is ours to choose: it keeps to the user's limit instead of being refused. */
function withinLongest(defaults: Request, limits: Limits): Request {
  const longest = durationOf(limits.longestLifetime) ?? 0;
  return { ...defaults, Lifetime: Math.min(defaults.Lifetime ?? OWN_DEFAULTS.Lifetime, longest) };
}

function lackingDefaults(
  blueprint: Blueprint,
  settings: Partial<Settings>,
  named: ReadonlyMap<SettingName, unknown>,
): Problem[] {
  const lacking = SETTING_NAMES.filter((name) => settings[name] === undefined && !named.has(name));
  if (lacking.length === 0) return [];
  return [problem('bad-defaults', { blueprint: blueprint.name, what: `no value for ${lacking.join(', ')}` })];
}

function isPriced(
  settings: Partial<Settings>,
): settings is Partial<Settings> & Pick<Settings, (typeof PRICED)[number]> {
  return PRICED.every((name) => settings[name] !== undefined);
}
