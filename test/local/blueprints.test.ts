import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Blueprint } from '../../src/core/blueprint.ts';
import { OWN_SETTINGS } from '../../src/core/settings.ts';
import { templateFault } from '../../src/local/resource-order.ts';
import { scheduleOf } from '../../src/local/resource-schedule.ts';

const json = (path: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8'));
const { types } = json('data/ec2-instance-types.json') as {
  types: Record<string, { usdPerHour: number | null; currentGeneration: boolean }>;
};

describe.each(['slurm', 'alces-flight'])('blueprint %s', (name) => {
  const blueprint = json(`blueprints/${name}/blueprint.json`) as Blueprint;

  it('has resources that can be made, in about three minutes, the longest being the boot signal', () => {
    expect(templateFault(blueprint.resources)).toBeUndefined();
    const { end } = scheduleOf(blueprint.resources, 0, (resource) => resource.seconds);
    expect(end).toBeGreaterThan(150);
    expect(end).toBeLessThan(210);
    const longest = blueprint.resources.toSorted((a, b) => b.seconds - a.seconds)[0];
    expect(longest?.type).toBe('AWS::CloudFormation::WaitCondition');
  });

  it('names only parameters that it has', () => {
    for (const resource of blueprint.resources)
      for (const parameter of resource.replacedBy ?? [])
        expect(Object.keys(blueprint.parameters)).toContain(parameter);
  });

  it('lets nothing be changed that would replace a protected resource, or that no parameter carries', () => {
    const guarded = blueprint.resources.flatMap((r) => (r.protected ? (r.replacedBy ?? []) : []));
    for (const setting of blueprint.changeable) {
      expect(OWN_SETTINGS).not.toContain(setting);
      const carriers = Object.entries(blueprint.parameters).flatMap(([parameter, source]) =>
        'from' in source && source.from === setting ? [parameter] : [],
      );
      expect(carriers.length).toBeGreaterThan(0);
      for (const carrier of carriers) expect(guarded).not.toContain(carrier);
    }
  });

  it('has defaults for every setting that a parameter carries, of types whose price is known', () => {
    for (const source of Object.values(blueprint.parameters))
      if ('from' in source) expect(blueprint.defaults).toHaveProperty(source.from);
    for (const role of ['Compute', 'Master']) {
      const { [`${role}InstanceType`]: own, [`${role}InstanceTypeOther`]: other } = blueprint.defaults;
      const type = String(own === 'other' ? other : own).replace(/-.*/, '');
      expect(types[type]?.usdPerHour).toBeGreaterThan(0);
    }
  });
});
