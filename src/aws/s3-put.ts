import { randomUUID } from 'node:crypto';
import { DeleteObjectCommand, ListObjectVersionsCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { type Condition, Throttled, type WrittenObject } from '../engine/ports.ts';
import { attemptsOf, isAnswer, notVersioned, type S3Bucket, s3Call } from './s3-bucket.ts';
import { contentTypeOf } from './s3-content-type.ts';
import { lookAt } from './s3-look.ts';

/** S3 answers 409 while another conditional write to the key is under way: each try is one more race with it. */
const TRIES = 20;

/** Names the very call that wrote an object, so that a repeat by the SDK finds what its first attempt did. */
const WRITE_ID = 'clusterdrop-write';

/** The contract is that of `ObjectStore.put`. */
export async function putObject(
  bucket: S3Bucket,
  key: string,
  body: Uint8Array | string,
  condition?: Condition,
): Promise<WrittenObject | undefined> {
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body;
  const writeId = randomUUID();
  for (let tries = 0; tries < TRIES; tries++) {
    const before = condition && 'ifVersion' in condition ? await lookAt(bucket, key) : undefined;
    if (condition && 'ifVersion' in condition && before?.version !== condition.ifVersion) return undefined;
    try {
      const { VersionId, ETag } = await s3Call(bucket.bucket, () =>
        bucket.client.send(
          new PutObjectCommand({
            Bucket: bucket.bucket,
            Key: key,
            Body: bytes,
            ContentType: contentTypeOf(key, body),
            Metadata: { [WRITE_ID]: writeId },
            ...(before && { IfMatch: before.etag }),
            ...(condition && 'ifAbsent' in condition && { IfNoneMatch: '*' }),
          }),
        ),
      );
      if (VersionId === undefined || VersionId === 'null') throw notVersioned(bucket.bucket);
      if (before && ETag === before.etag && !(await liesOn(bucket, key, VersionId, before.version)))
        return undefined;
      return { key, version: VersionId, size: bytes.byteLength };
    } catch (error) {
      // 404: "if match" of what has gone in between.
      if (isAnswer(error, 'PreconditionFailed', 'NoSuchKey')) {
        const now = attemptsOf(error) > 1 ? await lookAt(bucket, key) : undefined;
        return now?.metadata[WRITE_ID] === writeId
          ? { key, version: now.version, size: now.size }
          : undefined;
      }
      if (!isAnswer(error, 'ConditionalRequestConflict')) throw error;
    }
  }
  throw new Throttled(`others keep writing to ${key}`);
}

/**
 * Whether our write lies directly on the version that was meant; else it is taken away again. An ETag is that of a text: who writes the
 * same text as was there before leaves "if match" true for the next one who does, and both would have won. Where the texts differ only
 * one can win, for the first to do so changes the ETag.
 */
async function liesOn(bucket: S3Bucket, key: string, ours: string, meant: string): Promise<boolean> {
  const { Versions = [] } = await s3Call(bucket.bucket, () =>
    bucket.client.send(new ListObjectVersionsCommand({ Bucket: bucket.bucket, Prefix: key, Delimiter: '/' })),
  );
  // Newest first. A delete marker is never directly below a write with "if match".
  const at = Versions.findIndex(({ VersionId }) => VersionId === ours);
  if (at !== -1 && Versions[at + 1]?.VersionId === meant) return true;
  await s3Call(bucket.bucket, () =>
    bucket.client.send(new DeleteObjectCommand({ Bucket: bucket.bucket, Key: key, VersionId: ours })),
  );
  return false;
}
