import { GetBucketVersioningCommand, type S3Client } from '@aws-sdk/client-s3';
import { ProblemError, problem } from '../core/problems.ts';
import { callProblem } from './call-problem.ts';
import { throttledBy } from './throttling.ts';

export interface S3Bucket {
  readonly bucket: string;
  readonly client: S3Client;
}

/** Refusals that tell something of one key; the caller knows what. All others are trouble. */
const ANSWERS = new Set([
  'ConditionalRequestConflict',
  'InvalidRange',
  'NoSuchKey',
  'NotFound',
  'PreconditionFailed',
]);

/** Whether S3 answered with one of these codes. */
export function isAnswer(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && codes.includes(error.name);
}

/** How often the SDK sent a request that failed in the end. After the first time, an earlier one may have taken effect unheard. */
export function attemptsOf(error: unknown): number {
  return (Object(error) as { $metadata?: { attempts?: number } }).$metadata?.attempts ?? 1;
}

/** @throws Throttled, ProblemError, or the SDK's error where it answers a question about one key (`isAnswer`) */
export async function s3Call<T>(bucket: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw s3Failure(bucket, error);
  }
}

export function s3Failure(bucket: string, error: unknown): unknown {
  if (error instanceof ProblemError || isAnswer(error, ...ANSWERS)) return error;
  if (isAnswer(error, 'NoSuchBucket')) return new ProblemError(problem('no-such-bucket', { bucket }));
  const trouble = throttledBy(error);
  if (trouble) return trouble;
  const told = callProblem(error);
  return told ? Object.assign(new ProblemError(told), { cause: error }) : error;
}

/**
 * A write's own name. In a bucket without versioning there is none, and two writes of the same text could not be told apart. Objects
 * from the time before versioning was switched on are called `null` for ever; a new write is never called so while it is on.
 * @throws ProblemError `bucket-not-versioned`
 */
export async function versionIn({ bucket, client }: S3Bucket, id: string | undefined): Promise<string> {
  if (id !== undefined && id !== 'null') return id;
  const { Status } = await s3Call(bucket, () =>
    client.send(new GetBucketVersioningCommand({ Bucket: bucket })),
  );
  if (Status !== 'Enabled') throw notVersioned(bucket);
  return 'null';
}

export function notVersioned(bucket: string): ProblemError {
  return new ProblemError(problem('bucket-not-versioned', { bucket }));
}

/**
 * Whole seconds: the headers of HEAD and GET have no more, and a listing that knew the thousandths would contradict them.
 * @param date `LastModified` of an answer
 */
export function modifiedAt(date: Date | undefined): number {
  if (!date) throw new Error('S3 did not say when an object was written');
  return Math.floor(date.getTime() / 1000) * 1000;
}
