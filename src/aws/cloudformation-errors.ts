import { ProblemError, problem } from '../core/problems.ts';
import { isAccessDenied } from './call-problem.ts';
import { throttledBy } from './throttling.ts';

/** Makes the call. Being asked to slow down is `Throttled`, a missing right a problem; everything else is thrown as it is. */
export async function calmly<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw told(error);
  }
}

/** The same for a paginated call. */
export async function* calmPages<T>(pages: AsyncIterable<T>): AsyncGenerator<T> {
  try {
    yield* pages;
  } catch (error) {
    throw told(error);
  }
}

function told(error: unknown): unknown {
  if (isAccessDenied(error))
    return new ProblemError(
      problem('access-denied', { what: error instanceof Error ? error.message : String(error) }),
    );
  return throttledBy(error) ?? error;
}

/** The message of an error of this name. */
function saidAs(error: unknown, name: string): string | undefined {
  return error instanceof Error && error.name === name ? error.message : undefined;
}

/**
 * True only for "there is no such stack", which is no error of its own: the message has to speak of this very stack.
 * DescribeStacks says it with `with id`, the other calls in brackets.
 */
export function isUnknownStack(error: unknown, ref: string): boolean {
  const said = saidAs(error, 'ValidationError');
  return said === `Stack with id ${ref} does not exist` || said === `Stack [${ref}] does not exist`;
}

export function isNameTaken(error: unknown): boolean {
  return saidAs(error, 'AlreadyExistsException') !== undefined;
}

export function isTokenKnown(error: unknown): boolean {
  return saidAs(error, 'TokenAlreadyExistsException') !== undefined;
}

export function isUnchanged(error: unknown): boolean {
  return /^No updates are to be performed\b/.test(saidAs(error, 'ValidationError') ?? '');
}

/** The refusal, where it is one that passes with the state of the stack. */
export function stateRefusal(error: unknown): string | undefined {
  const said = saidAs(error, 'ValidationError');
  return said !== undefined &&
    /is in \w+ state and can ?not be updated|cannot be deleted while in status/.test(said)
    ? said
    : undefined;
}

/** CloudFormation's final no, in its words. */
export function refusalOf(error: unknown): string | undefined {
  return (
    saidAs(error, 'ValidationError') ??
    saidAs(error, 'InsufficientCapabilitiesException') ??
    // A quota; the SDK counts it among the requests to slow down.
    saidAs(error, 'LimitExceededException')
  );
}
