import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BlueprintResource } from '../core/blueprint.ts';
import { STATUS_WORDS } from '../core/stack-status.ts';
import { acceptDelete } from './accept-delete.ts';
import { acceptUpdate } from './accept-update.ts';
import type { FaultRule } from './fault-rules.ts';
import { operationFaults } from './operation-faults.ts';
import { STACK } from './planned-event.ts';
import { inOrder, templateFault } from './resource-order.ts';
import { nextChangeAfter, stackAt } from './simulate-stack.ts';
import type { StackRecord } from './stack-record.ts';
import { timelineOf } from './stack-timeline.ts';

const START = 1_000_000;
const LONG = 100_000_000;

/** Role 10 s, then Node 20 s and Image 5 s, then Ready 60 s after Node, then Group 9 s. */
const RESOURCES: readonly BlueprintResource[] = [
  { logicalId: 'Group', type: 'AWS::AutoScaling::AutoScalingGroup', seconds: 9, after: ['Ready', 'Image'] },
  { logicalId: 'Role', type: 'AWS::IAM::Role', seconds: 10 },
  {
    logicalId: 'Node',
    type: 'AWS::EC2::Instance',
    seconds: 20,
    after: ['Role'],
    replacedBy: ['NodeType'],
    protected: true,
  },
  {
    logicalId: 'Image',
    type: 'AWS::AutoScaling::LaunchConfiguration',
    seconds: 30,
    after: ['Role'],
    replacedBy: ['ImageType'],
  },
  { logicalId: 'Ready', type: 'AWS::CloudFormation::WaitCondition', seconds: 60, after: ['Node'] },
];
const PARAMETERS = { NodeType: 'a', ImageType: 'a', Nodes: '4' };

function created(resources = RESOURCES, rules: readonly FaultRule[] = []): StackRecord {
  const { factor, ...faults } = operationFaults(rules, resources, resources);
  return {
    version: 1,
    id: 'arn:aws:cloudformation:us-east-1:000000000000:stack/cd-x/0',
    name: 'cd-x',
    blueprint: { name: 'b', hash: 'h' },
    resources,
    outputs: { LoginAddress: '192.0.2.1' },
    operations: [
      {
        kind: 'create',
        at: START,
        token: 'create-0',
        speed: 1 / factor,
        parameters: PARAMETERS,
        tags: { drop: '0' },
        ...faults,
      },
    ],
  };
}

interface Change {
  readonly parameters?: Readonly<Record<string, string>>;
  readonly tags?: Readonly<Record<string, string>>;
}

let serial = 0;

/** The record after a call at `now`; the same record when the call begins nothing. */
function called(
  record: StackRecord,
  now: number,
  change: Change | 'delete',
  rules: readonly FaultRule[] = [],
): StackRecord {
  serial += 1;
  const context = { now, speed: 1, due: () => rules };
  const accepted =
    change === 'delete'
      ? acceptDelete(record, `delete-${serial}`, context)
      : acceptUpdate(
          record,
          {
            token: `update-${serial}`,
            capabilities: ['CAPABILITY_IAM'],
            parameters: { ...PARAMETERS, ...change.parameters },
            tags: change.tags ?? { drop: '0' },
          },
          context,
        );
  if (!('operation' in accepted)) return record;
  return { ...record, operations: [...record.operations, accepted.operation] };
}

/** The words that the stack itself goes through. */
function wordsOf(record: StackRecord): readonly string[] {
  return timelineOf(record)
    .filter((event) => event.type === STACK)
    .map((event) => event.status);
}
/** `second status Resource: reason`, of resources only. */
function linesOf(record: StackRecord, after = 0): readonly string[] {
  return timelineOf(record)
    .filter((event) => event.type !== STACK && event.at >= START + after)
    .map((event) => {
      const reason = event.reason === undefined ? '' : `: ${event.reason}`;
      return `${(event.at - START) / 1000} ${event.status} ${event.logicalId}${reason}`;
    });
}

