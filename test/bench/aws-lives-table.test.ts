import { describe, expect, it } from 'vitest';
import { inconstancy, talliedCalls } from '../../bench/aws-lives-table.ts';

const calls = (...operations: readonly string[]) => operations.map((operation) => ({ operation }));
const life = (minutes: number, others: number, ...operations: readonly string[]) => ({
  minutes,
  others,
  ours: { life: { calls: calls(...operations), invocations: 8 } },
});

describe('what the promise of constant cost is held against', () => {
  it('counts calls by name, in whatever order they came', () => {
    expect(talliedCalls(calls('PutObject', 'GetObject', 'PutObject'))).toBe('1 GetObject, 2 PutObject');
  });

  it('is silent while every life costs the same', () => {
    expect(inconstancy([])).toBeUndefined();
    expect(
      inconstancy([life(1, 0, 'GetObject', 'PutObject'), life(30, 1000, 'PutObject', 'GetObject')]),
    ).toBeUndefined();
  });

  it('says which two lives differ, also where only the kind of a call or the invocations do', () => {
    const other = inconstancy([life(1, 0, 'GetObject'), life(5, 0, 'GetObject'), life(5, 100, 'HeadObject')]);
    expect(other).toContain('8 invocations and 1 GetObject with 1 minutes of creation and 0 other stacks');
    expect(other).toContain('8 invocations and 1 HeadObject with 5 minutes of creation and 100 other stacks');
    const once = life(1, 0, 'GetObject');
    const more = { ...once, others: 9, ours: { life: { ...once.ours.life, invocations: 9 } } };
    expect(inconstancy([once, more])).toContain('9 invocations');
  });
});
