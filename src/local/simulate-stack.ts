import type { Instant } from '../core/instant.ts';
import type { StackEvent, StackReport } from '../engine/ports.ts';
import { STACK } from './planned-event.ts';
import type { AnyOperation, StackRecord } from './stack-record.ts';
import { timelineOf } from './stack-timeline.ts';

/** A stack at one moment. `events` are those that have happened, oldest first. */
export interface SimulatedStack {
  readonly report: StackReport;
  readonly events: readonly StackEvent[];
}

/**
 * What the stack of `record` looks like at `now`: a pure function, so any process gives the same answer at any time.
 * Behaviour: docs/simulated-cloudformation.md. Before the creation, the stack looks as at the moment of its creation.
 */
export function stackAt(record: StackRecord, now: Instant): SimulatedStack {
  const created = record.operations[0].at;
  const instant = Math.max(now, created);
  const events = timelineOf(record).filter((event) => event.at <= instant);
  const latest = events.findLast((event) => event.type === STACK);
  const { parameters, tags } = desiresAt(record, events);
  const isCreated = events.some((event) => event.type === STACK && event.status === 'CREATE_COMPLETE');
  return {
    events,
    report: {
      id: record.id,
      name: record.name,
      status: latest?.status ?? 'CREATE_IN_PROGRESS',
      ...(latest?.reason === undefined ? {} : { statusReason: latest.reason }),
      created,
      tags,
      parameters,
      outputs: isCreated ? record.outputs : {},
    },
  };
}

/** When the next event will happen; `undefined` when the stack has come to rest. */
export function nextChangeAfter(record: StackRecord, now: Instant): Instant | undefined {
  return timelineOf(record).find((event) => event.at > now)?.at;
}

/** Parameters and tags of the last call that was not rolled back. */
function desiresAt(record: StackRecord, events: readonly StackEvent[]) {
  const rolledBack = new Set(
    events
      .filter((event) => event.type === STACK && event.status === 'UPDATE_ROLLBACK_IN_PROGRESS')
      .map((event) => event.token),
  );
  const happened = new Set(events.map((event) => event.token));
  const wanted = (operation: AnyOperation) =>
    operation.kind === 'create' ||
    (operation.kind === 'update' && happened.has(operation.token) && !rolledBack.has(operation.token));
  const latest = record.operations.findLast(wanted);
  return latest && latest.kind !== 'delete' ? latest : record.operations[0];
}
