import * as fc from 'fast-check';
import { DAY, HOUR, MINUTE } from '../src/core/instant.ts';
import type { Settings } from '../src/core/settings.ts';
import { shippedCatalogue } from './shipped.ts';

/** Types whose shape is known, that run Linux, and that the spot market has. */
const TYPES = shippedCatalogue.names.filter((name) => {
  const shape = shippedCatalogue.lookup(name)?.shape;
  return shape?.spot === true && shape.architectures.includes('x86_64');
});

const minutes = (least: number, most: number) =>
  fc.integer({ min: least, max: most }).map((count) => count * MINUTE);

/** Settings that a request can ask for, without contradictions. */
export const anySettings: fc.Arbitrary<Settings> = fc
  .record({
    Blueprint: fc.constantFrom('slurm', 'alces-flight'),
    ComputeInstanceType: fc.constantFrom(...TYPES),
    MasterInstanceType: fc.constantFrom(...TYPES),
    ComputeSpotPrice: fc.oneof(
      fc.constantFrom('on-demand' as const, 'spot' as const),
      fc.integer({ min: 1, max: 5_000_000 }).map((n) => n / 10_000),
    ),
    AutoscalingPolicy: fc.constantFrom('enabled' as const, 'disabled' as const),
    ComputeInitialNodes: fc.integer({ min: 0, max: 10_000 }),
    ComputeMaxNodes: fc.integer({ min: 1, max: 10_000 }),
    MasterSystemVolumeSize: fc.integer({ min: 8, max: 1024 }),
    Lifetime: minutes((10 * MINUTE) / MINUTE, (365 * DAY) / MINUTE),
    IdleTimeout: fc.oneof(fc.constant('off' as const), minutes(5, (12 * HOUR) / MINUTE)),
    NotifyEmail: fc.constantFrom('registered', 'alice@example.org', "o'neil+hpc@cs.example.ac.uk"),
  })
  .filter(({ IdleTimeout, Lifetime }) => IdleTimeout === 'off' || IdleTimeout <= Lifetime)
  .map((one) => ({ ...one, ComputeInitialNodes: Math.min(one.ComputeInitialNodes, one.ComputeMaxNodes) }));

const cases = (text: string) => fc.constantFrom(text, text.toUpperCase(), `  ${text} `);

function spellings(key: keyof Settings, settings: Settings): fc.Arbitrary<readonly [string, unknown][]> {
  const one = (arbitrary: fc.Arbitrary<unknown>) =>
    arbitrary.map((value): [string, unknown][] => [[key, value]]);
  const value = settings[key];
  switch (key) {
    case 'ComputeInstanceType':
    case 'MasterInstanceType': {
      const alces = shippedCatalogue.alcesSpelling(String(value)) ?? String(value);
      const spelt = fc.oneof(
        cases(String(value)),
        cases(alces),
        fc.constant(`some-${alces.split('-').slice(-2).join('-')}.small-${value}`),
      );
      const other = spelt.map((text): [string, unknown][] => [
        [key, 'other'],
        [`${key}Other`, text],
      ]);
      return fc.oneof(
        one(spelt),
        other,
        spelt.map((text): [string, unknown][] => [[`${key}Other`, text]]),
      );
    }
    case 'ComputeSpotPrice':
      if (typeof value === 'number') return one(fc.constantFrom(value, String(value), ` ${value} `));
      return one(
        value === 'spot'
          ? cases('spot')
          : fc.oneof(cases('on-demand'), fc.constantFrom(0, '0', '0.00', 'on demand')),
      );
    case 'AutoscalingPolicy':
      return one(fc.oneof(fc.constant(value === 'enabled'), cases(String(value))));
    case 'Lifetime':
    case 'IdleTimeout':
      if (value === 'off') return one(fc.oneof(cases('off'), fc.constant(false)));
      return one(
        fc.constantFrom(
          `${Number(value) / MINUTE}m`,
          `${Number(value) / MINUTE} Minutes`,
          `${Number(value) / 1000}s`,
        ),
      );
    case 'Blueprint':
      return one(cases(String(value)));
    case 'NotifyEmail':
      return one(fc.constantFrom(value, ` ${value} `));
    case 'ComputeInitialNodes':
    case 'ComputeMaxNodes':
    case 'MasterSystemVolumeSize':
      return one(fc.constantFrom(value, String(value), ` ${value} `));
  }
}

/** Settings, and a request file that asks for them in some spelling of each, keys in any order. */
export const anyRequest: fc.Arbitrary<{ settings: Settings; text: string }> = anySettings.chain((settings) =>
  fc
    .tuple(...(Object.keys(settings) as (keyof Settings)[]).map((key) => spellings(key, settings)))
    .chain((parts) => fc.shuffledSubarray(parts.flat(), { minLength: parts.flat().length }))
    .chain((members) =>
      fc.constantFrom(undefined, 2, '\t').map((indent) => ({
        settings,
        text: JSON.stringify(Object.fromEntries(members), null, indent),
      })),
    ),
);
