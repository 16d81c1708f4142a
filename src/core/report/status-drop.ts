import type { Entry } from '../entry.ts';
import type { CreateFile } from '../observed.ts';
import type { Problem } from '../problems.ts';
import { carries, rulingFile } from '../ruling-file.ts';
import type { StatusInput } from './status-input.ts';
import type { AnsweredDrop, DropOutcome, StatusState } from './status-shape.ts';

export interface DropStory {
  readonly drop?: AnsweredDrop;
  readonly problems: readonly Problem[];
  /** The request that belongs to the drop. */
  readonly request?: string | undefined;
}

/** The last drop, how far it has come, and what stood in its way. */
export function dropStory({ observed, answer, decision }: StatusInput, state: StatusState): DropStory {
  const { create, entry } = observed;
  const ruling = rulingFile(observed);
  if (answer) {
    const request = answer.action === 'create' && create?.id === answer.drop ? create.text : entry?.drop.text;
    return {
      drop: { id: answer.drop, action: answer.action, outcome: answer.outcome },
      problems: answer.problems,
      request,
    };
  }
  if (ruling?.action === 'delete') {
    const outcome = state === 'gone' ? 'done' : entry?.ending ? 'accepted' : 'pending';
    return {
      drop: { id: ruling.file.id, action: 'delete', outcome },
      problems: [],
      request: entry?.drop.text,
    };
  }
  if (ruling && create) {
    const drop = { id: create.id, action: 'create' as const };
    if (decision.step.kind === 'refuse') {
      return {
        drop: { ...drop, outcome: 'refused' },
        problems: decision.step.problems,
        request: create.text,
      };
    }
    const outcome = !carries(entry, create.id)
      ? 'pending'
      : entry?.drop.id === create.id
        ? OUTCOME[state]
        : 'accepted';
    return {
      drop: { ...drop, outcome },
      problems: outcome === 'refused' ? (entry?.failure ?? []) : [],
      request: textOf(create, entry),
    };
  }
  return entry ? remembered(entry, state) : { problems: [] };
}

/** An accepted request is not read again: the ledger has kept it. */
function textOf(create: CreateFile, entry: Entry | undefined): string | undefined {
  if (entry?.drop.id === create.id) return entry.drop.text;
  return entry?.update?.drop.id === create.id ? entry.update.drop.text : create.text;
}

/** No file is there: what the ledger remembers as the last one. */
function remembered(entry: NonNullable<StatusInput['observed']['entry']>, state: StatusState): DropStory {
  const { update, answer } = entry;
  const latest = update?.drop ?? entry.drop;
  // Whatever is accepted later takes this answer's place, so without a change under way it is the last one.
  if (answer && !update && !carries(entry, answer.drop)) {
    const outcome = answer.outcome === 'accepted' ? 'done' : 'refused';
    return { drop: { id: answer.drop, action: 'create', outcome }, problems: answer.problems };
  }
  const base = { id: latest.id, action: 'create' as const };
  if (update && latest === update.drop) {
    return {
      drop: { ...base, outcome: update.failure ? 'refused' : 'accepted' },
      problems: update.failure ?? [],
      request: latest.text,
    };
  }
  const own = answer?.drop === latest.id ? answer : undefined;
  const outcome = own?.outcome === 'refused' ? 'refused' : OUTCOME[state];
  return { drop: { ...base, outcome }, problems: entry.failure ?? own?.problems ?? [], request: latest.text };
}

/** How far the drop that a cluster is made of has come. */
const OUTCOME: Readonly<Record<StatusState, DropOutcome>> = {
  waiting: 'pending',
  starting: 'accepted',
  running: 'done',
  updating: 'done',
  stopping: 'done',
  gone: 'done',
  stuck: 'done',
  failed: 'refused',
  refused: 'refused',
};
