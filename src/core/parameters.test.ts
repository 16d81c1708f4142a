import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anySettings } from '../../test/any-settings.ts';
import { shippedBlueprint, shippedCatalogue } from '../../test/shipped.ts';
import type { Blueprint } from './blueprint.ts';
import { HOUR } from './instant.ts';
import { changesBetween, defaultsOver, settingsOf } from './merge-settings.ts';
import { parametersOf, settingsCarried, settingsFromParameters } from './parameters.ts';
import { readDefaults } from './request.ts';
import type { Settings } from './settings.ts';

const system = {
  account: 'alice',
  user: 'alice.b',
  profiles: 'alice all',
  cluster: 'demo',
  vpc: 'vpc-1',
  subnets: 'subnet-1,subnet-2',
  subnet: 'subnet-1',
  'ssh-from': '192.0.2.0/24',
  boundary: 'arn:aws:iam::123456789012:policy/boundary',
  'role-path': '/clusters/',
};
const slurm = shippedBlueprint('slurm').blueprint;
const flight = shippedBlueprint('alces-flight').blueprint;
const settings: Settings = {
  Blueprint: 'slurm',
  ComputeInstanceType: 'r4.large',
  MasterInstanceType: 'c4.large',
  ComputeSpotPrice: 0.03,
  AutoscalingPolicy: 'enabled',
  ComputeInitialNodes: 0,
  ComputeMaxNodes: 25,
  MasterSystemVolumeSize: 16,
  Lifetime: 36 * HOUR,
  IdleTimeout: 'off',
  NotifyEmail: 'registered',
};

describe('parametersOf', () => {
  it('writes what Alces Flight takes', () => {
    const { parameters, problems } = parametersOf(flight, settings, system, shippedCatalogue);
    expect(problems).toEqual([]);
    expect(parameters).toEqual({
      ComputeInstanceType: 'other',
      ComputeInstanceTypeOther: 'r4.large-2C-15.25GB',
      MasterInstanceType: 'other',
      MasterInstanceTypeOther: 'c4.large-2C-3.75GB',
      ComputeSpotPrice: '0.03',
      AutoscalingPolicy: 'enabled',
      ComputeInitialNodes: '0',
      ComputeMaxNodes: '25',
      MasterSystemVolumeSize: '16',
      AccessUsername: 'alice',
      FlightProfiles: 'alice all',
    });
  });

  it.each([
    ['alces-spot', 'on-demand', '0'],
    ['alces-spot', 0.0001, '0.0001'],
    ['text', 'on-demand', 'on-demand'],
    ['text', 'spot', 'spot'],
    ['text', 0.5, '0.5'],
  ] as const)('writes a spot price as %s: %s is %s', (as, ComputeSpotPrice, text) => {
    const blueprint: Blueprint = { ...slurm, parameters: { Price: { from: 'ComputeSpotPrice', as } } };
    const { parameters } = parametersOf(
      blueprint,
      { ...settings, ComputeSpotPrice },
      system,
      shippedCatalogue,
    );
    expect(parameters).toEqual({ Price: text });
  });

  it.each([
    ['Lifetime', undefined, '1d12h'],
    ['Lifetime', 'seconds', '129600'],
    ['IdleTimeout', undefined, 'off'],
    ['IdleTimeout', 'seconds', '0'],
  ] as const)('writes %s as %s: %s', (from, as, text) => {
    const blueprint: Blueprint = { ...slurm, parameters: { Time: as ? { from, as } : { from } } };
    expect(parametersOf(blueprint, settings, system, shippedCatalogue).parameters).toEqual({ Time: text });
  });

  it('refuses what a form cannot say', () => {
    const wanted: Settings = { ...settings, ComputeSpotPrice: 'spot', MasterInstanceType: 'p2.xlarge' };
    const { problems } = parametersOf(
      flight,
      wanted,
      system,
      shippedCatalogue,
      new Map([['ComputeSpotPrice', { line: 4, column: 2 }]]),
    );
    expect(problems.map(({ code }) => code).toSorted()).toEqual(['shape-unknown', 'spot-needs-cap']);
    expect(problems.find(({ code }) => code === 'spot-needs-cap')?.at).toEqual({ line: 4, column: 2 });
  });
});

describe('settingsFromParameters', () => {
  it.each([slurm, flight])('gives back all that the parameters of $name carry', (blueprint) => {
    fc.assert(
      fc.property(anySettings, (any) => {
        const wanted: Settings = { ...any, Blueprint: blueprint.name };
        const { parameters, problems } = parametersOf(blueprint, wanted, system, shippedCatalogue);
        fc.pre(problems.length === 0);
        const back = settingsFromParameters(blueprint, parameters, shippedCatalogue);
        const carried = [...settingsCarried(blueprint), 'Blueprint'] as (keyof Settings)[];
        expect(back).toEqual(Object.fromEntries(carried.map((name) => [name, wanted[name]])));
      }),
    );
  });

  it('reads seconds back, and leaves out what it cannot read', () => {
    const blueprint: Blueprint = {
      ...slurm,
      parameters: {
        Life: { from: 'Lifetime', as: 'seconds' },
        Idle: { from: 'IdleTimeout', as: 'seconds' },
        Nodes: { from: 'ComputeMaxNodes' },
        Size: { from: 'MasterSystemVolumeSize' },
      },
    };
    const parameters = { Life: '129600', Idle: '0', Nodes: '****' };
    expect(settingsFromParameters(blueprint, parameters, shippedCatalogue)).toEqual({
      Blueprint: 'slurm',
      Lifetime: 36 * HOUR,
      IdleTimeout: 'off',
    });
  });
});

describe('settingsOf', () => {
  const at = { line: 1, column: 1 };

  it('lays the file over the defaults, and says where each value is from', () => {
    const { complete: _, ...rest } = settings as Settings & { complete?: never };
    const merged = settingsOf(rest, { ComputeMaxNodes: 3 }, new Map([['ComputeMaxNodes', at]]));
    expect(merged.complete).toEqual({ ...settings, ComputeMaxNodes: 3 });
    expect(merged.origins).toMatchObject({ ComputeMaxNodes: 'file', Lifetime: 'default' });
  });

  it('keeps what runs instead of new defaults', () => {
    const merged = settingsOf({ ComputeMaxNodes: 99 }, {}, new Map(), settings);
    expect(merged.complete).toEqual(settings);
    expect(merged.origins.ComputeMaxNodes).toBe('running');
  });

  it('does not know a setting that the file names badly', () => {
    const merged = settingsOf(settings, {}, new Map([['ComputeMaxNodes', at]]));
    expect(merged.settings).not.toHaveProperty('ComputeMaxNodes');
    expect(merged.complete).toBeUndefined();
  });

  it('tells what changes', () => {
    expect(changesBetween(settings, { ...settings, ComputeMaxNodes: 3, Lifetime: HOUR })).toEqual([
      'ComputeMaxNodes',
      'Lifetime',
    ]);
    expect(changesBetween(settings, settings)).toEqual([]);
  });
});

describe('defaultsOver', () => {
  it('replaces a setting by whichever of its keys is used', () => {
    const merged = defaultsOver(flight.defaults, { ComputeInstanceType: 'r4.large', Lifetime: '2d' });
    const { request, problems } = readDefaults(merged, shippedCatalogue);
    expect(problems).toEqual([]);
    expect(request).toMatchObject({
      ComputeInstanceType: 'r4.large',
      MasterInstanceType: 'c4.large',
      Lifetime: 48 * HOUR,
    });
  });
});
