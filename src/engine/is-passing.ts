import type { ProblemCode, ProblemError } from '../core/problems.ts';

const PASSING: ReadonlySet<ProblemCode> = new Set<ProblemCode>([
  'aws-busy',
  'aws-unreachable',
  'clock-wrong',
  'credentials-expired',
  'no-credentials',
  'unknown-credentials',
]);

/**
 * True for what may be over at the next look. To refuse a request for it would be to take "could not be read" for an answer, and its
 * file would be gone: the request waits instead, and whoever looks tells the administrator.
 */
export function isPassing({ problems }: ProblemError): boolean {
  return problems.some(({ code }) => PASSING.has(code));
}
