import { ListObjectsV2Command, ListObjectVersionsCommand } from '@aws-sdk/client-s3';
import type { ListPage, ObjectEntry } from '../engine/ports.ts';
import { modifiedAt, type S3Bucket, s3Call, versionIn } from './s3-bucket.ts';
import { decoder } from './s3-key-coding.ts';

/**
 * The contract is that of `ObjectStore.list`. Only ListObjectVersions tells version ids, at the price of naming old versions too; one
 * cluster's files are one call. But it also names folders of which only deleted objects are left, and ListObjectsV2 does not: where
 * there are folders both are asked, so a walk costs at most one page of the second for each page of the first.
 */
export async function* listObjects(bucket: S3Bucket, prefix: string): AsyncGenerator<ListPage> {
  const living = livingFolders(bucket, prefix);
  let checked = false;
  let from: { readonly KeyMarker?: string; readonly VersionIdMarker?: string } = {};
  for (;;) {
    const page = await s3Call(bucket.bucket, () =>
      bucket.client.send(new ListObjectVersionsCommand({ ...question(bucket, prefix), ...from })),
    );
    const decode = decoder(page.EncodingType);
    const objects: ObjectEntry[] = [];
    for (const { Key, VersionId, IsLatest, LastModified, Size = 0 } of page.Versions ?? []) {
      if (!IsLatest || Key === undefined) continue;
      // Asked once for each listing: versioning may have been switched off since the last one.
      const version: string =
        checked && VersionId === 'null' ? VersionId : await versionIn(bucket, VersionId);
      checked ||= version === 'null';
      objects.push({ key: decode(Key), version, modified: modifiedAt(LastModified), size: Size });
    }
    const folders = (page.CommonPrefixes ?? []).flatMap(({ Prefix }) => (Prefix ? [decode(Prefix)] : []));
    yield { objects, folders: folders.length > 0 ? await living(folders) : [] };
    if (!page.IsTruncated) return;
    const { NextKeyMarker, NextVersionIdMarker } = page;
    if (NextKeyMarker === undefined) throw new Error(`S3 did not say how the listing of ${prefix} goes on`);
    const next = {
      KeyMarker: decode(NextKeyMarker),
      // Absent after a folder.
      ...(NextVersionIdMarker && { VersionIdMarker: NextVersionIdMarker }),
    };
    if (next.KeyMarker === from.KeyMarker && next.VersionIdMarker === from.VersionIdMarker)
      throw new Error(`the listing of ${prefix} does not go on`);
    from = next;
  }
}

/** XML cannot carry every character of a key, so S3 is asked to encode them. */
function question({ bucket }: S3Bucket, prefix: string) {
  return { Bucket: bucket, Prefix: prefix, Delimiter: '/', EncodingType: 'url' } as const;
}

/** Says which of some folders, asked in the order of the listing, hold something. Reads on only until it knows. */
function livingFolders(bucket: S3Bucket, prefix: string): (asked: readonly string[]) => Promise<string[]> {
  const found = new Set<string>();
  const pages = folderPages(bucket, prefix);
  return async (asked) => {
    while (asked.some((folder) => !found.has(folder))) {
      const page = await pages.next();
      if (page.done) break;
      for (const folder of page.value) found.add(folder);
    }
    return asked.filter((folder) => found.has(folder));
  };
}

async function* folderPages(bucket: S3Bucket, prefix: string): AsyncGenerator<readonly string[], void> {
  let ContinuationToken: string | undefined;
  do {
    const input = { ...question(bucket, prefix), ...(ContinuationToken && { ContinuationToken }) };
    const page = await s3Call(bucket.bucket, () => bucket.client.send(new ListObjectsV2Command(input)));
    const decode = decoder(page.EncodingType);
    yield (page.CommonPrefixes ?? []).flatMap(({ Prefix }) => (Prefix ? [decode(Prefix)] : []));
    if (page.IsTruncated && page.NextContinuationToken === undefined)
      throw new Error(`S3 did not say how the listing of ${prefix} goes on`);
    ContinuationToken = page.IsTruncated ? page.NextContinuationToken : undefined;
  } while (ContinuationToken !== undefined);
}
