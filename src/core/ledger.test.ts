import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { pending } from '../../test/decide/sights.ts';
import { sampleEntry } from '../../test/report/samples.ts';
import { type Entry, isLiving } from './entry.ts';
import { clusterAt } from './identity.ts';
import { DAY, HOUR, monthOf, monthStart } from './instant.ts';
import {
  closeEntry,
  committedUsd,
  costByMonth,
  costUntil,
  emptyLedger,
  entryKey,
  entryOf,
  type Ledger,
  settle,
  totalsOf,
  withClosedDrop,
  withEntry,
  withLetters,
  withoutEntry,
  withoutLetter,
} from './ledger.ts';
import type { Letter } from './letter.ts';

const START = Date.UTC(2026, 9, 20);
const instant = fc.integer({ min: START, max: START + 120 * DAY });
/** Rates in quarters, so that sums are exact enough to compare. */
const rate = fc.nat(400).map((quarters) => quarters / 4);
const anyRate = fc.option(rate, { freq: 6 });

function entry(more: Partial<Entry> & { usd?: number | null; path?: string } = {}): Entry {
  const { usd = 1, path = 'home/alice/c', ...rest } = more;
  const { stackId = 'arn:c', ...sample } = sampleEntry();
  return {
    ...sample,
    stackId,
    cluster: clusterAt('hpc-home', path),
    price: { ...sample.price, usdPerHour: usd },
    reservedAt: START,
    rateSince: START,
    endsAt: START + 7 * DAY,
    ...rest,
  };
}

const ledgerOf = (...entries: readonly Entry[]): Ledger =>
  entries.reduce((ledger, one) => withEntry(ledger, one), emptyLedger('alice'));
const sum = (amounts: Readonly<Record<string, number | null>>) =>
  Object.values(amounts).reduce<number | null>(
    (all, one) => (all === null || one === null ? null : all + one),
    0,
  );
const only = (ledger: Ledger): Entry => {
  const [one] = Object.values(ledger.clusters);
  if (!one) throw new Error('an empty ledger');
  return one;
};
const letter = (id: string, to: readonly string[] = ['a@example.org']): Letter => ({
  id,
  to,
  subject: 's',
  text: 't',
  at: 0,
});

describe('cost by month', () => {
  test('sums to the whole, each month for itself', () => {
    fc.assert(
      fc.property(rate, instant, instant, (usd, from, to) => {
        const cost = costByMonth(usd, from, to);
        expect(sum(cost)).toBeCloseTo((usd * Math.max(0, to - from)) / HOUR, 6);
        for (const [month, part] of Object.entries(cost)) {
          const first = Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5)) - 1);
          const next = Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5)));
          const within = Math.min(to, next) - Math.max(from, first);
          expect(part).toBeCloseTo((usd * within) / HOUR, 6);
          expect(within).toBeGreaterThan(0);
        }
      }),
    );
  });

  test('of an unknown rate is unknown in every month that it touches', () => {
    const to = Date.UTC(2026, 11, 1, 1);
    expect(costByMonth(null, START, to)).toEqual({ '2026-10': null, '2026-11': null, '2026-12': null });
    expect(costByMonth(2, to, START)).toEqual({});
    expect(costByMonth(2, to - HOUR, to)).toEqual({ '2026-12': 2 });
    expect(costByMonth(2, to - 2 * HOUR, to)).toEqual({ '2026-11': 2, '2026-12': 2 });
  });
});

