import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS, fitsGlob, limitsFor, readLimits } from './limits.ts';

describe('readLimits', () => {
  it('takes what is shipped, any part of it, and notes', () => {
    expect(readLimits(DEFAULT_LIMITS)).toEqual({ limits: DEFAULT_LIMITS });
    expect(readLimits({ '//': 'why', $schema: 'x', nodes: 5, usdPerHour: null })).toEqual({
      limits: { nodes: 5, usdPerHour: null },
    });
    expect(readLimits({ frozen: 'maintenance' })).toEqual({ limits: { frozen: 'maintenance' } });
  });

  it.each([
    [null, ''],
    [[], ''],
    ['x', ''],
    [{ nodes: '5' }, 'nodes'],
    [{ nodes: -1 }, 'nodes'],
    [{ clusters: 1.5 }, 'clusters'],
    [{ nodes: null }, 'nodes'],
    [{ usdPerHour: '5' }, 'usdPerHour'],
    [{ usdPerMonth: -1 }, 'usdPerMonth'],
    [{ spotPrice: Number.POSITIVE_INFINITY }, 'spotPrice'],
    [{ instanceTypes: 'r4.*' }, 'instanceTypes'],
    [{ instanceTypes: [1] }, 'instanceTypes'],
    [{ onDemand: 'no' }, 'onDemand'],
    [{ longestLifetime: '30' }, 'longestLifetime'],
    [{ longestLifetime: '0d' }, 'longestLifetime'],
    [{ frozen: true }, 'frozen'],
    [{ usdPerHuor: 5 }, 'usdPerHuor'],
    [{ constructor: 5 }, 'constructor'],
  ])('refuses %j for %s', (json, where) => {
    const read = readLimits(json);
    expect('problems' in read && read.problems.map(({ code }) => code)).toEqual(['bad-limits']);
    expect('problems' in read && read.problems[0]?.message).toContain(where);
  });

  it('passes over keys of a newer version, but not over a known one that is wrong', () => {
    expect(readLimits({ version: 2, moonPhase: 'full', nodes: 5 })).toEqual({
      limits: { version: 2, nodes: 5 },
    });
    expect(readLimits({ version: 2, nodes: 'few' })).toHaveProperty('problems');
  });
});

describe('limitsFor', () => {
  it('lays the user over the default over what is shipped, key by key', () => {
    expect(limitsFor({ nodes: 5, clusters: 1 }, { nodes: 7, usdPerHour: null })).toEqual({
      ...DEFAULT_LIMITS,
      clusters: 1,
      nodes: 7,
      usdPerHour: null,
    });
    expect(limitsFor()).toEqual(DEFAULT_LIMITS);
  });

  it('freezes a user, or everybody whatever the user has', () => {
    expect(limitsFor({}, { frozen: 'talk to me' }).frozen).toBe('talk to me');
    expect(limitsFor({ frozen: 'budget' }, { frozen: '' }).frozen).toBe('budget');
    expect(limitsFor({ frozen: '' }, {})).not.toHaveProperty('frozen');
  });
});

describe('fitsGlob', () => {
  it.each([
    ['r4.large', ['*'], true],
    ['r4.large', ['c4.*', 'r4.*'], true],
    ['r4.large', ['r?.large'], true],
    ['R4.large', ['r4.LARGE'], true],
    ['r4xlarge', ['r4.large', 'r4.?large'], false],
    ['r4.large', ['r4'], false],
    ['xr4.large', ['r4.*'], false],
    ['r4.large', [], false],
    ['a+b', ['a+b'], true],
    ['aab', ['a+b'], false],
  ])('%s in %j: %s', (text, globs, fits) => {
    expect(fitsGlob(text, globs)).toBe(fits);
  });

  it('is quick on a pattern of stars', () => {
    expect(fitsGlob('a'.repeat(60), [`${'*'.repeat(60)}b`])).toBe(false);
  });
});
