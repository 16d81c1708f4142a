import { GetObjectCommand, HeadObjectCommand } from '@aws-sdk/client-s3';
import type { ObjectEntry, StoredObject } from '../engine/ports.ts';
import { isAnswer, modifiedAt, type S3Bucket, s3Call, s3Failure, versionIn } from './s3-bucket.ts';
import { throttledBy } from './throttling.ts';

/** What lies at a key now, without its content. */
export interface S3Look extends ObjectEntry {
  /** Of the content: the same text written twice may have the same. Conditions of S3 know no versions, only this. */
  readonly etag: string;
  readonly metadata: Readonly<Record<string, string>>;
}

interface Answer {
  readonly VersionId?: string | undefined;
  readonly LastModified?: Date | undefined;
  readonly ContentLength?: number | undefined;
  readonly ContentRange?: string | undefined;
  readonly ETag?: string | undefined;
  readonly Metadata?: Record<string, string> | undefined;
}

/** `undefined`: S3 says that there is no such object, or that its newest version is a delete marker. */
export async function lookAt(bucket: S3Bucket, key: string): Promise<S3Look | undefined> {
  try {
    const answer = await bucket.client.send(new HeadObjectCommand({ Bucket: bucket.bucket, Key: key }));
    return await lookOf(bucket, key, answer);
  } catch (error) {
    const { $metadata } = Object(error) as { readonly $metadata?: { readonly httpStatusCode?: number } };
    if ($metadata?.httpStatusCode === undefined || throttledBy(error)) throw s3Failure(bucket.bucket, error);
    // An error of HEAD has no body: 404 may be a missing key or a missing bucket. The same question as GET is answered in words.
    const read = await readFrom(bucket, key, 'bytes=0-0');
    if (read === 'out of range') throw s3Failure(bucket.bucket, error);
    return read?.look;
  }
}

/** An object is written anew between so many pairs of calls only by somebody who does nothing else. */
const ROUNDS = 5;

/** The contract is that of `ObjectStore.get`. */
export async function readObject(
  bucket: S3Bucket,
  key: string,
  most: number | undefined,
): Promise<StoredObject | undefined> {
  for (let round = 0; round < ROUNDS; round++) {
    const read = most === 0 ? 'out of range' : await readFrom(bucket, key, most && `bytes=0-${most - 1}`);
    if (read === undefined) return undefined;
    if (read !== 'out of range') return { ...entryOf(read.look), body: read.body };
    // Of an empty object S3 gives no range at all, and no range is empty.
    const look = await lookAt(bucket, key);
    if (!look) return undefined;
    if (look.size === 0 || most === 0) return { ...entryOf(look), body: new Uint8Array() };
  }
  throw new Error(`${key} keeps changing while it is read`);
}

function entryOf({ key, version, modified, size }: S3Look): ObjectEntry {
  return { key, version, modified, size };
}

async function readFrom(
  bucket: S3Bucket,
  key: string,
  range: string | 0 | undefined,
): Promise<{ readonly look: S3Look; readonly body: Uint8Array } | 'out of range' | undefined> {
  const input = { Bucket: bucket.bucket, Key: key, ...(range && { Range: range }) };
  try {
    return await s3Call(bucket.bucket, async () => {
      const answer = await bucket.client.send(new GetObjectCommand(input));
      const body = (await answer.Body?.transformToByteArray()) ?? new Uint8Array();
      return { look: await lookOf(bucket, key, answer), body };
    });
  } catch (error) {
    if (isAnswer(error, 'NoSuchKey')) return undefined;
    if (isAnswer(error, 'InvalidRange')) return 'out of range';
    throw error;
  }
}

async function lookOf(bucket: S3Bucket, key: string, answer: Answer): Promise<S3Look> {
  const { VersionId, LastModified, ContentLength, ContentRange, ETag, Metadata = {} } = answer;
  // `bytes 0-6/11`: seven of eleven.
  const size = ContentRange === undefined ? ContentLength : Number(ContentRange.split('/')[1]);
  if (ETag === undefined || size === undefined || Number.isNaN(size))
    throw new Error(`S3 did not say what lies at ${key}`);
  return {
    key,
    version: await versionIn(bucket, VersionId),
    modified: modifiedAt(LastModified),
    size,
    etag: ETag,
    metadata: Metadata,
  };
}