describe('a creation', () => {
  it('makes each resource when what it waits for is done', () => {
    expect(linesOf(created()).filter((line) => !line.endsWith('Initiated'))).toEqual([
      '0 CREATE_IN_PROGRESS Role',
      '10 CREATE_COMPLETE Role',
      '10 CREATE_IN_PROGRESS Node',
      '10 CREATE_IN_PROGRESS Image',
      '30 CREATE_COMPLETE Node',
      '30 CREATE_IN_PROGRESS Ready',
      '40 CREATE_COMPLETE Image',
      '90 CREATE_COMPLETE Ready',
      '90 CREATE_IN_PROGRESS Group',
      '99 CREATE_COMPLETE Group',
    ]);
    expect(linesOf(created())).toContain('1 CREATE_IN_PROGRESS Role: Resource creation Initiated');
    expect(wordsOf(created())).toEqual(['CREATE_IN_PROGRESS', 'CREATE_COMPLETE']);
  });

  it('shows outputs when it is complete, not before', () => {
    expect(stackAt(created(), START + 98_999).report).toMatchObject({
      status: 'CREATE_IN_PROGRESS',
      outputs: {},
    });
    expect(stackAt(created(), START + 99_000).report).toMatchObject({
      status: 'CREATE_COMPLETE',
      outputs: { LoginAddress: '192.0.2.1' },
    });
  });

  it('that fails cancels what is in flight, takes back what was begun, and rests in ROLLBACK_COMPLETE', () => {
    const record = created(RESOURCES, [{ do: 'fail', resource: 'Node', reason: 'no capacity' }]);
    expect(wordsOf(record)).toEqual(['CREATE_IN_PROGRESS', 'ROLLBACK_IN_PROGRESS', 'ROLLBACK_COMPLETE']);
    expect(linesOf(record, 30_000)).toEqual([
      '30 CREATE_FAILED Node: no capacity',
      '30 CREATE_FAILED Image: Resource creation cancelled',
      '30 DELETE_IN_PROGRESS Image',
      '30 DELETE_IN_PROGRESS Node',
      '36.667 DELETE_COMPLETE Node',
      '40 DELETE_COMPLETE Image',
      '40 DELETE_IN_PROGRESS Role',
      '43.333 DELETE_COMPLETE Role',
    ]);
    expect(stackAt(record, START + 35_000).report).toMatchObject({
      status: 'ROLLBACK_IN_PROGRESS',
      statusReason: 'The following resource(s) failed to create: [Node, Image]. Rollback requested by user.',
    });
    expect(stackAt(record, LONG).report.outputs).toEqual({});
  });

  it('can fail to be taken back', () => {
    const rollback = { resource: 'Role', reason: 'in use' };
    const record = created(RESOURCES, [{ do: 'fail', resource: 'Node', rollback }]);
    expect(wordsOf(record)).toEqual(['CREATE_IN_PROGRESS', 'ROLLBACK_IN_PROGRESS', 'ROLLBACK_FAILED']);
    expect(linesOf(record).at(-1)).toBe('43.333 DELETE_FAILED Role: in use');
    expect(stackAt(record, LONG).report.statusReason).toBe(
      'The following resource(s) failed to delete: [Role].',
    );
    expect(wordsOf(called(record, LONG, 'delete')).at(-1)).toBe('DELETE_COMPLETE');
  });

  it('fails at the resource that takes longest unless told where', () => {
    expect(
      linesOf(created(RESOURCES, [{ do: 'fail' }])).find((line) => line.includes('CREATE_FAILED')),
    ).toMatch(/^90 CREATE_FAILED Ready/);
    // A rule about a resource that this stack does not have leaves it alone.
    expect(wordsOf(created(RESOURCES, [{ do: 'fail', resource: 'Other' }])).at(-1)).toBe('CREATE_COMPLETE');
  });

  it('can be cut short by a deletion, while it goes on and while it is taken back', () => {
    const early = called(created(), START + 15_000, 'delete');
    expect(wordsOf(early)).toEqual(['CREATE_IN_PROGRESS', 'DELETE_IN_PROGRESS', 'DELETE_COMPLETE']);
    expect(linesOf(early, 15_000)).toEqual([
      '15 DELETE_IN_PROGRESS Node',
      '15 DELETE_IN_PROGRESS Image',
      '21.667 DELETE_COMPLETE Node',
      '25 DELETE_COMPLETE Image',
      '25 DELETE_IN_PROGRESS Role',
      '28.333 DELETE_COMPLETE Role',
    ]);
    const failing = created(RESOURCES, [{ do: 'fail', resource: 'Node' }]);
    const late = called(failing, START + 38_000, 'delete');
    expect(wordsOf(late)).toEqual([
      'CREATE_IN_PROGRESS',
      'ROLLBACK_IN_PROGRESS',
      'DELETE_IN_PROGRESS',
      'DELETE_COMPLETE',
    ]);
    // Node had gone by then.
    expect(linesOf(late, 38_000)).not.toContainEqual(expect.stringContaining('Node'));
  });
});

