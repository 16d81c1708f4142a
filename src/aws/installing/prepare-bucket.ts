import {
  DeleteBucketPolicyCommand,
  DeleteBucketTaggingCommand,
  PutBucketNotificationConfigurationCommand,
  PutBucketPolicyCommand,
  PutBucketTaggingCommand,
  PutBucketVersioningCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { AccountPlace } from './account-place.ts';
import {
  type BucketTags,
  type Notifications,
  type Policy,
  tlsStatement,
  withEventBridge,
  withoutEventBridge,
  withoutTag,
  withoutTlsStatement,
  withTag,
  withTlsStatement,
} from './bucket-documents.ts';
import { type BucketHere, seeBucket } from './bucket-sight.ts';
import type { Addition } from './deployment-record.ts';

/** A bucket, and whose installation it serves. */
export interface BucketWork {
  readonly s3: S3Client;
  readonly place: AccountPlace;
  readonly bucket: string;
  readonly adminBucket: string;
}

/** Adds what is missing to what is there at this moment, which somebody may have changed since the plan was shown. */
export async function prepareBucket(work: BucketWork, adds: readonly Addition[]): Promise<void> {
  const sight = await look(work);
  if (!sight) return;
  const put = putters(work);
  if (adds.includes('versioning')) await put.versioning();
  if (adds.includes('tag')) await put.tags(withTag(sight.tags, work.adminBucket));
  if (adds.includes('tls-statement'))
    await put.policy(withTlsStatement(sight.policy, tlsStatement(work.place.partition, work.bucket)));
  if (adds.includes('event-bridge')) await put.notifications(withEventBridge(sight.notifications));
}

/**
 * Takes away again what was added, and only that: what others changed meanwhile stays. Versioning stays on: it cannot be undone, only
 * suspended, and old versions are somebody's data.
 */
export async function restoreBucket(work: BucketWork, added: readonly Addition[]): Promise<void> {
  const sight = await look(work);
  if (!sight) return;
  const put = putters(work);
  if (added.includes('event-bridge')) await put.notifications(withoutEventBridge(sight.notifications));
  if (added.includes('tls-statement')) await put.policy(withoutTlsStatement(sight.policy));
  if (added.includes('tag')) await put.tags(withoutTag(sight.tags, work.adminBucket));
}

async function look({ s3, bucket, place }: BucketWork): Promise<BucketHere | undefined> {
  const sight = await seeBucket(s3, bucket, place);
  return sight.kind === 'here' ? sight : undefined;
}

function putters({ s3, bucket, place }: BucketWork) {
  const where = { Bucket: bucket, ExpectedBucketOwner: place.account };
  return {
    versioning: () =>
      s3.send(new PutBucketVersioningCommand({ ...where, VersioningConfiguration: { Status: 'Enabled' } })),
    notifications: (notifications: Notifications) =>
      s3.send(
        new PutBucketNotificationConfigurationCommand({
          ...where,
          NotificationConfiguration: notifications,
          // A queue of somebody else's that is gone must not keep us from adding ours.
          SkipDestinationValidation: true,
        }),
      ),
    // CloudFormation's own tags (aws:...) are put back as they are: S3 refuses a set that leaves them out.
    tags: (tags: BucketTags) =>
      Object.keys(tags).length === 0
        ? s3.send(new DeleteBucketTaggingCommand(where))
        : s3.send(
            new PutBucketTaggingCommand({
              ...where,
              Tagging: { TagSet: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) },
            }),
          ),
    policy: (policy: Policy | undefined) =>
      policy === undefined
        ? s3.send(new DeleteBucketPolicyCommand(where))
        : s3.send(new PutBucketPolicyCommand({ ...where, Policy: JSON.stringify(policy) })),
  };
}
