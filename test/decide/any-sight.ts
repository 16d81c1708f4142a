import * as fc from 'fast-check';
import type { Entry } from '../../src/core/entry.ts';
import { DAY, HOUR, MINUTE } from '../../src/core/instant.ts';
import type { Actual, Observed } from '../../src/core/observed.ts';
import { STATUS_WORDS, stackStateOf } from '../../src/core/stack-status.ts';
import { create, type Drop, entry, foreign, NOW, pending, remove, see, stack, why } from './sights.ts';

// Few values that meet often: rules are about things being equal, older and newer, and about edges of time.

const drop = fc.constantFrom<Drop>('A', 'B', 'U');
const fileTime = fc.integer({ min: 1, max: 3 });
const moment = fc
  .tuple(
    fc.constantFrom(0, MINUTE, 2 * MINUTE, 10 * MINUTE, HOUR, DAY, 7 * DAY),
    fc.constantFrom(-1, 1),
    fc.constantFrom(-1, 0, 1, 30_000),
  )
  .map(([far, sign, off]) => NOW + sign * far + off);
const failure = fc.constant([why]);
const maybe = <T>(one: fc.Arbitrary<T>) => fc.oneof(fc.constant(undefined), one);
const mostly = <T>(one: fc.Arbitrary<T>) => fc.option(one, { nil: undefined });
const rarely = <T>(one: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 4, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: one });
const present = (record: object) =>
  Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));

const anyPending = fc
  .record({ id: drop, endsAt: maybe(moment), failure: rarely(failure) })
  .map(({ id, ...more }) => pending({ drop: { id, at: 2, text: '' }, ...present(more) }));

const anyEnding = fc
  .record({
    why: fc.constantFrom('asked', 'expired', 'idle', 'replaced', 'outside', 'failed'),
    at: moment,
    attempts: fc.nat(5),
    lastAttempt: maybe(moment),
    asked: maybe(drop),
  })
  .map((ending) => present(ending));

const anyEntry: fc.Arbitrary<Entry> = fc
  .record({
    id: drop,
    idle: fc.constantFrom<number | 'off'>('off', HOUR),
    stackId: mostly(fc.constant('arn:c')),
    reservedAt: fc.constantFrom(MINUTE, 2 * MINUTE, 10 * MINUTE, 2 * DAY).map((ago) => NOW - ago),
    endsAt: fc.oneof(moment, fc.constant(NOW + HOUR / 2)),
    warned: fc.subarray(['24h', '1h'] as const),
    readyAt: mostly(moment),
    update: rarely(anyPending),
    failure: rarely(failure),
    ending: rarely(anyEnding),
    endedAt: rarely(moment),
    stuckTold: maybe(moment),
  })
  .map(({ id, idle, ...more }) => {
    const { stackId: _, readyAt: __, ...base } = entry();
    const settings = { ...base.settings, IdleTimeout: idle };
    return { ...base, settings, drop: { id, at: 1, text: '' }, ...present(more) };
  });

const anyStack: fc.Arbitrary<Actual> = fc.oneof(
  { weight: 2, arbitrary: fc.constant<Actual>({ kind: 'absent' }) },
  { weight: 1, arbitrary: fc.constant(foreign) },
  {
    weight: 7,
    arbitrary: fc
      .record({
        status: fc.constantFrom(
          'CREATE_COMPLETE',
          'CREATE_COMPLETE',
          'CREATE_COMPLETE',
          ...STATUS_WORDS.filter((word) => stackStateOf(word) !== 'absent'),
          'TELEPORT_COMPLETE',
        ),
        drop,
        address: mostly(fc.constant('192.0.2.7')),
        cause: maybe(fc.constant({ resource: 'LoginNode', reason: 'no capacity' })),
        updateSeen: fc.boolean(),
        createdAt: moment,
      })
      .map(({ status, ...more }) => stack(status, present(more))),
  },
);

const anyCreate = fc
  .tuple(drop, fileTime, fc.constantFrom('refused', 'unread', [], ['Nodes']))
  .map(([id, at, reading]) => create(id, at, reading as 'refused' | 'unread' | string[]));

/** Everything that could be seen, however unlikely. */
export const anySight: fc.Arbitrary<Observed> = fc
  .record({
    create: maybe(anyCreate),
    remove: rarely(fileTime.map(remove)),
    stack: anyStack,
    entry: mostly(anyEntry),
    lastUse: maybe(moment),
    created: fc.boolean(),
    createdRight: fc.boolean(),
    failed: fc.boolean(),
  })
  .map(({ created, createdRight, failed, ...seen }) => see(present(seen), { created, createdRight, failed }));

export type Living = Extract<Actual, { readonly status: string }>;

/** A sight of a stack of ours. */
export const anyLiving = anySight.filter(
  (seen): seen is Observed & { readonly stack: Living } => 'status' in seen.stack,
);
