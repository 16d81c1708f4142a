import { type AwsAccess, awsAccess } from '../aws/access.ts';
import { readAwsInstallation } from '../aws/aws-installation.ts';
import { isAccessDenied } from '../aws/call-problem.ts';
import { callerIdentity } from '../aws/caller-identity.ts';
import { openS3Files } from '../aws/s3-files.ts';
import { openS3Store } from '../aws/s3-store.ts';
import { adminBucketOf, bucketRegion, usualRegion } from '../aws/users-bucket.ts';
import type { Terminal } from './command.ts';
import { keepStore } from './keep-store.ts';
import type { AwsSide, Caller, Stores } from './open-stores.ts';
import { AFAR } from './pace.ts';
import type { Place } from './place-of.ts';
import { readRemembered } from './remembered-store.ts';
import { storeUrl } from './store-url.ts';

/**
 * An installation in an AWS account, by its users' bucket. Whoever may not see the administrator's bucket gets none: that is how a
 * researcher is told from an administrator.
 * @throws ProblemError `no-such-bucket`, `unreadable-object`
 */
export async function openS3Stores(
  place: Extract<Place, { kind: 'bucket' }>,
  flags: string,
  terminal: Terminal,
): Promise<Stores> {
  const { bucket } = place;
  const { env } = terminal;
  const access = awsAccess(env);
  const region = await bucketRegion(access, bucket, await usualRegion(env));
  const { admin, adminMissing } = await openAdmin(access, region, bucket);
  let asked: Promise<Caller> | undefined;
  const aws: AwsSide = {
    caller: () => (asked ??= callerIdentity(access, region)),
    isDenied: isAccessDenied,
    prove: (user) => keepStore(place, user, terminal),
    ...(adminMissing && { adminMissing }),
    ...rememberedUser(place, terminal),
  };
  return {
    name: storeUrl(bucket),
    users: openS3Store(access, region, bucket),
    ...(admin && { admin }),
    files: async () => openS3Files(access, region, bucket),
    clock: { now: () => terminal.now() },
    pace: AFAR,
    flags,
    aws,
  };
}

type Admin = Pick<Stores, 'admin'> & Pick<AwsSide, 'adminMissing'>;

async function openAdmin(access: AwsAccess, region: string, bucket: string): Promise<Admin> {
  const found = await adminBucketOf(access, region, bucket);
  if (typeof found === 'string') return { adminMissing: found };
  const store = openS3Store(access, region, found.bucket);
  try {
    const installation = await readAwsInstallation(store);
    // The tag can be read by more people than the bucket that it names; of that bucket S3 says "denied" for "absent".
    if (!installation) return { adminMissing: 'untagged' };
    const buckets = installation.aws.buckets.map((name) =>
      openS3Store(access, installation.aws.region, name),
    );
    return { admin: { store, installation, buckets } };
  } catch (error) {
    if (isAccessDenied(error)) return { adminMissing: 'denied' };
    throw error;
  }
}

/** Whoever was remembered with another store is nobody in this one. */
function rememberedUser({ bucket, from }: Place & { bucket: string }, { env }: Terminal) {
  try {
    const { store, user } = readRemembered(env);
    return store === storeUrl(bucket) && user !== undefined ? { rememberedUser: user } : {};
  } catch (error) {
    // A file that is broken is no reason against a store that was named.
    if (from !== 'remembered') return {};
    throw error;
  }
}
