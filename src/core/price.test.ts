import { describe, expect, it } from 'vitest';
import { shippedBlueprint, shippedCatalogue, shippedPlan } from '../../test/shipped.ts';
import { catalogueOf } from './instance-catalogue.ts';
import { DAY, HOUR } from './instant.ts';
import { type Price, priceOf, priceText, untilEnd, usdText } from './price.ts';

const settings = {
  MasterInstanceType: 'r4.large',
  MasterSystemVolumeSize: 73,
  ComputeInstanceType: 'c4.large',
  ComputeMaxNodes: 10,
} as const;
const blueprint = { price: { nodeDiskGb: 146 } };
/** 73 GB x 0.08 USD / 730 h, and ten disks of twice that size. */
const DISKS = 0.008 + 0.16;

describe('priceOf', () => {
  it.each([
    ['a cap', 0.03, 0.133 + 10 * 0.03 + DISKS],
    ['on demand', 'on-demand', 0.133 + 10 * 0.1 + DISKS],
    ['spot without a cap, at the list price', 'spot', 0.133 + 10 * 0.1 + DISKS],
  ] as const)('adds up login node, disks and the most nodes with %s', (_, spot, usd) => {
    const price = priceOf({ ...settings, ComputeSpotPrice: spot }, blueprint, shippedCatalogue);
    expect(price.usdPerHour).toBeCloseTo(usd, 9);
    expect(price.parts.reduce((sum, part) => sum + (part.usdPerHour ?? 0), 0)).toBeCloseTo(usd, 9);
    expect(price).toMatchObject({ date: '2026-07-20', region: 'us-east-1', perGbMonth: 0.08 });
  });

  it('does not know a sum of which it does not know a part', () => {
    const unknown = { ...settings, ComputeInstanceType: 'p5e.48xlarge', ComputeSpotPrice: 'spot' } as const;
    const price = priceOf(unknown, blueprint, shippedCatalogue);
    expect(price.usdPerHour).toBeNull();
    expect(untilEnd(price, DAY)).toBeNull();
    expect(priceText(price)).toBe(
      'price not known: there is none for compute nodes p5e.48xlarge (list prices of 2026-07-20, us-east-1)',
    );
    // A cap is known, whatever the list price.
    expect(
      priceOf({ ...unknown, ComputeSpotPrice: 2 }, blueprint, shippedCatalogue).usdPerHour,
    ).toBeGreaterThan(20);
    const empty = catalogueOf({ about: {}, types: {} });
    expect(priceOf({ ...settings, ComputeSpotPrice: 2 }, blueprint, empty).usdPerHour).toBeNull();
  });

  it('has no line for disks that a blueprint does not bring', () => {
    const parts = (nodeDiskGb: number) =>
      priceOf({ ...settings, ComputeSpotPrice: 1 }, { price: { nodeDiskGb } }, shippedCatalogue).parts.length;
    expect(parts(0)).toBe(parts(1) - 1);
  });

  it('words the example of the guide', () => {
    const { price } = shippedPlan(
      '{"ComputeSpotPrice": "0.03", "ComputeMaxNodes": "25", "MasterInstanceType": "r4.large", "MasterSystemVolumeSize": 16}',
    );
    const disks = (16 + 25 * shippedBlueprint('slurm').blueprint.price.nodeDiskGb) * (0.08 / 730);
    expect(price && priceText(price)).toBe(
      `at most about ${usdText(0.133 + 25 * 0.03 + disks)} USD per hour (estimate, list prices of 2026-07-20, us-east-1)`,
    );
  });
});

describe('untilEnd', () => {
  it('multiplies by hours', () => {
    const price: Pick<Price, 'usdPerHour'> = { usdPerHour: 2 };
    expect(untilEnd(price, 36 * HOUR)).toBe(72);
  });
});

describe('usdText', () => {
  it.each([
    [0, '0.00'],
    [0.1 + 0.2, '0.30'],
    [1.001, '1.01'],
    [3.46, '3.46'],
    [1234.5, '1234.50'],
  ])('rounds %d up to %s', (usd, text) => {
    expect(usdText(usd)).toBe(text);
  });
});
