import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type HistoryEvent, progressOf, rootCauseOf, STATUS_WORDS, stackStateOf } from './stack-status.ts';

/** CloudFormation's own list, copied from its guide: what we make of each word. */
const MEANT: Readonly<Record<string, string>> = {
  CREATE_COMPLETE: 'running',
  CREATE_IN_PROGRESS: 'starting',
  CREATE_FAILED: 'stillborn',
  DELETE_COMPLETE: 'absent',
  DELETE_FAILED: 'stuck',
  DELETE_IN_PROGRESS: 'stopping',
  REVIEW_IN_PROGRESS: 'stillborn',
  ROLLBACK_COMPLETE: 'stillborn',
  ROLLBACK_FAILED: 'stillborn',
  ROLLBACK_IN_PROGRESS: 'stopping',
  UPDATE_COMPLETE: 'running',
  UPDATE_COMPLETE_CLEANUP_IN_PROGRESS: 'updating',
  UPDATE_FAILED: 'stuck',
  UPDATE_IN_PROGRESS: 'updating',
  UPDATE_ROLLBACK_COMPLETE: 'running',
  UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS: 'updating',
  UPDATE_ROLLBACK_FAILED: 'stuck',
  UPDATE_ROLLBACK_IN_PROGRESS: 'updating',
  IMPORT_IN_PROGRESS: 'updating',
  IMPORT_COMPLETE: 'running',
  IMPORT_ROLLBACK_IN_PROGRESS: 'updating',
  IMPORT_ROLLBACK_FAILED: 'stuck',
  IMPORT_ROLLBACK_COMPLETE: 'running',
};

describe('a status word', () => {
  test.each(Object.entries(MEANT))('%s is %s', (word, state) => expect(stackStateOf(word)).toBe(state));

  test('all of CloudFormation’s are known, and no more', () => {
    expect(STATUS_WORDS.toSorted()).toEqual(Object.keys(MEANT).toSorted());
  });

  test.each([
    '',
    'TELEPORT_COMPLETE',
    'create_complete',
    'DELETE_COMPLETE ',
    'toString',
    '__proto__',
    'constructor',
  ])('%j, which is none, is stuck, never absent', (word) => expect(stackStateOf(word)).toBe('stuck'));

  test('only what has been deleted is absent, whatever the word', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom('DELETE', '_', 'COMPLETE', 'FAILED') })),
        (word) => {
          expect(stackStateOf(word) === 'absent').toBe(word === 'DELETE_COMPLETE');
        },
      ),
    );
  });
});

const STACK = 'AWS::CloudFormation::Stack';

/** A history as people tell it, oldest first: `LoginNode CREATE_FAILED no capacity`, `. UPDATE_IN_PROGRESS` for the stack itself. */
function history(...lines: readonly string[]): HistoryEvent[] {
  return lines
    .map((line, at) => {
      const [, token, logicalId = '', status = '', reason] =
        /^(?:\[(\w+)\] )?(\S+) (\S+)(?: (.+))?$/.exec(line) ?? [];
      return {
        at,
        logicalId: logicalId === '.' ? 'cd-alice-c' : logicalId,
        type: logicalId === '.' || logicalId === 'Nested' ? STACK : 'AWS::EC2::Thing',
        status,
        ...(reason !== undefined && { reason }),
        ...(token !== undefined && { token }),
      };
    })
    .toReversed();
}

