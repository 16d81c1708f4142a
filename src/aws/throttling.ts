import { Throttled } from '../engine/ports.ts';

/** The words of S3, SES, SQS and the Price List API for "slow down"; each service has its own. */
const SLOW_DOWN = new Set([
  'BandwidthLimitExceeded',
  'PriorRequestNotComplete',
  'RequestLimitExceeded',
  'RequestThrottled',
  'RequestThrottledException',
  'RequestTimeout',
  'SlowDown',
  'ThrottledException',
  'Throttling',
  'ThrottlingException',
  'TooManyRequests',
  'TooManyRequestsException',
]);

/**
 * What the engine throws for an answer that asks to come back later, after the SDK's own retries; `undefined` for all others. A service
 * in trouble of its own (every 5xx) asks for the same: nobody has to mend anything here.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
 */
export function throttledBy(error: unknown): Throttled | undefined {
  if (error instanceof Throttled) return error;
  const { name, message, $metadata } = Object(error) as {
    readonly name?: unknown;
    readonly message?: unknown;
    readonly $metadata?: { readonly httpStatusCode?: number };
  };
  const status = $metadata?.httpStatusCode ?? 0;
  return (typeof name === 'string' && SLOW_DOWN.has(name)) || status === 429 || status >= 500
    ? new Throttled(`${String(name)}: ${String(message)}`, { cause: error })
    : undefined;
}
