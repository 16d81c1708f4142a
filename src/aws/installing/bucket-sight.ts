import {
  GetBucketLifecycleConfigurationCommand,
  GetBucketNotificationConfigurationCommand,
  GetBucketPolicyCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  GetPublicAccessBlockCommand,
  HeadBucketCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { BucketTags, Notifications, Policy } from './bucket-documents.ts';

/** A bucket as it is now. `foreign`: another account has the name, or these credentials may not look. */
export type BucketSight =
  | { readonly kind: 'absent' | 'foreign' }
  | { readonly kind: 'elsewhere'; readonly region: string }
  | BucketHere;

export interface BucketHere {
  readonly kind: 'here';
  readonly isVersioned: boolean;
  readonly notifications: Notifications;
  readonly tags: BucketTags;
  readonly policy?: Policy;
  /** No policy and no ACL can open it to the public. */
  readonly isPrivate: boolean;
  /** Some rule ends old versions. */
  readonly endsOldVersions: boolean;
}

/** Looks at a bucket that should lie in `region` of `account`, the client's own. */
export async function seeBucket(
  s3: S3Client,
  bucket: string,
  { account, region }: { readonly account: string; readonly region: string },
): Promise<BucketSight> {
  const where = { Bucket: bucket, ExpectedBucketOwner: account };
  const lies = await bucketLies(s3, where, region);
  if (lies !== undefined) return lies;
  const [versioning, notifications, tags, policy, block, lifecycle] = await Promise.all([
    s3.send(new GetBucketVersioningCommand(where)),
    s3.send(new GetBucketNotificationConfigurationCommand(where)),
    orNone('NoSuchTagSet', s3.send(new GetBucketTaggingCommand(where))),
    orNone('NoSuchBucketPolicy', s3.send(new GetBucketPolicyCommand(where))),
    orNone('NoSuchPublicAccessBlockConfiguration', s3.send(new GetPublicAccessBlockCommand(where))),
    orNone('NoSuchLifecycleConfiguration', s3.send(new GetBucketLifecycleConfigurationCommand(where))),
  ]);
  const blocked = block?.PublicAccessBlockConfiguration;
  return {
    kind: 'here',
    isVersioned: versioning.Status === 'Enabled',
    notifications: notificationsIn(notifications),
    tags: Object.fromEntries((tags?.TagSet ?? []).map(({ Key = '', Value = '' }) => [Key, Value])),
    ...(policy?.Policy !== undefined && { policy: JSON.parse(policy.Policy) as Policy }),
    isPrivate: blocked?.BlockPublicPolicy === true && blocked.RestrictPublicBuckets === true,
    endsOldVersions: (lifecycle?.Rules ?? []).some((rule) => rule.NoncurrentVersionExpiration !== undefined),
  };
}

async function bucketLies(
  s3: S3Client,
  where: { readonly Bucket: string; readonly ExpectedBucketOwner: string },
  region: string,
): Promise<BucketSight | undefined> {
  try {
    const { BucketRegion = region } = await s3.send(new HeadBucketCommand(where));
    return BucketRegion === region ? undefined : { kind: 'elsewhere', region: BucketRegion };
  } catch (error) {
    const { $metadata } = Object(error) as { readonly $metadata?: { readonly httpStatusCode?: number } };
    if ($metadata?.httpStatusCode === 404) return { kind: 'absent' };
    if ($metadata?.httpStatusCode === 403) return { kind: 'foreign' };
    throw error;
  }
}

/** S3 answers "there is none" with an error of its own for each kind of setting; any other error is one. */
async function orNone<T>(none: string, answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof Error && error.name === none) return undefined;
    throw error;
  }
}

/** Only what can be written back. */
function notificationsIn(answer: Notifications | object): Notifications {
  const { $metadata: _, ...rest } = answer as Record<string, unknown>;
  return Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
}
