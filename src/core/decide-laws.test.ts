import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyLiving, anySight } from '../../test/decide/any-sight.ts';
import { entry, inShort, NOW, running, see } from '../../test/decide/sights.ts';
import { taken } from '../../test/decide/taken.ts';
import { decide } from './decide.ts';
import { decideUnseen } from './decide-unseen.ts';
import type { Decision } from './decision.ts';
import type { Entry } from './entry.ts';
import { DAY, HOUR, MINUTE } from './instant.ts';
import type { Observed } from './observed.ts';
import { carries } from './ruling-file.ts';

const runs = {
  numRuns: 1500,
  ...(process.env['FC_SEED'] && { seed: Number(process.env['FC_SEED']) }),
};

/** Whatever is seen. */
function always(holds: (seen: Observed, decision: Decision) => void): void {
  fc.assert(
    fc.property(anySight, (seen) => holds(seen, decide(seen, NOW))),
    runs,
  );
}

const rules = ({ create: asked, remove: unwanted }: Observed) =>
  unwanted && (!asked || asked.at <= unwanted.at) ? 'delete' : asked ? 'create' : 'nobody';

const isFailed = (kept: Entry | undefined) =>
  kept?.update?.failure !== undefined || kept?.failure !== undefined;

describe('every decision', () => {
  test('has a step, a reason that can be read, and a next look that is not in the past', () => {
    always((seen, { step, why, again }) => {
      expect(inShort({ step, why })).toMatch(/^[a-z]/);
      expect(why).toMatch(/^[a-z].{10,}[^.\s]$/);
      if (again !== undefined) {
        expect(again, why).toBeGreaterThan(NOW);
        expect(step.kind).toBe('rest');
      }
      expect(decide(seen, NOW)).toEqual({ step, why, ...(again !== undefined && { again }) });
    });
  });

  test('is about files, entries and stacks that are there', () => {
    always((seen, { step }) => {
      const { stack } = seen;
      if (step.kind === 'refuse' && step.file) expect(seen[step.file]).toBeDefined();
      if (step.kind === 'refuse') expect(step.problems.length).toBeGreaterThan(0);
      if (step.kind === 'refuse' && !step.file) expect(isFailed(seen.entry)).toBe(true);
      if (step.kind === 'discard-delete') expect(seen.remove).toBeDefined();
      if (step.kind === 'finish' && step.consumeCreate) expect(seen.create).toBeDefined();
      if ('create' in step && step.create) expect(step.create).toBe(seen.create);
      if (['start', 'finish', 'forget', 'note-ended'].includes(step.kind)) expect(stack.kind).toBe('absent');
      if (step.kind === 'release') expect(['absent', 'foreign']).toContain(stack.kind);
      if (
        ['update', 'accept', 'deliver', 'note-ready', 'fold-update', 'note-update-failed', 'warn'].includes(
          step.kind,
        )
      )
        expect(stack.kind).toBe('running');
      if (step.kind === 'note-failed') expect(stack.kind).toBe('stillborn');
      if (step.kind === 'note-stuck') expect(stack.kind).toBe('stuck');
      if (step.kind === 'deliver') expect(stack).toHaveProperty('address');
      if (['confirm', 'adopt', 'remove-stack'].includes(step.kind)) expect(stack).toHaveProperty('status');
      if (
        step.kind !== 'adopt' &&
        !['rest', 'refuse', 'start', 'finish', 'discard-delete'].includes(step.kind)
      )
        expect(seen.entry).toBeDefined();
    });
  });

  test('compares times of files with each other only', () => {
    fc.assert(
      fc.property(anySight, fc.integer({ min: -NOW, max: NOW }), (seen, by) => {
        const { create: asked, remove: unwanted, ...rest } = seen;
        const moved: Observed = {
          ...rest,
          ...(asked && { create: { ...asked, at: asked.at + by } }),
          ...(unwanted && { remove: { ...unwanted, at: unwanted.at + by } }),
        };
        expect(inShort(decide(moved, NOW))).toBe(inShort(decide(seen, NOW)));
      }),
      runs,
    );
  });

  test('leads on: books and replies are written in a few steps, then it rests or asks CloudFormation', () => {
    always((first) => {
      const story: string[] = [];
      for (let seen: Observed | undefined = first; seen; ) {
        const decision = decide(seen, NOW);
        story.push(inShort(decision));
        expect(story.length, story.join(', ')).toBeLessThan(12);
        seen = taken(seen, decision.step, NOW);
      }
    });
  });
});