describe('what a cluster cost', () => {
  test('grows from its rate, and is unknown once any of it is', () => {
    expect(costUntil(entry({ usd: 2, paid: 5 }), START + 3 * HOUR)).toBe(11);
    expect(costUntil(entry({ usd: 2, paid: 5 }), START - HOUR)).toBe(5);
    expect(costUntil(entry({ usd: null }), START + HOUR)).toBeNull();
    expect(costUntil(entry({ paid: null }), START + HOUR)).toBeNull();
  });

  test('is the same whenever and however often it is settled', () => {
    fc.assert(
      fc.property(rate, fc.array(instant, { maxLength: 6 }), instant, (usd, looks, end) => {
        let ledger = ledgerOf(entry({ usd, paid: 3 }));
        const whole = costUntil(only(ledger), end) ?? 0;
        for (const look of looks.filter((one) => one <= end).toSorted((a, b) => a - b)) {
          const before = costUntil(only(ledger), end) ?? Number.NaN;
          ledger = settle(ledger, only(ledger), look);
          expect(only(ledger).rateSince).toBe(look);
          expect(costUntil(only(ledger), end)).toBeCloseTo(before, 6);
        }
        ledger = settle(ledger, only(ledger), end);
        expect(only(ledger).paid).toBeCloseTo(whole, 6);
        expect(sum(ledger.spent)).toBeCloseTo(whole - 3, 6);
        expect(ledger.spent).toEqual(
          Object.fromEntries(
            Object.entries(costByMonth(usd, START, end)).map(([month, part]) => [
              month,
              expect.closeTo(part ?? 0, 6),
            ]),
          ),
        );
      }),
    );
  });

  test('a clock set back takes nothing away', () => {
    const ledger = settle(ledgerOf(), entry({ usd: 2, paid: 5 }), START - DAY);
    expect(ledger.spent).toEqual({});
    expect(only(ledger)).toMatchObject({ paid: 5, rateSince: START });
  });

  test('unknown stays unknown for the month, whatever is added', () => {
    const unknown = settle(ledgerOf(), entry({ usd: null }), START + HOUR);
    expect(unknown.spent).toEqual({ '2026-10': null });
    expect(settle(unknown, entry({ usd: 2 }), START + HOUR).spent).toEqual({ '2026-10': null });
    expect(settle(ledgerOf(), entry({ usd: 0 }), START + HOUR).spent).toEqual({ '2026-10': 0 });
  });
});

describe('the sum of spent and promised', () => {
  const month = START;
  const usdOf = (ledger: Ledger, now: number) => totalsOf(ledger, now).usdThisMonth;

  test('is kept when a cluster is settled or ends on time', () => {
    const end = fc.integer({ min: 1, max: 9 * 24 }).map((hours) => START + hours * HOUR);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(rate, end), { minLength: 1, maxLength: 4 }),
        fc.nat(200),
        (some, hours) => {
          const entries = some.map(([usd, endsAt], n) => entry({ usd, endsAt, path: `home/alice/c${n}` }));
          const before = ledgerOf(...entries);
          const now = START + hours * HOUR;
          const whole = usdOf(before, month) ?? Number.NaN;
          let ledger = before;
          for (const one of entries) {
            if (one.endsAt > now) ledger = settle(ledger, one, now);
            else
              ledger = closeEntry(
                withEntry(ledger, { ...one, endedAt: one.endsAt }),
                { ...one, endedAt: one.endsAt },
                now,
              );
            expect(usdOf(ledger, month)).toBeCloseTo(whole, 6);
          }
          expect(Object.keys(ledger.clusters)).toHaveLength(entries.filter((one) => one.endsAt > now).length);
        },
      ),
    );
  });

  test('shrinks by what an early end saves, and no more', () => {
    const early = { ...entry({ usd: 2 }), endedAt: START + 10 * HOUR };
    const ledger = closeEntry(withEntry(ledgerOf(), early), early, START + 50 * HOUR);
    expect(ledger.clusters).toEqual({});
    expect(ledger.spent).toEqual({ '2026-10': 20 });
    expect(usdOf(ledger, month)).toBe(20);
    expect(usdOf(ledger, Date.UTC(2026, 10, 5))).toBe(0);
  });

  test('a smaller cluster does not make its past cheap, nor a bigger one its past dear', () => {
    const now = START + 24 * HOUR;
    const settled = settle(ledgerOf(), entry({ usd: 10 }), now);
    const smaller = { ...only(settled), price: { ...only(settled).price, usdPerHour: 1 } };
    expect(usdOf(withEntry(settled, smaller), now)).toBe(24 * 10 + 6 * 24 * 1);
  });

  test('holds the dearer of two prices while a change is under way', () => {
    const priced = (usdPerHour: number | null) => pending({ price: { ...sampleEntry().price, usdPerHour } });
    expect(committedUsd(entry({ usd: 2 }), START)).toBe(2 * 168);
    expect(committedUsd(entry({ usd: 2, update: priced(3) }), START)).toBe(3 * 168);
    expect(committedUsd(entry({ usd: 2, update: priced(1) }), START)).toBe(2 * 168);
    expect(committedUsd(entry({ usd: 2, update: priced(null) }), START)).toBeNull();
    expect(committedUsd(entry({ usd: null, update: priced(1) }), START)).toBeNull();
  });

  test('of a month counts what falls into it and what is promised beyond', () => {
    const november = Date.UTC(2026, 10, 1);
    const one = entry({ usd: 1, endsAt: november + 10 * HOUR });
    expect(committedUsd(one, START)).toBe((november - START) / HOUR + 10);
    expect(committedUsd(one, november)).toBe(10);
    // Past its end it is still paid for, until it has ended.
    expect(committedUsd(one, november + 15 * HOUR)).toBe(15);
    expect(committedUsd({ ...one, endedAt: november - HOUR }, november + 15 * HOUR)).toBe(0);
    expect(committedUsd({ ...one, endedAt: november + HOUR }, november + 15 * HOUR)).toBe(1);
  });
});

