import * as fc from 'fast-check';
import { readClusterReport } from '../../src/core/cluster-report.ts';
import { decide } from '../../src/core/decide.ts';
import type { Entry } from '../../src/core/entry.ts';
import { DAY, HOUR, isoOf } from '../../src/core/instant.ts';
import { readLoginFacts } from '../../src/core/login-facts.ts';
import type { Observed } from '../../src/core/observed.ts';
import type { Problem } from '../../src/core/problems.ts';
import { seenReport } from '../../src/core/seen-report.ts';
import { STATUS_WORDS, stackStateOf } from '../../src/core/stack-status.ts';
import {
  CREATE_ID,
  createFile,
  deleteFile,
  HOST_KEY,
  HOSTILE,
  OTHER_ID,
  START,
  sampleEntry,
  stackOf,
} from './samples.ts';

/** Any text, and often one that means harm. */
export const anyText = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(...HOSTILE));

export const anyProblem: fc.Arbitrary<Problem> = fc.record(
  {
    code: fc.constantFrom('not-json', 'frozen', 'bug', 'creation-failed', 'stack-stuck', 'bad-name'),
    owner: fc.constantFrom('author', 'operator', 'bug'),
    message: anyText,
    fix: anyText,
    at: fc.record({ line: fc.integer({ min: 1, max: 9 }), column: fc.integer({ min: 1, max: 99 }) }),
    log: fc.array(anyText, { maxLength: 3 }),
  },
  { requiredKeys: ['code', 'owner', 'message', 'fix'] },
);

const problems = fc.array(anyProblem, { maxLength: 3 });
export const anyInstant = fc.integer({ min: START - DAY, max: START + 40 * DAY });
const drop = fc.record({ id: fc.constantFrom(CREATE_ID, OTHER_ID), at: anyInstant, text: anyText });

const build = fc
  .record({ usdPerHour: fc.option(fc.double({ min: 0, max: 1e4, noNaN: true })) })
  .map(({ usdPerHour }) => {
    const { settings, parameters, price } = sampleEntry();
    return { settings, parameters, price: { ...price, usdPerHour } };
  });

/** What a stack that means harm may tell of logging in, as far as it is taken. */
const anyLogin = fc
  .record({
    port: fc.oneof(fc.nat(70_000).map(String), anyText),
    hostKey: fc.oneof(fc.constant(HOST_KEY), anyText),
    keyFile: fc.oneof(
      anyText.map((text) => `/${text}`),
      anyText,
    ),
  })
  .map(readLoginFacts);

export const anyEntry: fc.Arbitrary<Entry> = fc
  .tuple(
    build,
    drop,
    fc.option(fc.constant('arn:stack')),
    fc.record(
      {
        readyAt: anyInstant,
        address: anyText,
        login: anyLogin,
        notify: anyText,
        failure: problems,
        ending: fc.record(
          {
            why: fc.constantFrom('asked', 'expired', 'idle', 'replaced', 'outside', 'failed'),
            at: anyInstant,
            attempts: fc.nat(5),
            lastAttempt: anyInstant,
          },
          { requiredKeys: ['why', 'at', 'attempts'] },
        ),
        endedAt: anyInstant,
        stuckTold: anyInstant,
        paid: fc.option(fc.double({ min: 0, max: 1e6, noNaN: true })),
        update: fc
          .tuple(build, fc.record({ drop, failure: problems }, { requiredKeys: ['drop'] }))
          .map(([made, more]) => ({ ...made, ...more })),
        answer: fc.record({
          drop: fc.constantFrom(CREATE_ID, OTHER_ID, 'f'.repeat(64)),
          outcome: fc.constantFrom('accepted', 'refused'),
          at: anyInstant,
          problems,
        }),
      },
      { requiredKeys: [] },
    ),
  )
  .map(([made, accepted, stackId, more]) => {
    const { stackId: _, notify: __, ...base } = sampleEntry(made);
    return { ...base, drop: accepted, ...(stackId !== null && { stackId }), ...more };
  });

const anyStack = fc.oneof(
  fc.constant({ kind: 'absent' } as const),
  fc.constant({ kind: 'foreign', stackName: 'theirs' } as const),
  fc
    .record(
      {
        status: fc.constantFrom(...STATUS_WORDS, 'SOMETHING_NEW'),
        drop: fc.constantFrom(CREATE_ID, OTHER_ID),
        address: anyText,
        login: anyLogin,
        reason: anyText,
        cause: fc.record({ resource: anyText, reason: anyText }),
        progress: fc.record({ done: fc.nat(9), total: fc.nat(9) }),
        updateSeen: fc.boolean(),
      },
      { requiredKeys: ['status'] },
    )
    .map(({ status, ...more }) => {
      const kind = stackStateOf(status);
      return kind === 'absent' ? ({ kind } as const) : stackOf(kind, { status, ...more });
    }),
);

/** What a cluster that means harm may report, as far as it is taken. */
export const anyReport = fc
  .record(
    {
      at: anyInstant.map(isoOf),
      lastUse: anyInstant.map(isoOf),
      nodes: fc.record({
        most: fc.nat(9),
        up: fc.nat(9),
        coming: fc.nat(9),
        working: fc.nat(9),
        leaving: fc.nat(9),
        down: fc.nat(9),
      }),
      jobs: fc.record({ running: fc.nat(9), waiting: fc.nat(9) }),
      sessions: fc.nat(9),
      disk: fc.record({ usedGb: fc.double(), totalGb: fc.double() }),
      notices: fc.array(anyText),
      standing: fc.array(anyText),
      files: fc.record(
        { savedAt: anyInstant.map(isoOf), count: fc.nat(), bytes: fc.nat(), trouble: anyText },
        { requiredKeys: [] },
      ),
    },
    { requiredKeys: ['at'] },
  )
  .chain((told) => {
    const report = readClusterReport(JSON.stringify(told));
    if (!report) throw new Error('this is a report');
    return fc
      .integer({ min: report.at, max: report.at + HOUR })
      .map((now) => seenReport(report, { reservedAt: 0 }, now) ?? { told: report, isFresh: false });
  });

export const anyObserved: fc.Arbitrary<Observed> = fc.record(
  {
    create: fc
      .tuple(fc.constantFrom(CREATE_ID, OTHER_ID), anyInstant, anyText, problems)
      .map(([id, at, text, wrong]) => ({
        ...createFile(id, at),
        text,
        reading: { kind: 'refused' as const, problems: wrong },
      })),
    remove: anyInstant.map(deleteFile),
    stack: anyStack,
    entry: anyEntry,
    replies: fc.record({ createdRight: fc.boolean(), created: fc.boolean(), failed: fc.boolean() }),
    lastUse: anyInstant,
    report: anyReport,
    contact: anyText,
  },
  { requiredKeys: ['stack', 'replies', 'contact'] },
);

/** What is seen, with what the policy makes of it. */
export const anyTurn = fc
  .tuple(anyObserved, anyInstant)
  .map(([observed, now]) => ({ observed, now, decision: decide(observed, now) }));