describe('an update', () => {
  const at = START + 200_000;

  it('changes in place, and the new values hold from its beginning', () => {
    const record = called(created(), at, { parameters: { Nodes: '9' }, tags: { drop: '1' } });
    expect(wordsOf(record).slice(2)).toEqual([
      'UPDATE_IN_PROGRESS',
      'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS',
      'UPDATE_COMPLETE',
    ]);
    expect(linesOf(record, 200_000)).toEqual(['200 UPDATE_IN_PROGRESS Group', '203 UPDATE_COMPLETE Group']);
    expect(stackAt(record, at - 1).report).toMatchObject({ parameters: PARAMETERS, tags: { drop: '0' } });
    for (const now of [at, LONG])
      expect(stackAt(record, now).report).toMatchObject({
        parameters: { ...PARAMETERS, Nodes: '9' },
        tags: { drop: '1' },
      });
  });

  it('replaces: the new one is made first, the old one goes in the clean-up', () => {
    const record = called(created(), at, { parameters: { ImageType: 'b' } });
    expect(linesOf(record, 200_000)).toEqual([
      '200 UPDATE_IN_PROGRESS Image: Requested update requires the creation of a new physical resource; hence creating one.',
      '201 UPDATE_IN_PROGRESS Image: Resource creation Initiated',
      '230 UPDATE_COMPLETE Image',
      '230 UPDATE_IN_PROGRESS Group',
      '233 UPDATE_COMPLETE Group',
      '233 DELETE_IN_PROGRESS Image',
      '243 DELETE_COMPLETE Image',
    ]);
    // The new half stands, and is deleted with the stack.
    const gone = called(record, LONG, 'delete');
    expect(linesOf(gone, LONG - START)).toContainEqual(expect.stringContaining('DELETE_COMPLETE Image'));
  });

  it('is denied by the stack policy where it would replace a protected resource; the old values come back', () => {
    const record = called(created(), at, { parameters: { NodeType: 'b', Nodes: '9' }, tags: { drop: '1' } });
    expect(wordsOf(record).slice(2)).toEqual([
      'UPDATE_IN_PROGRESS',
      'UPDATE_ROLLBACK_IN_PROGRESS',
      'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS',
      'UPDATE_ROLLBACK_COMPLETE',
    ]);
    expect(linesOf(record, 200_000)).toEqual([
      '200 UPDATE_IN_PROGRESS Node',
      '200 UPDATE_FAILED Node: Action denied by stack policy: Statement [#1] does not allow [Update:Replace] for resource [LogicalResourceId/Node]',
    ]);
    expect(stackAt(record, LONG).report).toMatchObject({ parameters: PARAMETERS, tags: { drop: '0' } });
    // The running stack is as good as before: another update goes through.
    const next = called(record, LONG, { parameters: { Nodes: '9' } });
    expect(wordsOf(next).at(-1)).toBe('UPDATE_COMPLETE');
  });

  it('that fails half-way puts back what it had changed', () => {
    const rules: readonly FaultRule[] = [{ do: 'fail', resource: 'Group', reason: 'quota' }];
    const record = called(created(), at, { parameters: { ImageType: 'b' } }, rules);
    expect(linesOf(record, 233_000)).toEqual([
      '233 UPDATE_FAILED Group: quota',
      '233 UPDATE_IN_PROGRESS Image',
      '243 UPDATE_COMPLETE Image',
      '243 UPDATE_IN_PROGRESS Group',
      '246 UPDATE_COMPLETE Group',
      '246 DELETE_IN_PROGRESS Image',
      '256 DELETE_COMPLETE Image',
    ]);
    expect(stackAt(record, START + 232_999).report.parameters['ImageType']).toBe('b');
    expect(stackAt(record, START + 233_000).report).toMatchObject({
      status: 'UPDATE_ROLLBACK_IN_PROGRESS',
      statusReason: 'The following resource(s) failed to update: [Group].',
      parameters: PARAMETERS,
    });
    expect(stackAt(record, LONG).report.outputs).toEqual({ LoginAddress: '192.0.2.1' });
  });

  it('can get stuck on the way back; then only deletion is left', () => {
    const rules: readonly FaultRule[] = [{ do: 'fail', resource: 'Group', rollback: { reason: 'gone' } }];
    const record = called(created(), at, { parameters: { Nodes: '9' } }, rules);
    expect(wordsOf(record).slice(-3)).toEqual([
      'UPDATE_IN_PROGRESS',
      'UPDATE_ROLLBACK_IN_PROGRESS',
      'UPDATE_ROLLBACK_FAILED',
    ]);
    expect(linesOf(record).at(-1)).toMatch(/UPDATE_FAILED Group: gone$/);
    expect(stackAt(record, LONG).report.parameters).toEqual(PARAMETERS);
    expect(called(record, LONG, { parameters: { Nodes: '8' } })).toBe(record);
    expect(wordsOf(called(record, LONG, 'delete')).at(-1)).toBe('DELETE_COMPLETE');
  });
});

