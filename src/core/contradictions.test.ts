import { describe, expect, it } from 'vitest';
import { shippedCatalogue } from '../../test/shipped.ts';
import { contradictions } from './contradictions.ts';
import { HOUR } from './instant.ts';
import type { Origin } from './merge-settings.ts';
import type { SettingName, Settings } from './settings.ts';

const base: Partial<Settings> = {
  AutoscalingPolicy: 'enabled',
  ComputeInitialNodes: 1,
  ComputeMaxNodes: 4,
  ComputeSpotPrice: 0.05,
  ComputeInstanceType: 'c5.large',
  MasterInstanceType: 'c5.large',
  Lifetime: 8 * HOUR,
  IdleTimeout: 'off',
};

function judge(changes: Partial<Settings>, origin: Origin = 'file') {
  const settings = { ...base, ...changes };
  const origins = Object.fromEntries(Object.keys(settings).map((name) => [name, origin]));
  return contradictions(settings, { origins, named: new Map(), catalogue: shippedCatalogue });
}

describe('contradictions', () => {
  it.each([
    [{}, []],
    [{ ComputeInitialNodes: 4 }, []],
    [{ ComputeInitialNodes: 5 }, ['too-many-at-once']],
    [{ ComputeInitialNodes: 5, AutoscalingPolicy: 'disabled' }, []],
    [{ IdleTimeout: 8 * HOUR }, []],
    [{ IdleTimeout: 8 * HOUR + 1 }, ['idle-outlives-cluster']],
    [{ ComputeInstanceType: 'hpc6a.48xlarge' }, ['no-spot-market']],
    [{ ComputeInstanceType: 'hpc6a.48xlarge', ComputeSpotPrice: 'spot' }, ['no-spot-market']],
    [{ ComputeInstanceType: 'hpc6a.48xlarge', ComputeSpotPrice: 'on-demand' }, []],
    [{ MasterInstanceType: 'm6g.large' }, ['two-architectures']],
    [{ ComputeInstanceType: 'm6g.large' }, ['two-architectures']],
    [{ MasterInstanceType: 'c6g.large', ComputeInstanceType: 'm6g.large' }, []],
    // i386 and x86_64 on one side is no other processor family.
    [{ MasterInstanceType: 'c3.large' }, []],
    // The shape of p2.xlarge is not known, so nothing can be held against it.
    [{ ComputeInstanceType: 'p2.xlarge', MasterInstanceType: 'm6g.large' }, []],
    [
      { ComputeInitialNodes: 9, IdleTimeout: 9 * HOUR, MasterInstanceType: 'm6g.large' },
      ['too-many-at-once', 'idle-outlives-cluster', 'two-architectures'],
    ],
  ] as [Partial<Settings>, string[]][])('%j: %j', (changes, codes) => {
    expect(judge(changes).map(({ code }) => code)).toEqual(codes);
  });

  it.each([
    [
      'too-many-at-once',
      { ComputeInitialNodes: 9 },
      ['AutoscalingPolicy', 'ComputeInitialNodes', 'ComputeMaxNodes'],
    ],
    ['idle-outlives-cluster', { IdleTimeout: 9 * HOUR }, ['IdleTimeout', 'Lifetime']],
    [
      'no-spot-market',
      { ComputeInstanceType: 'hpc6a.48xlarge' },
      ['ComputeSpotPrice', 'ComputeInstanceType'],
    ],
    ['two-architectures', { MasterInstanceType: 'm6g.large' }, ['MasterInstanceType', 'ComputeInstanceType']],
  ] as [string, Partial<Settings>, SettingName[]][])(
    'judges %s only when all of it is known',
    (code, changes, names) => {
      const settings = { ...base, ...changes };
      const context = { origins: {}, named: new Map(), catalogue: shippedCatalogue };
      expect(contradictions(settings, context).map((one) => one.code)).toEqual([code]);
      for (const name of names) {
        const { [name]: _, ...rest } = settings;
        expect(contradictions(rest, context)).toEqual([]);
      }
    },
  );

  it('says which value is not from the file, and points at the one that is', () => {
    const named = new Map([['ComputeInitialNodes', { line: 3, column: 7 }] as const]);
    const origins = {
      ComputeInitialNodes: 'file',
      ComputeMaxNodes: 'default',
      AutoscalingPolicy: 'default',
    } as const;
    const [found] = contradictions(
      { ...base, ComputeInitialNodes: 9 },
      { origins, named, catalogue: shippedCatalogue },
    );
    expect(found?.message).toBe(
      'ComputeInitialNodes is 9, more than ComputeMaxNodes, which is 4 (the default)',
    );
    expect(found?.at).toEqual({ line: 3, column: 7 });
  });

  it('leaves alone what the running cluster has lived with', () => {
    expect(judge({ ComputeInitialNodes: 9, MasterInstanceType: 'm6g.large' }, 'running')).toEqual([]);
    expect(judge({ ComputeInitialNodes: 9 }, 'default').map(({ code }) => code)).toEqual([
      'too-many-at-once',
    ]);
  });
});
