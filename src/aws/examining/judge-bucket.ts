import { fail, type Verdict, warn } from '../../core/finding.ts';
import { ADMIN_BUCKET_TAG } from '../../core/tag-names.ts';
import { hasEventBridge, hasTlsStatement } from '../installing/bucket-documents.ts';
import type { BucketHere, BucketSight } from '../installing/bucket-sight.ts';

export interface BucketNeeds {
  readonly bucket: string;
  /** Where the queue and the functions are. */
  readonly region: string;
  readonly role: 'users' | 'admin';
  readonly adminBucket: string;
  /** What brings everything of ours back: a sentence with a command. */
  readonly again: string;
}

/** What is wrong with a bucket; nothing when all is well. */
export function judgeBucket(sight: BucketSight, needs: BucketNeeds): readonly Verdict[] {
  if (sight.kind !== 'here') return [misplaced(sight, needs)];
  const { bucket, region, role, adminBucket, again } = needs;
  const wrong: Verdict[] = [];
  if (!sight.isVersioned)
    wrong.push(
      fail(
        `${bucket} keeps no versions: two writes of one file cannot be told apart, and what is overwritten is lost`,
        `Switch them on:\n  aws s3api put-bucket-versioning --bucket ${bucket} --versioning-configuration Status=Enabled --region ${region}`,
      ),
    );
  if (role === 'users') wrong.push(...usersNeeds(sight, bucket, adminBucket, again));
  if (!sight.isPrivate)
    wrong.push(
      warn(
        `nothing keeps ${bucket} from being made public`,
        `Block it, unless the whole account does:\n  aws s3api put-public-access-block --bucket ${bucket} --region ${region} --public-access-block-configuration BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true`,
      ),
    );
  if (!hasTlsStatement(sight.policy))
    wrong.push(warn(`${bucket} may be read and written without encryption on the way`, again));
  if (!sight.endsOldVersions)
    wrong.push(
      warn(
        `old versions in ${bucket} are kept, and paid for, for ever`,
        'Give the bucket a lifecycle rule that ends them (NoncurrentVersionExpiration), after 30 days for example.',
      ),
    );
  return wrong;
}

function misplaced(sight: Exclude<BucketSight, BucketHere>, { bucket, region, again }: BucketNeeds): Verdict {
  if ('region' in sight)
    return fail(
      `${bucket} lies in ${sight.region}, the queue and the functions in ${region}: no event reaches them`,
      `Take a bucket in ${region}, and copy what is in this one.`,
    );
  if (sight.kind === 'absent') return fail(`there is no bucket ${bucket}`, again);
  return fail(
    `${bucket} is not open to you, or belongs to another account`,
    'Use credentials of an administrator of the installation: AWS_PROFILE chooses them.',
  );
}

function usersNeeds(
  { notifications, tags }: BucketHere,
  bucket: string,
  adminBucket: string,
  again: string,
): readonly Verdict[] {
  const named = tags[ADMIN_BUCKET_TAG];
  const wrong: Verdict[] = [];
  if (!hasEventBridge(notifications))
    wrong.push(
      fail(`${bucket} tells EventBridge of nothing: drops are found by the sweep only, minutes late`, again),
    );
  if (named === undefined)
    wrong.push(
      fail(
        `${bucket} does not say whose it is: with --store s3://${bucket} nobody finds the installation`,
        `${again}\nIt sets the bucket's tag ${ADMIN_BUCKET_TAG} to ${adminBucket}.`,
      ),
    );
  else if (named !== adminBucket)
    wrong.push(
      fail(
        `${bucket} belongs to another installation, the one of ${named}`,
        'Take the bucket out of one of the two: both would answer each drop.',
      ),
    );
  return wrong;
}