describe('a deletion', () => {
  it('that gets stuck keeps what the stuck resource rests on, and takes up there the next time', () => {
    const rules: readonly FaultRule[] = [{ do: 'stick', resource: 'Node', reason: 'in use' }];
    const stuck = called(created(), START + 200_000, 'delete', rules);
    expect(wordsOf(stuck).slice(-2)).toEqual(['DELETE_IN_PROGRESS', 'DELETE_FAILED']);
    expect(linesOf(stuck, 200_000).filter((line) => line.includes('Role'))).toEqual([]);
    expect(linesOf(stuck).at(-1)).toMatch(/DELETE_FAILED Node: in use$/);
    const gone = called(stuck, START + 400_000, 'delete');
    expect(linesOf(gone, 400_000)).toEqual([
      '400 DELETE_IN_PROGRESS Node',
      '406.667 DELETE_COMPLETE Node',
      '406.667 DELETE_IN_PROGRESS Role',
      '410 DELETE_COMPLETE Role',
    ]);
    expect(stackAt(gone, LONG).report.status).toBe('DELETE_COMPLETE');
  });
});

describe('a template', () => {
  it('that waits for itself or for nothing is refused in CloudFormation’s words', () => {
    const [a, b, c] = ['A', 'B', 'C'].map((logicalId) => ({ logicalId, type: 'T', seconds: 1 })) as [
      BlueprintResource,
      BlueprintResource,
      BlueprintResource,
    ];
    expect(templateFault([{ ...a, after: ['B'] }, { ...b, after: ['A'] }, c])).toBe(
      'Circular dependency between resources: [A, B]',
    );
    expect(templateFault([{ ...a, after: ['Z'] }])).toMatch(/Unresolved resource dependencies \[Z\]/);
    expect(templateFault(RESOURCES)).toBeUndefined();
  });
});

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html: what may follow on what. */
const FOLLOWS: Readonly<Record<string, readonly string[]>> = {
  CREATE_IN_PROGRESS: ['CREATE_COMPLETE', 'ROLLBACK_IN_PROGRESS', 'DELETE_IN_PROGRESS'],
  CREATE_COMPLETE: ['UPDATE_IN_PROGRESS', 'DELETE_IN_PROGRESS'],
  ROLLBACK_IN_PROGRESS: ['ROLLBACK_COMPLETE', 'ROLLBACK_FAILED', 'DELETE_IN_PROGRESS'],
  ROLLBACK_COMPLETE: ['DELETE_IN_PROGRESS'],
  ROLLBACK_FAILED: ['DELETE_IN_PROGRESS'],
  UPDATE_IN_PROGRESS: ['UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', 'UPDATE_ROLLBACK_IN_PROGRESS'],
  UPDATE_COMPLETE_CLEANUP_IN_PROGRESS: ['UPDATE_COMPLETE'],
  UPDATE_COMPLETE: ['UPDATE_IN_PROGRESS', 'DELETE_IN_PROGRESS'],
  UPDATE_ROLLBACK_IN_PROGRESS: ['UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS', 'UPDATE_ROLLBACK_FAILED'],
  UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS: ['UPDATE_ROLLBACK_COMPLETE'],
  UPDATE_ROLLBACK_COMPLETE: ['UPDATE_IN_PROGRESS', 'DELETE_IN_PROGRESS'],
  UPDATE_ROLLBACK_FAILED: ['DELETE_IN_PROGRESS'],
  DELETE_IN_PROGRESS: ['DELETE_COMPLETE', 'DELETE_FAILED'],
  DELETE_FAILED: ['DELETE_IN_PROGRESS'],
  DELETE_COMPLETE: [],
};

