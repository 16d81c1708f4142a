import { DeleteObjectCommand, ListObjectVersionsCommand } from '@aws-sdk/client-s3';
import { Throttled } from '../engine/ports.ts';
import { attemptsOf, isAnswer, notVersioned, type S3Bucket, s3Call } from './s3-bucket.ts';
import { decoder } from './s3-key-coding.ts';
import { lookAt } from './s3-look.ts';

const TRIES = 20;

/**
 * The contract is that of `ObjectStore.remove`. S3 deletes on a condition, but the condition is an ETag, and `{}` dropped twice has one.
 * So the version is compared first; then it is deleted while its ETag holds, which puts a delete marker on top; then one looks at what
 * lies directly below the marker. If that is not the version that was meant, somebody wrote the same text between the look and the
 * deletion: our marker is taken away, and theirs is there again.
 *
 * Deleting the version itself by its id would be one call, but for good: the older drop below it would come to light and be taken for new.
 */
export async function removeObject(
  bucket: S3Bucket,
  key: string,
  version: string,
): Promise<'removed' | 'changed' | 'absent'> {
  for (let tries = 0; tries < TRIES; tries++) {
    const seen = await lookAt(bucket, key);
    if (!seen) return 'absent';
    if (seen.version !== version) return 'changed';
    const { marker, isOurs } = await mark(bucket, key, seen.etag);
    if (marker === undefined) continue;
    const top = await topOf(bucket, key);
    // Where something newer lies on the marker, that is what people see, and nothing is hidden.
    const isAsMeant = top.marker !== marker || top.below === version;
    if (isAsMeant && isOurs) return 'removed';
    if (isAsMeant || (!isOurs && top.below === undefined)) continue;
    await s3Call(bucket.bucket, () =>
      bucket.client.send(new DeleteObjectCommand({ Bucket: bucket.bucket, Key: key, VersionId: marker })),
    );
    // Nothing below but another marker: somebody else's deletion came first.
    return top.below === undefined ? 'absent' : 'changed';
  }
  throw new Throttled(`others keep writing to ${key}`);
}

/** Puts a delete marker on an object of this ETag; no marker: it is not that object any more, or another call is under way. */
async function mark(
  bucket: S3Bucket,
  key: string,
  etag: string,
): Promise<{ readonly marker?: string; readonly isOurs: boolean }> {
  try {
    const { VersionId } = await s3Call(bucket.bucket, () =>
      bucket.client.send(new DeleteObjectCommand({ Bucket: bucket.bucket, Key: key, IfMatch: etag })),
    );
    if (VersionId === undefined || VersionId === 'null') throw notVersioned(bucket.bucket);
    return { marker: VersionId, isOurs: true };
  } catch (error) {
    if (isAnswer(error, 'PreconditionFailed', 'NoSuchKey')) {
      // The SDK's first attempt may have put a marker without our hearing of it: that one has to be looked under just so.
      const marker = attemptsOf(error) > 1 ? (await topOf(bucket, key)).marker : undefined;
      return { ...(marker !== undefined && { marker }), isOurs: false };
    }
    if (isAnswer(error, 'ConditionalRequestConflict')) return { isOurs: false };
    throw error;
  }
}

/** The newest two of a key, if the newest is a delete marker. S3 lists versions and markers apart; of two, `IsLatest` tells the order. */
async function topOf(
  { bucket, client }: S3Bucket,
  key: string,
): Promise<{ readonly marker?: string; readonly below?: string }> {
  const page = await s3Call(bucket, () =>
    // A key comes before all that begin like it, so its own newest two are among the first two.
    client.send(
      new ListObjectVersionsCommand({ Bucket: bucket, Prefix: key, MaxKeys: 2, EncodingType: 'url' }),
    ),
  );
  const decode = decoder(page.EncodingType);
  const isOwn = ({ Key = '' }: { readonly Key?: string | undefined }) => decode(Key) === key;
  const marker = page.DeleteMarkers?.find((one) => isOwn(one) && one.IsLatest)?.VersionId;
  const below = page.Versions?.find((one) => isOwn(one) && !one.IsLatest)?.VersionId;
  return { ...(marker !== undefined && { marker }), ...(below !== undefined && { below }) };
}