describe('a stack', () => {
  test('that is not ours is left alone, whatever is asked', () => {
    always((seen, { step }) => {
      if (seen.stack.kind !== 'foreign') return;
      const reserved = seen.entry !== undefined && seen.entry.stackId === undefined;
      expect(step.kind).toBe(seen.create || seen.remove ? 'refuse' : reserved ? 'release' : 'rest');
    });
  });

  test('is known to the ledger before anything else is decided', () => {
    fc.assert(
      fc.property(anyLiving, (seen) => {
        const { step } = decide(seen, NOW);
        const known = seen.entry?.stackId !== undefined;
        expect(step.kind === 'adopt' || step.kind === 'confirm').toBe(!known);
        if (!known) expect(step.kind === 'confirm').toBe(seen.entry?.drop.id === seen.stack.drop);
      }),
      runs,
    );
  });

  test('that works goes only by a delete file, an intent, its end, or idleness', () => {
    fc.assert(
      fc.property(anyLiving, (seen) => {
        const { step } = decide(seen, NOW);
        if (step.kind !== 'remove-stack' || !['starting', 'running', 'updating'].includes(seen.stack.kind))
          return;
        const { entry: kept, lastUse = NOW } = seen;
        const idle = kept?.settings.IdleTimeout ?? 'off';
        switch (step.ending) {
          case 'asked':
            expect(rules(seen) === 'delete' || kept?.ending?.why === 'asked').toBe(true);
            break;
          case 'replaced':
            expect(
              (rules(seen) === 'create' && seen.remove) || kept?.ending?.why === 'replaced',
            ).toBeTruthy();
            break;
          case 'expired':
            expect(NOW >= (kept?.endsAt ?? Infinity) || kept?.ending?.why === 'expired').toBe(true);
            break;
          case 'idle':
            expect((idle !== 'off' && NOW - lastUse >= idle) || kept?.ending?.why === 'idle').toBe(true);
            break;
          case 'failed':
          case 'outside':
            expect(kept?.ending?.why).toBe(step.ending);
        }
      }),
      runs,
    );
  });

  test('is neither expired nor idle while a request lies there that may change that, nor deleted for what was intended before', () => {
    fc.assert(
      fc.property(anyLiving, (seen) => {
        const { step } = decide(seen, NOW);
        if (!seen.create || step.kind !== 'remove-stack') return;
        const own = seen.entry && carries(seen.entry, seen.create.id) && !seen.entry.update;
        const settled = own || seen.create.reading.kind !== 'plan';
        if (step.ending === 'expired') {
          expect(settled).toBe(true);
          expect(NOW).toBeGreaterThanOrEqual(seen.entry?.endsAt ?? Infinity);
          return;
        }
        expect(['asked', 'replaced', 'failed']).toContain(step.ending);
        if (seen.stack.kind === 'running') expect(seen.remove).toBeDefined();
      }),
      runs,
    );
  });

  test('has an end, whatever state it is in: when nobody asks for anything, it is deleted or going', () => {
    fc.assert(
      fc.property(anyLiving, fc.nat(DAY), (any, ago) => {
        const { create: _, remove: __, ...rest } = any;
        const { entry: kept = entry() } = rest;
        const { update: ___, ending: ____, failure: _____, ...plain } = kept;
        const seen: Observed = { ...rest, entry: { ...plain, endsAt: NOW - ago } };
        let decision = decide(seen, NOW);
        let looks = 0;
        for (let next = taken(seen, decision.step, NOW); next; next = taken(next, decision.step, NOW)) {
          expect(++looks, inShort(decision)).toBeLessThan(12);
          decision = decide(next, NOW);
        }
        const over =
          seen.stack.kind === 'stopping' || kept.stackId === undefined
            ? ['rest', 'remove-stack']
            : ['remove-stack'];
        expect(over, inShort(decision)).toContain(decision.step.kind);
      }),
      runs,
    );
  });
});

