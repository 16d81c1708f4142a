import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DAY, instantOf, isoOf, monthOf, monthStart, readableOf } from './instant.ts';

const FROM = Date.UTC(1970, 0, 1);
const UNTIL = Date.UTC(2201, 0, 1) - 1;
/** Any instant from 1970 to 2200, the edges of days, months and years as often as the rest. */
const instant = fc.oneof(
  fc.integer({ min: FROM, max: UNTIL }),
  fc
    .tuple(
      fc.integer({ min: 1970, max: 2200 }),
      fc.nat(11),
      fc.constantFrom(0, 1, 28, 29, 30, 31),
      fc.constantFrom(-1, 0, 1, 999, 1000),
    )
    .map(([year, month, day, off]) => Date.UTC(year, month, day) + off)
    .filter((at) => at >= FROM && at <= UNTIL),
);
const runs = { numRuns: 3000 };

describe('an instant as text', () => {
  test('is what JavaScript’s own dates say', () => {
    fc.assert(
      fc.property(instant, (at) => {
        const date = new Date(at);
        const iso = date.toISOString();
        expect(isoOf(at)).toBe(`${iso.slice(0, 19)}Z`);
        expect(monthOf(at)).toBe(iso.slice(0, 7));
        expect(monthStart(at)).toBe(Date.UTC(date.getUTCFullYear(), date.getUTCMonth()));
        const [weekday = '', day = '', month = '', year = ''] = date.toUTCString().split(/,? /);
        expect(readableOf(at)).toBe(`${weekday} ${Number(day)} ${month} ${year}, ${iso.slice(11, 16)} UTC`);
      }),
      runs,
    );
  });

  test.each([
    [0, '1970-01-01T00:00:00Z'],
    [Date.UTC(2000, 1, 29, 23, 59, 59), '2000-02-29T23:59:59Z'],
    [Date.UTC(2100, 1, 28, 23, 59, 59) + 1000, '2100-03-01T00:00:00Z'],
    [Date.UTC(2026, 11, 31, 23, 59, 59) + 999, '2026-12-31T23:59:59Z'],
    [-1, '1969-12-31T23:59:59Z'],
  ])('%d is %s', (at, iso) => expect(isoOf(at)).toBe(iso));

  test('reads as a person would say it', () => {
    expect(readableOf(Date.UTC(2026, 10, 29, 15, 4, 59))).toBe('Sun 29 Nov 2026, 15:04 UTC');
    expect(readableOf(Date.UTC(2024, 1, 1))).toBe('Thu 1 Feb 2024, 00:00 UTC');
  });
});

describe('text as an instant', () => {
  test('comes back, with any number of digits of a second', () => {
    fc.assert(
      fc.property(instant, fc.nat(9), (at, digits) => {
        expect(instantOf(isoOf(at))).toBe(Math.floor(at / 1000) * 1000);
        expect(instantOf(new Date(at).toISOString())).toBe(at);
        if (digits === 0) return;
        const fraction = String(at % 1000)
          .padStart(3, '0')
          .padEnd(9, '7')
          .slice(0, digits);
        const kept = digits < 3 ? Number(fraction.padEnd(3, '0')) : at % 1000;
        expect(instantOf(isoOf(at).replace('Z', `.${fraction}Z`))).toBe(Math.floor(at / 1000) * 1000 + kept);
      }),
      runs,
    );
  });

  test('is nothing for a day or an hour that does not exist', () => {
    const two = fc.nat(99).map((n) => String(n).padStart(2, '0'));
    fc.assert(
      fc.property(fc.integer({ min: 1970, max: 2200 }), two, two, two, two, two, (year, ...rest) => {
        const [month, day, hour, minute, second] = rest;
        const text = `${year}-${month}-${day}T${hour}:${minute}:${second}Z`;
        const date = new Date(text);
        const real = !Number.isNaN(date.getTime()) && date.toISOString().slice(0, 19) === text.slice(0, 19);
        expect(instantOf(text)).toBe(real ? date.getTime() : undefined);
      }),
      runs,
    );
    expect(instantOf('2024-02-29T00:00:00Z')).toBe(Date.UTC(2024, 1, 29));
    expect(instantOf('2026-02-29T00:00:00Z')).toBeUndefined();
    expect(instantOf('2026-01-01T24:00:00Z')).toBeUndefined();
  });

  test.each([
    '',
    'now',
    '2026-11-22',
    '2026-11-22T15:04:05',
    '2026-11-22T15:04:05+00:00',
    '2026-11-22 15:04:05Z',
    '2026-11-22T15:04Z',
    '2026-11-22T15:04:05.Z',
    '2026-11-22T15:04:05.1234567890Z',
    '26-11-22T15:04:05Z',
    '+02026-11-22T15:04:05Z',
    ' 2026-11-22T15:04:05Z',
    '2026-11-22T15:04:05Z\n',
    '２026-11-22T15:04:05Z',
  ])('is nothing for %j', (text) => expect(instantOf(text)).toBeUndefined());
});

test('a month begins at its first instant, and the next one begins where it ends', () => {
  fc.assert(
    fc.property(instant, (at) => {
      const start = monthStart(at);
      const next = monthStart(start + 32 * DAY);
      expect(at >= start && at < next).toBe(true);
      expect(monthOf(next - 1)).toBe(monthOf(at));
      expect(monthOf(next)).not.toBe(monthOf(at));
    }),
    runs,
  );
});
