import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { distance, nearest } from './nearest.ts';

describe('distance', () => {
  it.each([
    ['', '', 0],
    ['abc', 'abc', 0],
    ['abc', 'ab', 1],
    ['abc', 'axc', 1],
    ['lagre', 'large', 1],
    ['kitten', 'sitting', 3],
    ['', 'abc', 3],
  ])('of %j and %j is %i', (a, b, far) => {
    expect(distance(a, b)).toBe(far);
  });

  it('is symmetrical, and zero for equal texts only', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 12 }), fc.string({ maxLength: 12 }), (a, b) => {
        expect(distance(a, b)).toBe(distance(b, a));
        expect(distance(a, b) === 0).toBe(a === b);
        expect(distance(a, b)).toBeLessThanOrEqual(Math.max(a.length, b.length));
      }),
    );
  });
});

describe('nearest', () => {
  it('ignores letter case and gives only what is equally near', () => {
    expect(nearest('COMPUTMAXNODES', ['ComputeMaxNodes', 'ComputeMinNodes'], 3)).toEqual(['ComputeMaxNodes']);
    expect(nearest('c5', ['c3', 'c4', 'r5'], 2)).toEqual(['c3', 'c4']);
  });

  it('proposes nothing for what is no slip of anything', () => {
    expect(nearest('Color', ['ComputeMaxNodes'])).toEqual([]);
    expect(nearest('x'.repeat(10_000), ['x'])).toEqual([]);
    expect(nearest('', ['abc'])).toEqual([]);
  });
});