describe('where nobody can tell which files there are', () => {
  test('nothing is begun, changed or answered, and only what has been over for an hour, or was going, goes', () => {
    fc.assert(
      fc.property(anySight, (seen) => {
        const decision = decideUnseen(seen, NOW);
        if (!decision) return;
        const { step } = decision;
        expect(['start', 'update', 'accept', 'deliver', 'refuse', 'finish']).not.toContain(step.kind);
        expect(['discard-delete', 'forget', 'release', 'rest']).not.toContain(step.kind);
        if (step.kind !== 'remove-stack' || !seen.entry || seen.entry.ending) return;
        const { settings, endsAt } = seen.entry;
        const idle = settings.IdleTimeout === 'off' ? Infinity : settings.IdleTimeout;
        const isIdle = NOW - (seen.lastUse ?? NOW) >= idle + HOUR;
        expect(NOW >= endsAt + HOUR || isIdle || seen.stack.kind === 'stillborn').toBe(true);
      }),
      runs,
    );
  });

  test('a cluster has an end all the same, and what lies there changes nothing about it', () => {
    fc.assert(
      fc.property(anyLiving, fc.nat(DAY), (any, ago) => {
        const { update: _, ending: __, failure: ___, ...kept } = any.entry ?? entry();
        let seen: Observed | undefined = { ...any, entry: { ...kept, endsAt: NOW - HOUR - ago } };
        const { create: ____, remove: _____, ...rest } = seen;
        expect(decideUnseen(rest, NOW)).toEqual(decideUnseen(seen, NOW));
        const steps: string[] = [];
        while (seen) {
          const decision = decideUnseen(seen, NOW);
          steps.push(decision?.step.kind ?? 'nothing');
          expect(steps.length, steps.join(', ')).toBeLessThan(12);
          seen = decision && taken(seen, decision.step, NOW);
        }
        const isKnown = any.stack.kind !== 'stopping' && kept.stackId !== undefined;
        if (isKnown) expect(steps).toContain('remove-stack');
      }),
      runs,
    );
  });
});

describe('a delete that rules', () => {
  test('is never answered by building', () => {
    always((seen, { step }) => {
      if (rules(seen) === 'delete')
        expect(['start', 'update', 'accept', 'deliver', 'discard-delete', 'warn']).not.toContain(step.kind);
    });
  });

  test('rules at a tie as if the request were older', () => {
    always((seen, decision) => {
      if (!seen.create || seen.create.at !== seen.remove?.at) return;
      const older = { ...seen, create: { ...seen.create, at: seen.create.at - 1 } };
      expect(decide(older, NOW)).toEqual(decision);
    });
  });

  test('never refuses the request that it overrules, unless the stack is not ours', () => {
    always((seen, { step }) => {
      if (rules(seen) === 'delete' && seen.stack.kind !== 'foreign') expect(step.kind).not.toBe('refuse');
    });
  });
});

describe('a request that rules', () => {
  test('is never answered while an older delete waits that would overwrite the answer', () => {
    always((seen, { step }) => {
      if (rules(seen) !== 'create' || !seen.remove || step.kind !== 'refuse') return;
      // Something of an earlier request is there, or may come: the delete is for that.
      expect(['stuck', 'foreign'].includes(seen.stack.kind) || seen.entry !== undefined).toBe(true);
      if (seen.stack.kind === 'absent') expect(seen.entry?.drop.id).not.toBe(seen.create?.id);
    });
  });

  test('starts nothing unless it was accepted, now or before', () => {
    always((seen, { step }) => {
      const asked = seen.create;
      if (step.kind === 'start')
        expect(asked?.reading.kind === 'plan' || seen.entry?.drop.id === asked?.id).toBe(true);
      if (step.kind === 'accept') expect(asked?.reading.kind).toBe('plan');
      if (step.kind === 'update' && step.create) expect(asked?.reading.kind).toBe('plan');
      if (step.kind === 'update' && !step.create) expect(seen.entry?.update).toBeDefined();
    });
  });

  test('is not sent again once its token stands in the events and the stack has come to rest', () => {
    always((seen, { step }) => {
      const update = seen.entry?.update;
      if (step.kind !== 'update' || step.create || !update || !('status' in seen.stack)) return;
      expect(seen.stack.updateSeen).toBe(false);
    });
  });
});

