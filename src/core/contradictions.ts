import type { InstanceCatalogue } from './instance-catalogue.ts';
import type { Origins } from './merge-settings.ts';
import { type Place, type Problem, problem } from './problems.ts';
import { settingText } from './setting-text.ts';
import type { SettingName, Settings } from './settings.ts';

export interface ContradictionContext {
  readonly origins: Origins;
  /** Where the file names them. */
  readonly named: ReadonlyMap<SettingName, Place>;
  readonly catalogue: InstanceCatalogue;
}

/**
 * Values that are right one by one and wrong together, after defaults are merged. A pair that the running cluster has lived with is not
 * the business of a file that names neither.
 */
export function contradictions(settings: Partial<Settings>, context: ContradictionContext): Problem[] {
  const { origins, named, catalogue } = context;
  const problems: Problem[] = [];
  const judged = (...names: SettingName[]) =>
    names.every((name) => settings[name] !== undefined) && names.some((name) => origins[name] !== 'running');
  const place = (...names: SettingName[]) =>
    names.map((name) => named.get(name)).find((at) => at !== undefined);
  const words = (name: SettingName) => {
    const value = settings[name];
    const text = value === undefined ? '' : settingText(name, value);
    return origins[name] === 'file'
      ? text
      : `${text} (${origins[name] === 'running' ? 'as it runs' : 'the default'})`;
  };
  const { ComputeInitialNodes: initial = 0, ComputeMaxNodes: most = 0 } = settings;
  const { IdleTimeout: idle = 'off', Lifetime: lifetime = 0 } = settings;
  const login = catalogue.lookup(settings.MasterInstanceType ?? '')?.shape?.architectures;
  const shape = catalogue.lookup(settings.ComputeInstanceType ?? '')?.shape;

  if (
    judged('ComputeInitialNodes', 'ComputeMaxNodes', 'AutoscalingPolicy') &&
    settings.AutoscalingPolicy === 'enabled' &&
    initial > most
  ) {
    const params = { initial: words('ComputeInitialNodes'), most: words('ComputeMaxNodes') };
    problems.push(
      problem(
        'too-many-at-once',
        params,
        place('ComputeInitialNodes', 'ComputeMaxNodes', 'AutoscalingPolicy'),
      ),
    );
  }
  if (judged('IdleTimeout', 'Lifetime') && idle !== 'off' && idle > lifetime) {
    const params = { idle: words('IdleTimeout'), lifetime: words('Lifetime') };
    problems.push(problem('idle-outlives-cluster', params, place('IdleTimeout', 'Lifetime')));
  }
  if (
    judged('ComputeSpotPrice', 'ComputeInstanceType') &&
    settings.ComputeSpotPrice !== 'on-demand' &&
    shape?.spot === false
  ) {
    const params = { type: words('ComputeInstanceType'), price: words('ComputeSpotPrice') };
    problems.push(problem('no-spot-market', params, place('ComputeSpotPrice', 'ComputeInstanceType')));
  }
  if (
    judged('MasterInstanceType', 'ComputeInstanceType') &&
    login &&
    shape &&
    !shape.architectures.some((one) => login.includes(one))
  ) {
    const describe = (name: 'MasterInstanceType' | 'ComputeInstanceType', all: readonly string[]) =>
      `${words(name)} with ${all.join(' or ')} processors`;
    const params = {
      login: describe('MasterInstanceType', login),
      compute: describe('ComputeInstanceType', shape.architectures),
    };
    problems.push(problem('two-architectures', params, place('ComputeInstanceType', 'MasterInstanceType')));
  }
  return problems;
}