/** Any template without circles: each resource waits for some of those before it, and they come in any order. */
const templates = fc
  .array(
    fc.record({
      seconds: fc.oneof(
        fc.constant(0),
        fc.integer({ min: 0, max: 300 }),
        fc.double({ min: 0, max: 5, noNaN: true }),
      ),
      type: fc.constantFrom(
        'AWS::IAM::Role',
        'AWS::EC2::LaunchTemplate',
        'AWS::AutoScaling::AutoScalingGroup',
      ),
      after: fc.array(fc.nat(6), { maxLength: 3 }),
      replacedBy: fc.subarray(Object.keys(PARAMETERS)),
      protected: fc.boolean(),
    }),
    { minLength: 1, maxLength: 7 },
  )
  .chain((drafts) => {
    const resources = drafts.map(({ after, ...draft }, index) => ({
      ...draft,
      logicalId: `R${index}`,
      after: [...new Set(after.filter((other) => other < index).map((other) => `R${other}`))],
    }));
    return fc.shuffledSubarray(resources, { minLength: resources.length, maxLength: resources.length });
  });
const resourceName = fc.option(
  fc.nat(6).map((n) => `R${n}`),
  { nil: undefined },
);
const rule: fc.Arbitrary<FaultRule> = fc.oneof(
  resourceName.chain((resource) =>
    fc.option(resourceName, { nil: null }).map(
      (rollback): FaultRule => ({
        do: 'fail',
        ...(resource === undefined ? {} : { resource }),
        ...(rollback === null ? {} : { rollback: rollback === undefined ? {} : { resource: rollback } }),
      }),
    ),
  ),
  resourceName.map(
    (resource): FaultRule => ({ do: 'stick', ...(resource === undefined ? {} : { resource }) }),
  ),
  fc.constantFrom(0.5, 4).map((factor): FaultRule => ({ do: 'slow', factor })),
);
const rules = fc.array(rule, { maxLength: 2 });
const calls = fc.array(
  fc.record({
    wait: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 400_000 }), fc.constant(20_000_000)),
    change: fc.oneof(
      { weight: 1, arbitrary: fc.constant('delete' as const) },
      {
        weight: 3,
        arbitrary: fc.record({
          parameters: fc.dictionary(fc.constantFrom(...Object.keys(PARAMETERS)), fc.constantFrom('a', 'b')),
          tags: fc.dictionary(fc.constantFrom('drop', 'x'), fc.constantFrom('0', '1')),
        }),
      },
    ),
    rules,
  }),
  { maxLength: 6 },
);