describe('warnings', () => {
  /** Looks at a cluster at these minutes of its life, and does what is decided. */
  function life(minutes: number, looks: readonly number[]): string[] {
    let seen = see({
      entry: entry({ reservedAt: NOW, endsAt: NOW + minutes * MINUTE, warned: [] }),
      stack: running(),
    });
    const told: string[] = [];
    for (const look of looks.toSorted((a, b) => a - b)) {
      let { step } = decide(seen, NOW + look * MINUTE);
      for (let steps = 0; ; steps++) {
        expect(steps, step.kind).toBeLessThan(12);
        if (step.kind === 'warn') told.push(`${step.warning} at ${look}`);
        if (step.kind === 'remove-stack') return [...told, `${step.ending} at ${look}`];
        const next = taken(seen, step, NOW + look * MINUTE);
        if (!next) break;
        seen = next;
        step = decide(seen, NOW + look * MINUTE).step;
      }
    }
    return told;
  }

  test('come once each, in order, in their time, however seldom somebody looks', () => {
    const day = DAY / MINUTE;
    const hour = HOUR / MINUTE;
    fc.assert(
      fc.property(
        fc.integer({ min: 10, max: 5 * day }),
        fc.array(fc.nat(5 * day + 10), { maxLength: 40 }),
        (minutes, looks) => {
          const told = life(minutes, looks);
          const kinds = told.map((one) => one.split(' ')[0]);
          expect(['', '24h', '1h', '24h,1h']).toContain(kinds.filter((kind) => kind !== 'expired').join());
          for (const one of told) {
            const [kind, , at] = one.split(' ');
            const left = minutes - Number(at);
            if (kind === '24h') expect(left <= day && left > hour && minutes > day, one).toBe(true);
            if (kind === '1h') expect(left <= hour && left > 0 && minutes > hour, one).toBe(true);
            if (kind === 'expired') expect(left <= 0, one).toBe(true);
          }
          // Whoever looks in time is warned in time.
          const within = (least: number, most: number) =>
            looks.some((look) => minutes - look <= most && minutes - look > least);
          expect(kinds.includes('24h')).toBe(minutes > day && within(hour, day));
          expect(kinds.includes('1h')).toBe(minutes > hour && within(0, hour));
          expect(kinds.includes('expired')).toBe(looks.some((look) => look >= minutes));
        },
      ),
      { ...runs, numRuns: 500 },
    );
  });

  test('the next look asked for is early enough for each', () => {
    const minutes = 3 * 24 * 60;
    const looks: number[] = [];
    for (let at: number | undefined = 0; at !== undefined && looks.length < 20; ) {
      looks.push(at);
      const seen = see({
        entry: entry({
          reservedAt: NOW,
          endsAt: NOW + minutes * MINUTE,
          warned: at >= minutes - 60 ? ['24h', '1h'] : at >= minutes - 24 * 60 ? ['24h'] : [],
        }),
        stack: running(),
      });
      const { again } = decide(seen, NOW + at * MINUTE);
      at = again === undefined ? undefined : (again - NOW) / MINUTE;
    }
    expect(looks).toEqual([0, minutes - 24 * 60, minutes - 60, minutes]);
    expect(life(minutes, looks)).toEqual([
      `24h at ${minutes - 24 * 60}`,
      `1h at ${minutes - 60}`,
      `expired at ${minutes}`,
    ]);
  });
});

test('generated sights come to every step and every state', () => {
  const steps = new Set<string>();
  const kinds = new Set<string>();
  for (const seen of fc.sample(anySight, { numRuns: 5000, seed: 1 })) {
    steps.add(decide(seen, NOW).step.kind);
    kinds.add(seen.stack.kind);
  }
  expect([...kinds].toSorted()).toEqual([
    'absent',
    'foreign',
    'running',
    'starting',
    'stillborn',
    'stopping',
    'stuck',
    'updating',
  ]);
  expect([...steps].toSorted()).toEqual(
    [
      'rest',
      'adopt',
      'confirm',
      'fold-update',
      'note-ready',
      'note-ended',
      'note-stuck',
      'note-failed',
      'note-update-failed',
      'warn',
      'start',
      'update',
      'accept',
      'deliver',
      'refuse',
      'discard-delete',
      'remove-stack',
      'finish',
      'forget',
      'release',
    ].toSorted(),
  );
});
