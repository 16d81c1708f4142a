import type { StackEvent } from '../engine/ports.ts';
import { planCreate } from './plan-create.ts';
import { planDelete } from './plan-delete.ts';
import { planUpdate } from './plan-update.ts';
import { type PlannedEvent, STACK } from './planned-event.ts';
import type { AnyOperation, StackRecord } from './stack-record.ts';

/** Every event that the accepted calls lead to, oldest first, those of the future included. */
export function timelineOf(record: StackRecord): readonly StackEvent[] {
  const events: StackEvent[] = [];
  for (const [index, operation] of record.operations.entries()) {
    // A deletion cuts a creation short: what had not happened by then never does.
    const cut = record.operations[index + 1]?.at ?? Number.POSITIVE_INFINITY;
    for (const event of plan(record, operation, standingAfter(events)))
      if (event.at <= cut) events.push(published(record, operation, event, events.length));
  }
  return events;
}

function plan(
  record: StackRecord,
  operation: AnyOperation,
  standing: ReadonlySet<string>,
): readonly PlannedEvent[] {
  if (operation.kind === 'create') return planCreate(record.resources, operation);
  if (operation.kind === 'update') return planUpdate(record.resources, operation);
  return planDelete(
    record.resources.filter((resource) => standing.has(resource.logicalId)),
    operation,
  );
}

/** Resources that were begun and are not known to be gone; a failed one may have left something behind, so it counts. */
export function standingAfter(events: readonly StackEvent[]): ReadonlySet<string> {
  const ids = new Set<string>();
  let cleaning = false;
  for (const event of events) {
    // After an update the old half of a replaced resource goes under the same logical id: the new half stands.
    if (event.type === STACK) cleaning = event.status.endsWith('CLEANUP_IN_PROGRESS');
    else if (event.status !== 'DELETE_COMPLETE') ids.add(event.logicalId);
    else if (!cleaning) ids.delete(event.logicalId);
  }
  return ids;
}

function published(
  record: StackRecord,
  operation: AnyOperation,
  event: PlannedEvent,
  index: number,
): StackEvent {
  const logicalId = event.logicalId ?? record.name;
  return {
    id: `${logicalId}-${event.status}-${index}`,
    at: event.at,
    logicalId,
    type: event.type,
    status: event.status,
    ...(event.reason === undefined ? {} : { reason: event.reason }),
    token: operation.token,
  };
}