/** Lives that calls, time and the control file can lead to. */
const lives = fc.tuple(templates, rules, calls).map(([resources, first, later]) => {
  let record = created(resources, first);
  let now = START;
  for (const { wait, change, rules: scripted } of later) {
    now += wait;
    record = called(record, now, change, scripted);
  }
  return record;
});

describe('any life of a stack', () => {
  it('has only words that CloudFormation has, each after one that it may follow on', () => {
    fc.assert(
      fc.property(lives, (record) => {
        const words = wordsOf(record);
        expect(words[0]).toBe('CREATE_IN_PROGRESS');
        for (const [index, word] of words.entries()) {
          expect(STATUS_WORDS).toContain(word);
          const before = words[index - 1];
          if (before !== undefined) expect(FOLLOWS[before]).toContain(word);
        }
      }),
    );
  });

  it('has events whose times never go back, with an id each', () => {
    fc.assert(
      fc.property(lives, (record) => {
        const events = timelineOf(record);
        for (const [index, event] of events.entries())
          expect(event.at).toBeGreaterThanOrEqual(events[index - 1]?.at ?? START);
        expect(new Set(events.map((event) => event.id)).size).toBe(events.length);
        expect(events.every((event) => Number.isInteger(event.at))).toBe(true);
      }),
    );
  });

  it('is at every moment what its events so far say, and what happened stays as it was', () => {
    fc.assert(
      fc.property(lives, fc.nat(30_000_000), fc.nat(1_000_000), (record, ahead, later) => {
        const now = START + ahead;
        const { report, events } = stackAt(record, now);
        expect(report.status).toBe(events.findLast((event) => event.type === STACK)?.status);
        expect(events.every((event) => event.at <= now)).toBe(true);
        expect(stackAt(record, now + later).events.slice(0, events.length)).toEqual(events);
        const operations = record.operations.flatMap((operation) =>
          operation.kind === 'delete' ? [] : [operation],
        );
        expect(operations.map(({ parameters }) => parameters)).toContain(report.parameters);
      }),
    );
  });

  it('is told ahead by nextChangeAfter: nothing happens before, something then, and it comes to rest', () => {
    fc.assert(
      fc.property(lives, fc.nat(1_000_000), (record, ahead) => {
        let now = START + ahead;
        for (;;) {
          const next = nextChangeAfter(record, now);
          if (next === undefined) break;
          const { events, report } = stackAt(record, now);
          expect(stackAt(record, next - 1)).toEqual({ events, report });
          expect(stackAt(record, next).events.length).toBeGreaterThan(events.length);
          now = next;
        }
        expect(stackAt(record, now).report.status).not.toMatch(/_IN_PROGRESS$/);
        expect(stackAt(record, now + LONG)).toEqual(stackAt(record, now));
      }),
    );
  });

  it('survives being written down and read again', () => {
    fc.assert(
      fc.property(lives, fc.nat(30_000_000), (record, ahead) => {
        const read = JSON.parse(JSON.stringify(record)) as StackRecord;
        expect(stackAt(read, START + ahead)).toEqual(stackAt(record, START + ahead));
      }),
    );
  });

  it('makes nothing before what it waits for, and leaves nothing behind', () => {
    fc.assert(
      fc.property(lives, (record) => {
        const events = timelineOf(record);
        const index = (logicalId: string, status: string) =>
          events.findIndex((event) => event.logicalId === logicalId && event.status === status);
        for (const { logicalId, after } of inOrder(record.resources)) {
          const begun = index(logicalId, 'CREATE_IN_PROGRESS');
          for (const other of begun >= 0 ? (after ?? []) : []) {
            expect(index(other, 'CREATE_COMPLETE')).toBeGreaterThanOrEqual(0);
            expect(index(other, 'CREATE_COMPLETE')).toBeLessThan(begun);
          }
          if (begun >= 0 && wordsOf(record).at(-1) === 'DELETE_COMPLETE')
            expect(events.findLast((event) => event.logicalId === logicalId)?.status).toBe('DELETE_COMPLETE');
        }
      }),
    );
  });
});
