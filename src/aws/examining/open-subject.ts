import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ProblemError, problem } from '../../core/problems.ts';
import { packageFolder } from '../../shipped/package-folder.ts';
import type { AwsAccess } from '../access.ts';
import { type AwsInstallation, readAwsInstallation } from '../aws-installation.ts';
import { openCloudFormationStacks } from '../cloudformation-stacks.ts';
import { openS3Store } from '../s3-store.ts';
import { adminBucketOf, bucketRegion } from '../users-bucket.ts';
import type { AwsSubject } from './aws-subject.ts';

export interface SubjectOptions extends Pick<AwsSubject, 'access' | 'now' | 'types' | 'flags'> {
  /** A users' bucket of the installation; or the administrator's, for a users' bucket may have lost the tag that leads there. */
  readonly bucket: string;
  /** Where to ask first which region it lies in. */
  readonly guess: string;
}

/** @throws ProblemError `no-such-bucket`, `not-on-aws`, `unreadable-object` */
export async function openSubject(options: SubjectOptions): Promise<AwsSubject> {
  const { access, bucket, guess, ...rest } = options;
  const region = await bucketRegion(access, bucket, guess);
  const tagged = await adminBucketOf(access, region, bucket);
  const adminBucket = typeof tagged === 'object' ? tagged.bucket : bucket;
  const admin = openS3Store(access, region, adminBucket);
  const installation = await readAwsInstallation(admin);
  if (!installation) throw new ProblemError(problem('not-on-aws', { bucket }));
  const ownCode = hashOfOwnFunctions();
  return {
    ...rest,
    access,
    installation,
    admin,
    users: usersOf(access, installation),
    stacks: openCloudFormationStacks(access, installation, admin),
    ...(ownCode !== undefined && { ownCode }),
  };
}

function usersOf(access: AwsAccess, { aws }: AwsInstallation) {
  return aws.buckets.map((bucket) => openS3Store(access, aws.region, bucket));
}

/** Sources that were never built bring none along. */
function hashOfOwnFunctions(): string | undefined {
  const zip = join(packageFolder(), 'dist', 'functions.zip');
  return existsSync(zip) ? createHash('sha256').update(readFileSync(zip)).digest('base64') : undefined;
}
