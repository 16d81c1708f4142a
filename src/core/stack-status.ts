/**
 * What a stack's status word means to us. `stillborn`: never became a cluster, only deletion is possible.
 * `stuck`: it does not move by itself and nothing may be assumed about it.
 */
export type StackState = 'absent' | 'starting' | 'running' | 'updating' | 'stopping' | 'stillborn' | 'stuck';

/**
 * All of CloudFormation's words:
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html#view-stack-events-status-codes
 */
const MEANING: Readonly<Record<string, StackState>> = {
  CREATE_IN_PROGRESS: 'starting',
  CREATE_COMPLETE: 'running',
  CREATE_FAILED: 'stillborn',
  ROLLBACK_IN_PROGRESS: 'stopping',
  ROLLBACK_COMPLETE: 'stillborn',
  ROLLBACK_FAILED: 'stillborn',
  DELETE_IN_PROGRESS: 'stopping',
  DELETE_COMPLETE: 'absent',
  DELETE_FAILED: 'stuck',
  UPDATE_IN_PROGRESS: 'updating',
  UPDATE_COMPLETE_CLEANUP_IN_PROGRESS: 'updating',
  UPDATE_COMPLETE: 'running',
  // Only with rollback switched off, which we never do: somebody else's hand is in this stack.
  UPDATE_FAILED: 'stuck',
  UPDATE_ROLLBACK_IN_PROGRESS: 'updating',
  UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS: 'updating',
  UPDATE_ROLLBACK_COMPLETE: 'running',
  UPDATE_ROLLBACK_FAILED: 'stuck',
  // A change set nobody has executed: nothing exists yet, and we execute none.
  REVIEW_IN_PROGRESS: 'stillborn',
  IMPORT_IN_PROGRESS: 'updating',
  IMPORT_COMPLETE: 'running',
  IMPORT_ROLLBACK_IN_PROGRESS: 'updating',
  IMPORT_ROLLBACK_COMPLETE: 'running',
  IMPORT_ROLLBACK_FAILED: 'stuck',
};

export const STATUS_WORDS: readonly string[] = Object.keys(MEANING);

/** Total: a word that AWS adds tomorrow is `stuck`, never `absent`. */
export function stackStateOf(status: string): StackState {
  return Object.hasOwn(MEANING, status) ? (MEANING[status] ?? 'stuck') : 'stuck';
}

/** One line of a stack's history, as much as the search for a cause needs. */
export interface HistoryEvent {
  readonly at: number;
  readonly logicalId: string;
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly token?: string;
}

export interface Cause {
  readonly resource: string;
  readonly reason: string;
}

const STACK_TYPE = 'AWS::CloudFormation::Stack';
/** CloudFormation stops what is under way once something failed; that is an effect, not the cause. */
const CANCELLED = /^Resource (?:creation|update) cancelled/i;

/**
 * Why it went wrong: the earliest failed resource that was not merely cancelled.
 * `events` newest first, as CloudFormation gives them; only those with `token` where one is given, else those of the last operation.
 */
export function rootCauseOf(events: readonly HistoryEvent[], token?: string): Cause | undefined {
  const own = token === undefined ? lastOperation(events) : events.filter((event) => event.token === token);
  const failed = (event: HistoryEvent) =>
    event.status.endsWith('_FAILED') && !CANCELLED.test(event.reason ?? '');
  const cause =
    own.findLast((event) => failed(event) && event.type !== STACK_TYPE) ??
    own.findLast((event) => failed(event));
  return cause && { resource: cause.logicalId, reason: cause.reason ?? 'no reason was given' };
}

const BEGINNINGS = new Set([
  'CREATE_IN_PROGRESS',
  'UPDATE_IN_PROGRESS',
  'DELETE_IN_PROGRESS',
  'IMPORT_IN_PROGRESS',
]);

/** A change that failed last week does not explain why the deletion fails today. */
function lastOperation(events: readonly HistoryEvent[]): readonly HistoryEvent[] {
  // A history begins with the stack itself; others of its type are stacks inside it.
  const stack = events.at(-1);
  const began = events.findIndex(
    (event) =>
      event.type === STACK_TYPE && event.logicalId === stack?.logicalId && BEGINNINGS.has(event.status),
  );
  return began < 0 ? events : events.slice(0, began + 1);
}

export interface Progress {
  readonly done: number;
  readonly total: number;
  /** The resource that moved last, in words. */
  readonly latest?: string;
}

/** What is told of a resource that takes so long that a person wonders. */
const IN_WORDS: Readonly<Record<string, string>> = {
  'Clusterdrop::Container::Image': ' (built once, a minute or two)',
};

/** How many of `total` resources stand, from the events of one operation (newest first). */
export function progressOf(events: readonly HistoryEvent[], total: number, token?: string): Progress {
  const own = events.filter(
    (event) => event.type !== STACK_TYPE && (token === undefined || event.token === token),
  );
  const done = new Set(
    own.filter((event) => event.status.endsWith('_COMPLETE')).map((event) => event.logicalId),
  ).size;
  const [latest] = own;
  const words = latest?.status === 'CREATE_IN_PROGRESS' ? (IN_WORDS[latest.type] ?? '') : '';
  return {
    done: Math.min(done, total),
    total,
    ...(latest && { latest: `${latest.logicalId}${words}` }),
  };
}
