import { describe, expect, it } from 'vitest';
import { shippedCatalogue } from '../../test/shipped.ts';
import { catalogueOf } from './instance-catalogue.ts';
import { instanceSpelling } from './instance-spelling.ts';

describe('the shipped catalogue', () => {
  it('knows the day and the region of its prices', () => {
    expect(shippedCatalogue.date).toBe('2026-07-20');
    expect(shippedCatalogue.region).toBe('us-east-1');
  });

  it.each([
    ['r4.large', 'r4.large-2C-15.25GB'],
    ['c4.large', 'c4.large-2C-3.75GB'],
    ['t2.nano', 't2.nano-1C-0.5GB'],
    ['g4dn.xlarge', 'g4dn.xlarge-1GPU-4C-16GB'],
    ['p2.xlarge', undefined],
    ['no.such', undefined],
  ])('spells %s as Alces did: %s', (type, spelling) => {
    expect(shippedCatalogue.alcesSpelling(type)).toBe(spelling);
  });

  it('reads every spelling that it writes', () => {
    for (const name of shippedCatalogue.names) {
      const spelling = shippedCatalogue.alcesSpelling(name);
      if (spelling !== undefined)
        expect(instanceSpelling(spelling, shippedCatalogue)).toEqual({ kind: 'type', type: name });
    }
  });

  it('keeps an unknown price null and an unknown shape absent', () => {
    expect(shippedCatalogue.lookup('p5e.48xlarge')).toMatchObject({
      usdPerHour: null,
      shape: { vcpus: 192 },
    });
    expect(shippedCatalogue.lookup('p2.xlarge')).toEqual({ name: 'p2.xlarge', usdPerHour: 0.9 });
  });

  it.each([
    ['r4.lagre', 'r4.large'],
    ['r4large', 'r4.large'],
    ['R4.XLARG', 'r4.xlarge'],
    ['c7i-flx.large', 'c7i-flex.large'],
  ])('proposes for %s first %s', (text, type) => {
    expect(shippedCatalogue.nearest(text)[0]).toBe(type);
  });
});

describe('catalogueOf', () => {
  it.each([
    [null],
    [{ types: {} }],
    [{ about: {}, types: { 'x.y': 1 } }],
    [{ about: {}, types: { 'x.y': { usdPerHour: 0 } } }],
    [{ about: {}, types: { 'x.y': { usdPerHour: '1' } } }],
    [{ about: {}, types: { 'x.y': { usdPerHour: 1, vcpus: 2 } } }],
  ])('refuses %j', (json) => {
    expect(() => catalogueOf(json)).toThrow(TypeError);
  });

  it('takes day and region that are stated as such', () => {
    const { date, region } = catalogueOf({ about: { date: '2030-01-02', region: 'eu-west-2' }, types: {} });
    expect([date, region]).toEqual(['2030-01-02', 'eu-west-2']);
  });
});
