import {
  DeleteBucketCommand,
  DeleteObjectsCommand,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  type ObjectIdentifier,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { InstallProgress } from './install-progress.ts';

interface Where {
  readonly Bucket: string;
  readonly ExpectedBucketOwner: string;
}

/**
 * Deletes a bucket and everything in it, old versions and delete markers too. `last` is an object that goes at the very end, so that a
 * run that was cut short is still known for what it was.
 */
export async function deleteBucket(
  s3: S3Client,
  where: Where,
  last: string,
  progress: InstallProgress,
): Promise<void> {
  let gone = 0;
  const kept: ObjectIdentifier[] = [];
  for await (const page of versionPages(s3, where)) {
    kept.push(...page.filter(({ Key }) => Key === last));
    gone += await deleteVersions(
      s3,
      where,
      page.filter(({ Key }) => Key !== last),
    );
    progress.now(`${where.Bucket}: ${gone} versions of files deleted`);
  }
  for (let begin = 0; begin < kept.length; begin += MOST)
    await deleteVersions(s3, where, kept.slice(begin, begin + MOST));
  await s3.send(new DeleteBucketCommand(where));
}

async function* versionPages(s3: S3Client, where: Where): AsyncGenerator<ObjectIdentifier[]> {
  for (let from: { KeyMarker?: string; VersionIdMarker?: string } | undefined = {}; from; ) {
    const page: ListObjectVersionsCommandOutput = await s3.send(
      new ListObjectVersionsCommand({ ...where, ...from, MaxKeys: MOST }),
    );
    yield [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])].flatMap(({ Key, VersionId }) =>
      Key === undefined ? [] : [{ Key, VersionId }],
    );
    from = page.IsTruncated
      ? {
          ...(page.NextKeyMarker !== undefined && { KeyMarker: page.NextKeyMarker }),
          ...(page.NextVersionIdMarker !== undefined && { VersionIdMarker: page.NextVersionIdMarker }),
        }
      : undefined;
  }
}

/** S3: so many with one call. */
const MOST = 1000;

async function deleteVersions(
  s3: S3Client,
  where: Where,
  objects: readonly ObjectIdentifier[],
): Promise<number> {
  if (objects.length === 0) return 0;
  const { Errors: [error] = [] } = await s3.send(
    new DeleteObjectsCommand({ ...where, Delete: { Objects: [...objects], Quiet: true } }),
  );
  if (error)
    throw Object.assign(new Error(`${error.Key}: ${error.Message}`), { name: error.Code, $metadata: {} });
  return objects.length;
}