describe('totals', () => {
  const running = entry({ usd: 1, path: 'home/alice/running' });
  const { stackId: _, ...bare } = entry({ usd: 1, path: 'home/alice/reserved' });
  const going = entry({ usd: 1, path: 'home/alice/going', ending: { why: 'asked', at: START, attempts: 1 } });
  const stuck = entry({ usd: 1, path: 'home/alice/stuck', stuckTold: START });
  const ended = entry({ usd: 1, path: 'home/alice/ended', endedAt: START + 5 * HOUR });

  test('count what lives, is reserved, is going or is stuck; not what has ended', () => {
    const ledger = ledgerOf(running, bare, going, stuck, ended);
    expect(totalsOf(ledger, START)).toEqual({ clusters: 4, usdThisMonth: 4 * 168 + 5 });
    expect(totalsOf(emptyLedger('alice'), START)).toEqual({ clusters: 0, usdThisMonth: 0 });
    expect([running, bare, ended].map(isLiving)).toEqual([true, true, false]);
  });

  test('of the cluster that is judged only what it cost counts', () => {
    const ledger = ledgerOf(running, going);
    expect(totalsOf(ledger, START + 2 * HOUR, running.cluster)).toEqual({
      clusters: 1,
      usdThisMonth: 168 + 2,
    });
    expect(totalsOf(ledgerOf(ended), START + 9 * HOUR, ended.cluster)).toEqual({
      clusters: 0,
      usdThisMonth: 5,
    });
    expect(totalsOf(ledger, START, clusterAt('another', running.cluster.path)).clusters).toBe(2);
  });

  test('are unknown as soon as a part is', () => {
    expect(totalsOf(ledgerOf(running, entry({ usd: null })), START).usdThisMonth).toBeNull();
    expect(
      totalsOf({ ...ledgerOf(running), spent: { [monthOf(START)]: null } }, START).usdThisMonth,
    ).toBeNull();
    expect(totalsOf({ ...ledgerOf(), spent: { '2026-09': null } }, START).usdThisMonth).toBe(0);
  });

  test('never promise less than what a cluster will have cost this month at its end', () => {
    fc.assert(
      fc.property(anyRate, instant, instant, (usd, now, end) => {
        const one = entry({ usd, endsAt: end });
        const { usdThisMonth } = totalsOf(ledgerOf(one), now);
        const cost = costByMonth(usd, Math.max(START, monthStart(now)), Math.max(end, now));
        if (usd === null) expect(usdThisMonth).toBeNull();
        else expect(usdThisMonth).toBeCloseTo(sum(cost) ?? Number.NaN, 6);
      }),
    );
  });
});

