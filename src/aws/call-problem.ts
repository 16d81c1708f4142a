import { type Problem, ProblemError, problem } from '../core/problems.ts';

/** What AWS and its SDK put into the `name` of an error, by what a person has to do about it. */
const NO_CREDENTIALS = new Set(['CredentialsProviderError', 'CredentialsError']);
const EXPIRED = new Set([
  'ExpiredToken',
  'ExpiredTokenException',
  'TokenRefreshRequired',
  'TokenProviderError',
  'RequestExpired',
]);
const UNKNOWN_CREDENTIALS = new Set([
  'InvalidAccessKeyId',
  'InvalidClientTokenId',
  'InvalidToken',
  'SignatureDoesNotMatch',
  'UnrecognizedClientException',
]);
const DENIED = new Set([
  'AccessDenied',
  'AccessDeniedException',
  'AllAccessDisabled',
  'Forbidden',
  'UnauthorizedOperation',
]);
const BUSY = new Set([
  'Throttled',
  'Throttling',
  'ThrottlingException',
  'TooManyRequestsException',
  'RequestLimitExceeded',
  'SlowDown',
]);
const UNREACHABLE = new Set([
  'EAI_AGAIN',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'ETIMEDOUT',
]);

interface AwsError {
  readonly name?: unknown;
  readonly message?: unknown;
  readonly code?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: unknown };
}

/** AWS knows the caller and says that they may not do this. Nothing else: bad credentials are not a matter of rights. */
export function isAccessDenied(error: unknown): boolean {
  if (error instanceof ProblemError) return error.problems.some(({ code }) => code === 'access-denied');
  const { name, $metadata } = Object(error) as AwsError;
  return typeof name === 'string' && $metadata !== undefined && DENIED.has(name);
}

/** A failed call to AWS in words, for whoever typed a command; `undefined` for an error that has nothing to do with AWS. */
export function callProblem(error: unknown): Problem | undefined {
  const { name, message, code, $metadata } = Object(error) as AwsError;
  const what = String(message);
  if (typeof name === 'string') {
    if (EXPIRED.has(name)) return problem('credentials-expired', { what });
    if (NO_CREDENTIALS.has(name))
      return /expired/i.test(what)
        ? problem('credentials-expired', { what })
        : problem('no-credentials', { what });
    if (UNKNOWN_CREDENTIALS.has(name)) return problem('unknown-credentials', { what });
    if (BUSY.has(name)) return problem('aws-busy', { what });
    if (name === 'RequestTimeTooSkewed') return problem('clock-wrong', { what });
    if (name === 'TimeoutError') return problem('aws-unreachable', { what });
    if (isAccessDenied(error)) return problem('access-denied', { what });
  }
  if (typeof code === 'string' && UNREACHABLE.has(code))
    return problem('aws-unreachable', { what: what || code });
  return $metadata === undefined ? undefined : problem('aws-failed', { what: `${String(name)}: ${what}` });
}
