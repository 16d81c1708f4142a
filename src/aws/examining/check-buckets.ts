import { S3Client } from '@aws-sdk/client-s3';
import { ok, type Verdict } from '../../core/finding.ts';
import { s3Config } from '../access.ts';
import { seeBucket } from '../installing/bucket-sight.ts';
import { type AwsSubject, deployAgain } from './aws-subject.ts';
import { judgeBucket } from './judge-bucket.ts';

/** What `seeBucket` asks for. */
export const BUCKET_RIGHTS = [
  's3:ListBucket',
  's3:GetBucketVersioning',
  's3:GetBucketNotification',
  's3:GetBucketPublicAccessBlock',
  's3:GetBucketPolicy',
  's3:GetLifecycleConfiguration',
  's3:GetBucketTagging',
];

export async function checkUsersBuckets(subject: AwsSubject): Promise<readonly Verdict[]> {
  const { buckets } = subject.installation.aws;
  return (await Promise.all(buckets.map((bucket) => checkBucket(subject, bucket, 'users')))).flat();
}

export function checkAdminBucket(subject: AwsSubject): Promise<readonly Verdict[]> {
  return checkBucket(subject, subject.admin.bucket, 'admin');
}

async function checkBucket(
  subject: AwsSubject,
  bucket: string,
  role: 'users' | 'admin',
): Promise<readonly Verdict[]> {
  const { access, installation, admin } = subject;
  const { region } = installation.aws;
  const sight = await seeBucket(new S3Client(s3Config(access, region)), bucket, installation.aws);
  const needs = { bucket, region, role, adminBucket: admin.bucket, again: deployAgain(subject) };
  const wrong = judgeBucket(sight, needs);
  const events = role === 'users' ? ', and tells of what is dropped' : '';
  return wrong.length > 0 ? wrong : [ok(`${bucket} is private, keeps versions and ends them${events}`)];
}