describe('closing', () => {
  test('moves the cost into the months, remembers the drop, and happens once', () => {
    const one = entry({ usd: 2, endedAt: START + HOUR });
    const closed = closeEntry(ledgerOf(one), one, START + DAY);
    expect(closed).toMatchObject({
      clusters: {},
      spent: { '2026-10': 2 },
      closed: { [one.drop.id]: { at: START + DAY } },
    });
    expect(closeEntry(closed, one, START + DAY)).toBe(closed);
  });

  test('a reservation costs nothing', () => {
    const { stackId: _, ...reserved } = entry({ usd: 2, endedAt: START + HOUR });
    expect(closeEntry(ledgerOf(reserved), reserved, START + DAY).spent).toEqual({});
    expect(closeEntry(ledgerOf(reserved), reserved, START + DAY).clusters).toEqual({});
  });

  test('drops are remembered for an hour, the newest 500 of them, with their answer', () => {
    const problems = [{ code: 'blank-file', owner: 'author', message: 'm', fix: 'f' }] as const;
    const first = withClosedDrop(emptyLedger('alice'), 'one', START, problems);
    expect(first.closed).toEqual({ one: { at: START, problems } });
    expect(Object.keys(withClosedDrop(first, 'two', START + HOUR - 1).closed)).toEqual(['one', 'two']);
    expect(Object.keys(withClosedDrop(first, 'two', START + HOUR).closed)).toEqual(['two']);
    expect(withClosedDrop(first, 'one', START + 1).closed).toEqual({ one: { at: START + 1 } });
    let many = first;
    for (let n = 0; n < 600; n++) many = withClosedDrop(many, `drop ${n}`, START + n);
    expect(Object.keys(many.closed).length).toBeGreaterThanOrEqual(500);
    expect(Object.keys(many.closed).length).toBeLessThanOrEqual(501);
    expect(many.closed).toHaveProperty('drop 599');
    expect(many.closed).not.toHaveProperty('one');
  });
});

describe('entries and letters', () => {
  test('an entry is found by bucket and path, and by nothing that every object has', () => {
    const one = entry();
    const ledger = ledgerOf(one);
    expect(entryOf(ledger, one.cluster)).toBe(one);
    expect(entryKey(one.cluster)).toBe('hpc-home/home/alice/c');
    expect(entryOf(ledger, { bucket: 'other', path: one.cluster.path })).toBeUndefined();
    expect(entryOf({ ...ledger, clusters: {} }, one.cluster)).toBeUndefined();
    expect(withoutEntry(ledger, one.cluster).clusters).toEqual({});
    expect(Object.keys(ledger.clusters)).toHaveLength(1);
    expect(withEntry(ledger, { ...one, paid: 9 }).clusters).toEqual({
      'hpc-home/home/alice/c': { ...one, paid: 9 },
    });
  });

  test('a letter waits once, and only if it is to somebody', () => {
    const ledger = withLetters(emptyLedger('alice'), [letter('1'), letter('2'), letter('3', [])]);
    expect(ledger.mail.map((one) => one.id)).toEqual(['1', '2']);
    expect(withLetters(ledger, [letter('2')])).toBe(ledger);
    expect(withEntry(ledger, entry(), [letter('4')]).mail.map((one) => one.id)).toEqual(['1', '2', '4']);
    expect(withoutLetter(ledger, '1').mail.map((one) => one.id)).toEqual(['2']);
    expect(withoutLetter(ledger, 'none').mail).toEqual(ledger.mail);
  });
});
