import type { Blueprint, ParameterForm, SystemValue } from './blueprint.ts';
import { durationText } from './duration.ts';
import type { InstanceCatalogue } from './instance-catalogue.ts';
import { SECOND } from './instant.ts';
import { type Origins, SETTING_NAMES } from './merge-settings.ts';
import { type Place, type Problem, problem } from './problems.ts';
import { readDefaults } from './request.ts';
import { isRequestKey } from './request-keys.ts';
import { decimal, settingText } from './setting-text.ts';
import { OWN_SETTINGS, type Request, type SettingName, type Settings } from './settings.ts';

export type SystemValues = Readonly<Record<SystemValue, string>>;

export interface ParametersReading {
  readonly parameters: Readonly<Record<string, string>>;
  readonly problems: readonly Problem[];
}

/** The template parameters of a cluster, as CloudFormation takes them. */
export function parametersOf(
  blueprint: Blueprint,
  settings: Settings,
  system: SystemValues,
  catalogue: InstanceCatalogue,
  named: ReadonlyMap<SettingName, Place> = new Map(),
): ParametersReading {
  const parameters: Record<string, string> = {};
  const problems: Problem[] = [];
  for (const [name, source] of Object.entries(blueprint.parameters)) {
    if ('value' in source) parameters[name] = source.value;
    else if ('system' in source) parameters[name] = system[source.system];
    else {
      const written = inForm(source.as ?? 'text', source.from, settings, catalogue);
      if ('text' in written) parameters[name] = written.text;
      else problems.push(refusal(written.lacks, source.from, settings, blueprint, named.get(source.from)));
    }
  }
  return { parameters, problems };
}

/** Settings that some parameter carries. */
export function settingsCarried(blueprint: Blueprint): Set<SettingName> {
  const sources = Object.values(blueprint.parameters);
  return new Set(sources.flatMap((source) => ('from' in source ? [source.from] : [])));
}

/** Keys of the file that this blueprint has no parameter for; asking for what it does anyway is no fault. */
export function notInBlueprint(
  blueprint: Blueprint,
  settings: Partial<Settings>,
  fixed: Request,
  origins: Origins,
  named: ReadonlyMap<SettingName, Place>,
): Problem[] {
  const carried = settingsCarried(blueprint);
  return SETTING_NAMES.filter(
    (key) => origins[key] === 'file' && !isOwn(key) && !carried.has(key) && settings[key] !== fixed[key],
  ).map((key) => {
    const value = fixed[key];
    const words = value === undefined ? 'as the template says' : settingText(key, value);
    return problem('not-in-blueprint', { key, blueprint: blueprint.name, fixed: words }, named.get(key));
  });
}

/** Changes that a running cluster cannot take over in place. */
export function cannotChange(
  blueprint: Blueprint,
  running: Settings,
  wanted: Partial<Settings>,
  changes: readonly SettingName[],
  named: ReadonlyMap<SettingName, Place>,
): Problem[] {
  const free = new Set<SettingName>([...blueprint.changeable, ...OWN_SETTINGS]);
  free.delete('Blueprint');
  return changes
    .filter((key) => !free.has(key))
    .map((key) => {
      const to = settingText(key, wanted[key] ?? running[key]);
      return problem('cannot-change', { key, from: settingText(key, running[key]), to }, named.get(key));
    });
}

/** What a stack's parameters tell of the settings it was made with: for a ledger that was lost. The others are absent. */
export function settingsFromParameters(
  blueprint: Blueprint,
  parameters: Readonly<Record<string, string>>,
  catalogue: InstanceCatalogue,
): Request {
  const spelt: Record<string, string> = {};
  for (const [name, source] of Object.entries(blueprint.parameters)) {
    const text = parameters[name];
    if (!('from' in source) || text === undefined || !isRequestKey(source.from)) continue;
    spelt[source.from] ??= source.as === 'seconds' ? durationOfSeconds(text) : text;
  }
  return { ...readDefaults(spelt, catalogue).request, Blueprint: blueprint.name };
}

type Written = { readonly text: string } | { readonly lacks: 'cap' | 'shape' };

function inForm(
  form: ParameterForm,
  name: SettingName,
  settings: Settings,
  catalogue: InstanceCatalogue,
): Written {
  const value = settings[name];
  switch (form) {
    case 'text':
      return { text: settingText(name, value) };
    case 'seconds':
      return { text: typeof value === 'number' ? decimal(Math.round(value / SECOND)) : '0' };
    case 'alces-spot':
      if (value === 'spot') return { lacks: 'cap' };
      return { text: typeof value === 'number' ? decimal(value) : '0' };
    case 'alces-type': {
      const text = catalogue.alcesSpelling(String(value));
      return text === undefined ? { lacks: 'shape' } : { text };
    }
  }
}

function refusal(
  lacks: 'cap' | 'shape',
  key: SettingName,
  settings: Settings,
  blueprint: Blueprint,
  at: Place | undefined,
): Problem {
  if (lacks === 'cap') return problem('spot-needs-cap', { blueprint: blueprint.name }, at);
  return problem('shape-unknown', { key, type: String(settings[key]), blueprint: blueprint.name }, at);
}

function durationOfSeconds(text: string): string {
  return Number(text) > 0 ? durationText(Number(text) * SECOND) : 'off';
}

function isOwn(key: SettingName): boolean {
  return (OWN_SETTINGS as readonly SettingName[]).includes(key);
}
