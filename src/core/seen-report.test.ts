import { describe, expect, it } from 'vitest';
import { HOUR, MINUTE, SECOND } from './instant.ts';
import { seenReport } from './seen-report.ts';

const NOW = Date.UTC(2026, 10, 22, 12);
const ENTRY = { reservedAt: NOW - 10 * HOUR, readyAt: NOW - 9 * HOUR };
/** A report so many minutes old, of a cluster that was last used so many minutes before it. */
const seen = (age: number, unused = 0, entry: Parameters<typeof seenReport>[1] = ENTRY) => {
  const at = NOW - age * MINUTE;
  return seenReport({ at, lastUse: at - unused * MINUTE, notices: [] }, entry, NOW);
};

describe('seenReport', () => {
  it('tells of now for a quarter of an hour', () => {
    expect(seen(15)).toMatchObject({ isFresh: true, lastUse: NOW - 15 * MINUTE });
    const old = seen(15.1, HOUR);
    expect(old?.isFresh).toBe(false);
    expect(old).not.toHaveProperty('lastUse');
    expect(old).not.toHaveProperty('idleSince');
  });

  it('is none from the future, or of an earlier cluster of that name', () => {
    expect(seen(-1)?.isFresh).toBe(true);
    expect(seen(-1.1)).toBeUndefined();
    expect(seen(5, 0, { reservedAt: NOW - 4 * MINUTE })).toBeUndefined();
    // Reports are in whole seconds: one that is written in the second in which its cluster was begun is its own.
    expect(seen(0, 0, { reservedAt: NOW + SECOND - 1 })).toBeDefined();
    expect(seen(0, 0, { reservedAt: NOW + SECOND })).toBeUndefined();
  });

  it('does not know when a cluster was used that does not say so', () => {
    expect(seenReport({ at: NOW, notices: [] }, ENTRY, NOW)).toEqual({
      told: { at: NOW, notices: [] },
      isFresh: true,
    });
  });

  it('calls a cluster idle since somebody last used it, or asked something of it', () => {
    expect(seen(1, 1.9)).not.toHaveProperty('idleSince');
    expect(seen(1, 2)?.idleSince).toBe(NOW - 3 * MINUTE);
    expect(seen(1, 600)?.idleSince).toBe(ENTRY.readyAt);
    const answer = { drop: 'x', outcome: 'accepted', at: NOW - HOUR, problems: [] } as const;
    expect(seen(1, 600, { ...ENTRY, answer })).toMatchObject({ lastUse: NOW - HOUR, idleSince: NOW - HOUR });
    const justNow = seen(1, 600, { ...ENTRY, answer: { ...answer, at: NOW } });
    expect(justNow?.lastUse).toBe(NOW);
    expect(justNow).not.toHaveProperty('idleSince');
  });

  it('does not believe that something will have been saved', () => {
    const files = { count: 1, savedAt: NOW + 30 * SECOND };
    const of = (savedAt: number) =>
      seenReport({ at: NOW - HOUR, notices: [], files: { ...files, savedAt } }, ENTRY, NOW)?.told.files;
    // The files are told of by another clock than the rest: after the last words of a node, too.
    expect(of(NOW)).toEqual({ count: 1, savedAt: NOW });
    expect(of(NOW + HOUR)).toEqual({ count: 1 });
  });
});
