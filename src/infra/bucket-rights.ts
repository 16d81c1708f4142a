import { s3Arn } from './names.ts';
import { allow, type Statement } from './statement.ts';
import type { UsersBuckets } from './users-buckets.ts';

/** What every function reads of the administrator's bucket: all but the code. */
const READ = [
  'installation.json',
  'blueprints/*',
  'customizer/*',
  'limits/*',
  'users/*',
  'ledger/*',
  'reports/*',
  'prices/*',
];

/** The last one: an object from the time before versioning has no version of its own, and then it must be known whether writes have one now. */
const LISTING = ['s3:ListBucket', 's3:ListBucketVersions', 's3:GetBucketVersioning'];

/**
 * Whoever reads must be allowed to list, or S3 answers 403 for what is not there, and that would not mean "absent". Without a
 * condition on the prefix: reading has none, so it would not hold.
 */
export function readUsers(buckets: UsersBuckets): readonly Statement[] {
  return [
    allow('ListUsersBuckets', LISTING, buckets.arns()),
    allow('ReadHomes', ['s3:GetObject', 's3:GetObjectVersion'], buckets.arns('/home/*')),
  ];
}

export function readAdmin(prefixes: readonly string[] = READ): readonly Statement[] {
  return [
    allow('ListAdminBucket', LISTING, s3Arn('${AdminBucketName}')),
    allow(
      'ReadAdminBucket',
      ['s3:GetObject'],
      prefixes.map((prefix) => s3Arn(`\${AdminBucketName}/${prefix}`)),
    ),
  ];
}
