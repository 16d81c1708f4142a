import { allow, type Condition, type PolicyDocument, policy } from './statement.ts';

/** What differs between a person who is an IAM user and one who comes from elsewhere. */
export interface Folder {
  /** Their folder's name below `home/`: a policy variable. */
  readonly name: string;
  /** The users' buckets. */
  readonly buckets: readonly unknown[];
  /** What lies in that folder, in each of the buckets. */
  readonly contents: readonly unknown[];
  /** Must hold for anything at all. */
  readonly given?: Condition;
}

/**
 * Rights on one's own folder, and what the S3 console needs to click down to it.
 * After https://docs.aws.amazon.com/AmazonS3/latest/userguide/walkthrough1.html
 */
export function folderPolicy({ name, buckets, contents, given = {} }: Folder): PolicyDocument {
  const own = { StringLike: { 's3:prefix': `home/${name}/*` } };
  return policy(
    // `*`: the action knows no resource. The console's first page; it tells names of buckets, nothing in them.
    allow('SeeBuckets', ['s3:ListAllMyBuckets'], '*', both(given)),
    // The last one: whether what lies there from long ago has a version. The console shows it, the command line asks.
    allow('OpenBuckets', ['s3:GetBucketLocation', 's3:GetBucketVersioning'], buckets, both(given)),
    // With the delimiter nothing but names of folders is told, and those of `home/` only. A listing without a prefix has no `s3:prefix`.
    allow(
      'ClickDown',
      ['s3:ListBucket'],
      buckets,
      both(given, { StringEquals: { 's3:prefix': ['', 'home/'], 's3:delimiter': '/' } }),
    ),
    // The slash before `*` keeps `home/alice` from being `home/alice2`.
    allow('ListOwnFolder', ['s3:ListBucket', 's3:ListBucketVersions'], buckets, both(given, own)),
    // No version is ever destroyed: what was overwritten or removed by mistake can be had back. An upload broken off may be tidied up.
    allow(
      'UseOwnFolder',
      ['s3:GetObject', 's3:GetObjectVersion', 's3:PutObject', 's3:DeleteObject', 's3:AbortMultipartUpload'],
      contents,
      both(given),
    ),
  );
}

function both(one: Condition, other: Condition = {}): Condition | undefined {
  const operators = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  return operators.length === 0
    ? undefined
    : Object.fromEntries(operators.map((operator) => [operator, { ...one[operator], ...other[operator] }]));
}
