import { S3Client } from '@aws-sdk/client-s3';
import type { Condition, ListPage, ObjectStore, StoredObject, WrittenObject } from '../engine/ports.ts';
import { type AwsAccess, s3Config } from './access.ts';
import type { S3Bucket } from './s3-bucket.ts';
import { listObjects } from './s3-listing.ts';
import { readObject } from './s3-look.ts';
import { putObject } from './s3-put.ts';
import { removeObject } from './s3-remove.ts';

/**
 * An S3 bucket with versioning; a version is S3's VersionId. Each call may throw `Throttled`, or a ProblemError such as
 * `bucket-not-versioned`, `no-such-bucket`, `access-denied`.
 * Needs s3:ListBucket, s3:ListBucketVersions, s3:GetBucketVersioning, s3:GetObject, s3:PutObject, s3:DeleteObject, and
 * s3:DeleteObjectVersion to take its own delete marker away again.
 */
export class S3Store implements ObjectStore {
  readonly bucket: string;
  readonly #bucket: S3Bucket;

  constructor(bucket: S3Bucket) {
    this.bucket = bucket.bucket;
    this.#bucket = bucket;
  }

  list(prefix: string): AsyncIterable<ListPage> {
    return listObjects(this.#bucket, prefix);
  }

  get(key: string, most?: number): Promise<StoredObject | undefined> {
    return readObject(this.#bucket, key, most);
  }

  put(key: string, body: Uint8Array | string, condition?: Condition): Promise<WrittenObject | undefined> {
    return putObject(this.#bucket, key, body, condition);
  }

  remove(key: string, version: string): Promise<'removed' | 'changed' | 'absent'> {
    return removeObject(this.#bucket, key, version);
  }
}

export function openS3Store(access: AwsAccess, region: string, bucket: string): S3Store {
  return new S3Store({ bucket, client: new S3Client(s3Config(access, region)) });
}
