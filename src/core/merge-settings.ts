import type { Blueprint } from './blueprint.ts';
import { DAY } from './instant.ts';
import type { Place } from './problems.ts';
import { requestKey } from './request-keys.ts';
import type { Request, SettingName, Settings } from './settings.ts';

/** Where the value of a setting comes from. */
export type Origin = 'file' | 'running' | 'default';
export type Origins = { readonly [K in SettingName]?: Origin };

export const SETTING_NAMES = [
  'Blueprint',
  'ComputeInstanceType',
  'MasterInstanceType',
  'ComputeSpotPrice',
  'AutoscalingPolicy',
  'ComputeInitialNodes',
  'ComputeMaxNodes',
  'MasterSystemVolumeSize',
  'Lifetime',
  'IdleTimeout',
  'NotifyEmail',
] as const satisfies readonly SettingName[];

/** Values of Clusterdrop's own settings where neither blueprint nor administrator says anything. */
export const OWN_DEFAULTS = {
  Lifetime: 7 * DAY,
  IdleTimeout: 'off',
  NotifyEmail: 'registered',
} as const satisfies Request;

export interface Merged {
  /** What is known: a setting that the file names badly is absent, and so is one that nobody gave a value. */
  readonly settings: Partial<Settings>;
  readonly origins: Origins;
  /** All of them, if none is absent. */
  readonly complete?: Settings;
}

/** The file over what runs, or over the defaults: a running cluster never takes over a new default. */
export function settingsOf(
  defaults: Request,
  request: Request,
  named: ReadonlyMap<SettingName, Place>,
  running?: Settings,
): Merged {
  const base: Request = running ?? { ...OWN_DEFAULTS, ...defaults };
  const settings: Record<string, unknown> = {};
  const origins: { [K in SettingName]?: Origin } = {};
  for (const name of SETTING_NAMES) {
    const value = named.has(name) ? request[name] : base[name];
    if (value === undefined) continue;
    settings[name] = value;
    origins[name] = named.has(name) ? 'file' : running ? 'running' : 'default';
  }
  const partial = settings as Partial<Settings>;
  return { settings: partial, origins, ...(isComplete(partial) && { complete: partial }) };
}

/**
 * An administrator's defaults over a blueprint's, both as request keys. What names a setting by one key takes the place of whatever named it
 * by another: `ComputeInstanceType` over `ComputeInstanceTypeOther` must not become a contradiction.
 */
export function defaultsOver(
  defaults: Blueprint['defaults'],
  over: Readonly<Record<string, string | number | boolean>>,
): Blueprint['defaults'] {
  const replaced = new Set<string>(Object.keys(over).map(settingOf));
  const kept = Object.entries(defaults).filter(([key]) => !replaced.has(settingOf(key)));
  return { ...Object.fromEntries(kept), ...over };
}

/** Settings whose value differs. */
export function changesBetween(running: Settings, wanted: Partial<Settings>): SettingName[] {
  return SETTING_NAMES.filter((name) => wanted[name] !== undefined && wanted[name] !== running[name]);
}

function isComplete(settings: Partial<Settings>): settings is Settings {
  return SETTING_NAMES.every((name) => settings[name] !== undefined);
}

function settingOf(key: string): string {
  return requestKey(key)?.setting ?? key;
}