describe('the root cause', () => {
  const cause = (resource: string, reason: string) => ({ resource, reason });
  const failedCreation = [
    '. CREATE_IN_PROGRESS User Initiated',
    'Network CREATE_COMPLETE',
    'LoginNode CREATE_FAILED no capacity',
    'Disk CREATE_FAILED Resource creation cancelled',
    'Group CREATE_FAILED something else',
    '. ROLLBACK_IN_PROGRESS The following resource(s) failed to create: [LoginNode, Disk]',
    'Network DELETE_COMPLETE',
  ];
  const failedUpdate = [
    '. CREATE_IN_PROGRESS',
    '. CREATE_COMPLETE',
    '[u1] . UPDATE_IN_PROGRESS',
    '[u1] Disk UPDATE_FAILED Resource update cancelled',
    '[u1] Group UPDATE_FAILED too small',
    '[u1] . UPDATE_ROLLBACK_IN_PROGRESS',
    '[u1] . UPDATE_ROLLBACK_COMPLETE',
  ];

  test.each([
    ['the earliest failure', failedCreation, cause('LoginNode', 'no capacity')],
    ['still there at the end', [...failedCreation, '. ROLLBACK_COMPLETE'], cause('LoginNode', 'no capacity')],
    ['of a change', failedUpdate, cause('Group', 'too small')],
    [
      'not a cancellation, even if nothing else failed but the stack',
      ['. CREATE_IN_PROGRESS', 'Disk CREATE_FAILED Resource creation cancelled', '. CREATE_FAILED timed out'],
      cause('cd-alice-c', 'timed out'),
    ],
    [
      'a resource rather than the stack that failed before it',
      ['. CREATE_IN_PROGRESS', '. CREATE_FAILED see below', 'LoginNode CREATE_FAILED no capacity'],
      cause('LoginNode', 'no capacity'),
    ],
    [
      'without a word',
      ['. CREATE_IN_PROGRESS', 'LoginNode CREATE_FAILED'],
      cause('LoginNode', 'no reason was given'),
    ],
    [
      'of a deletion, not of what failed before it',
      [
        ...failedUpdate,
        '. DELETE_IN_PROGRESS',
        'Net DELETE_FAILED in use',
        '. DELETE_FAILED The following: [Net]',
      ],
      cause('Net', 'in use'),
    ],
    [
      'of the last try to delete',
      [
        '. CREATE_IN_PROGRESS',
        '. DELETE_IN_PROGRESS',
        'Net DELETE_FAILED in use',
        '. DELETE_IN_PROGRESS',
        'Disk DELETE_FAILED busy',
      ],
      cause('Disk', 'busy'),
    ],
    [
      'though a stack within the stack begins later',
      [
        '. CREATE_IN_PROGRESS',
        'Login CREATE_FAILED no capacity',
        'Nested CREATE_IN_PROGRESS',
        'X CREATE_FAILED late',
      ],
      cause('Login', 'no capacity'),
    ],
    [
      'of a history without a beginning',
      ['Login CREATE_FAILED no capacity', 'X CREATE_FAILED late'],
      cause('Login', 'no capacity'),
    ],
  ])('%s', (_, lines, found) => expect(rootCauseOf(history(...lines))).toEqual(found));

  test.each([
    ['no events', []],
    ['nothing failed', ['. CREATE_IN_PROGRESS', 'LoginNode CREATE_COMPLETE', '. CREATE_COMPLETE']],
    ['only cancelled', ['. CREATE_IN_PROGRESS', 'Disk CREATE_FAILED Resource creation cancelled']],
    [
      'a new change, after one that failed',
      [...failedUpdate, '[u2] . UPDATE_IN_PROGRESS', '[u2] Disk UPDATE_COMPLETE'],
    ],
  ])('is unknown: %s', (_, lines) => expect(rootCauseOf(history(...lines))).toBeUndefined());

  test('of one request only, by its token', () => {
    const two = history(...failedUpdate, '[u2] . UPDATE_IN_PROGRESS', '[u2] Disk UPDATE_FAILED too big');
    expect(rootCauseOf(two, 'u1')).toEqual(cause('Group', 'too small'));
    expect(rootCauseOf(two, 'u2')).toEqual(cause('Disk', 'too big'));
    expect(rootCauseOf(two, 'u3')).toBeUndefined();
  });

  test('whatever the history: of a failure in it that is no cancellation, and of the earliest resource', () => {
    const line = fc
      .tuple(
        fc.constantFrom('.', 'Nested', 'LoginNode', 'Disk'),
        fc.constantFrom('CREATE_FAILED', 'DELETE_FAILED', 'CREATE_COMPLETE', 'UPDATE_ROLLBACK_FAILED'),
        fc.constantFrom(
          '',
          ' no capacity',
          ' Resource creation cancelled',
          ' Resource update cancelled by user',
        ),
      )
      .map((parts) => parts.join(' ').replace('  ', ' ').trim());
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        const real = history(...lines)
          .toReversed()
          .filter((event) => event.status.endsWith('_FAILED') && !event.reason?.includes('cancelled'));
        const first = real.find((event) => event.type !== STACK) ?? real[0];
        expect(rootCauseOf(history(...lines))?.resource).toBe(first?.logicalId);
      }),
    );
  });
});

describe('progress', () => {
  test('counts resources that stand, once each, and not the stack', () => {
    const events = history(
      '. CREATE_IN_PROGRESS',
      'Network CREATE_IN_PROGRESS',
      'Network CREATE_COMPLETE',
      'Disk CREATE_COMPLETE',
      'Disk CREATE_COMPLETE',
      'LoginNode CREATE_IN_PROGRESS',
      '. CREATE_IN_PROGRESS',
    );
    expect(progressOf(events, 5)).toEqual({ done: 2, total: 5, latest: 'LoginNode' });
    expect(progressOf(events, 1)).toEqual({ done: 1, total: 1, latest: 'LoginNode' });
    expect(progressOf([], 5)).toEqual({ done: 0, total: 5 });
  });

  test('says of an image that is being built that it takes its time', () => {
    const image = { at: 0, logicalId: 'HostImage', type: 'Clusterdrop::Container::Image' };
    const latest = (status: string) => progressOf([{ ...image, status }], 5).latest;
    expect(latest('CREATE_IN_PROGRESS')).toBe('HostImage (built once, a minute or two)');
    expect(latest('CREATE_COMPLETE')).toBe('HostImage');
  });

  test('of one change only', () => {
    const events = history(
      'Network CREATE_COMPLETE',
      '[u1] Disk UPDATE_COMPLETE',
      '[u2] Group UPDATE_IN_PROGRESS',
    );
    expect(progressOf(events, 3, 'u1')).toEqual({ done: 1, total: 3, latest: 'Disk' });
    expect(progressOf(events, 3, 'u2')).toEqual({ done: 0, total: 3, latest: 'Group' });
    expect(progressOf(events, 3, 'u3')).toEqual({ done: 0, total: 3 });
  });
});
