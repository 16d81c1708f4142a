import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { durationOf, durationText } from './duration.ts';
import { DAY, HOUR, MINUTE, SECOND } from './instant.ts';

describe('durationOf', () => {
  it.each([
    ['8h', 8 * HOUR],
    ['3d', 3 * DAY],
    ['90m', 90 * MINUTE],
    ['1d12h', 36 * HOUR],
    [' 1 Day 12 Hours ', 36 * HOUR],
    ['1.5d', 36 * HOUR],
    ['2w', 14 * DAY],
    ['45 min', 45 * MINUTE],
    ['30s', 30 * SECOND],
    ['0h', 0],
  ])('reads %j', (text, milliseconds) => {
    expect(durationOf(text)).toBe(milliseconds);
  });

  it.each(['', '8', 'h', '-8h', '8x', '8h 30', '8 constructor', 'forever', '1e3h', '8h;', '٣d'])(
    'refuses %j',
    (text) => {
      expect(durationOf(text)).toBeUndefined();
    },
  );

  it('reads what durationText writes, to the second', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10_000 * DAY }), (milliseconds) => {
        expect(durationOf(durationText(milliseconds))).toBe(Math.floor(milliseconds / SECOND) * SECOND);
      }),
    );
  });

  it('is quick on a long line', () => {
    expect(durationOf('1 '.repeat(30_000))).toBeUndefined();
  });
});

describe('durationText', () => {
  it.each([
    [36 * HOUR, '1d12h'],
    [90 * MINUTE, '1h30m'],
    [7 * DAY, '7d'],
    [999, '0s'],
  ])('%i is %s', (milliseconds, text) => {
    expect(durationText(milliseconds)).toBe(text);
  });
});
