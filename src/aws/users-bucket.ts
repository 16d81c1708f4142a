import { GetBucketTaggingCommand, HeadBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { ProblemError, problem } from '../core/problems.ts';
import { ADMIN_BUCKET_TAG } from '../core/tag-names.ts';
import { type AwsAccess, s3Config } from './access.ts';
import { isAccessDenied } from './call-problem.ts';

/** Where calls begin before anything is known: the region of the environment or the profile. */
export async function usualRegion(
  environment: Readonly<Record<string, string | undefined>>,
): Promise<string> {
  const named = environment['AWS_REGION'] || environment['AWS_DEFAULT_REGION'];
  // The SDK knows how profiles are read; without any it throws, and us-east-1 answers for all of the partition.
  return named || new S3Client({}).config.region().catch(() => 'us-east-1');
}

/**
 * The region that a bucket lies in. S3 tells it to everybody, with a refusal as well: whoever holds rights on one folder only may not
 * call HeadBucket. https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html
 * @throws ProblemError `no-such-bucket`
 */
export async function bucketRegion(access: AwsAccess, bucket: string, guess: string): Promise<string> {
  const client = new S3Client(s3Config(access, guess));
  try {
    const { BucketRegion } = await client.send(new HeadBucketCommand({ Bucket: bucket }));
    return BucketRegion ?? guess;
  } catch (error) {
    const { $metadata, $response } = Object(error) as {
      readonly $metadata?: { readonly httpStatusCode?: number };
      readonly $response?: { readonly headers?: Readonly<Record<string, string>> };
    };
    const status = $metadata?.httpStatusCode;
    if (status === 404) throw new ProblemError(problem('no-such-bucket', { bucket }));
    // The answer to HEAD has no body: what a 403 means, the next call tells.
    if (status === 403 || status === 301 || status === 400)
      return $response?.headers?.['x-amz-bucket-region'] ?? guess;
    throw error;
  } finally {
    client.destroy();
  }
}

/** The administrator's bucket of an installation; `denied`: the caller may not know it; `untagged`: the bucket names none. */
export async function adminBucketOf(
  access: AwsAccess,
  region: string,
  bucket: string,
): Promise<{ readonly bucket: string } | 'denied' | 'untagged'> {
  const client = new S3Client(s3Config(access, region));
  try {
    const { TagSet = [] } = await client.send(new GetBucketTaggingCommand({ Bucket: bucket }));
    const name = TagSet.find(({ Key }) => Key === ADMIN_BUCKET_TAG)?.Value;
    return name === undefined ? 'untagged' : { bucket: name };
  } catch (error) {
    if (isAccessDenied(error)) return 'denied';
    const { name } = Object(error) as { readonly name?: string };
    if (name === 'NoSuchTagSet') return 'untagged';
    if (name === 'NoSuchBucket') throw new ProblemError(problem('no-such-bucket', { bucket }));
    throw error;
  } finally {
    client.destroy();
  }
}
