import type { Readable } from 'node:stream';
import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  NoSuchKey,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import type { FileSource, FileStore, Stop, StoredFile } from '../engine/client/file-store.ts';
import { type AwsAccess, s3Config } from './access.ts';
import { modifiedAt } from './s3-bucket.ts';
import { decoder } from './s3-key-coding.ts';

const MIB = 1024 * 1024;
/** Larger files go in parts of this size, or of a larger one where there would be too many. */
const PART = 8 * MIB;
/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
const MOST_PARTS = 10_000;
/** Parts of one file under way at once: what is in memory is this times the part's size. */
const AT_ONCE = 4;

export interface S3FilesOptions {
  readonly client: S3Client;
  readonly bucket: string;
  /** Bytes. */
  readonly partSize?: number;
}

/** Files of any size in a bucket: read as a stream, written in parts. */
export class S3Files implements FileStore {
  readonly #client: S3Client;
  readonly #bucket: string;
  readonly #partSize: number;

  constructor({ client, bucket, partSize = PART }: S3FilesOptions) {
    this.#client = client;
    this.#bucket = bucket;
    this.#partSize = partSize;
  }

  async *list(prefix: string): AsyncIterable<readonly StoredFile[]> {
    let token: string | undefined;
    do {
      const page = await this.#client.send(
        new ListObjectsV2Command({
          Bucket: this.#bucket,
          Prefix: prefix,
          EncodingType: 'url',
          ...(token !== undefined && { ContinuationToken: token }),
        }),
      );
      const decode = decoder(page.EncodingType);
      yield (page.Contents ?? []).map(({ Key = '', Size = 0, LastModified }) => ({
        key: decode(Key),
        size: Size,
        modified: modifiedAt(LastModified),
      }));
      token = page.NextContinuationToken;
      // Half a listing must not look like a whole one.
      if (page.IsTruncated === true && token === undefined)
        throw new Error(`the listing of ${prefix} breaks off`);
    } while (token !== undefined);
  }

  async read(key: string): Promise<AsyncIterable<Uint8Array> | undefined> {
    try {
      const { Body, ContentLength } = await this.#client.send(
        new GetObjectCommand({ Bucket: this.#bucket, Key: key }),
      );
      return whole(Body as Readable, ContentLength, key);
    } catch (error) {
      if (error instanceof NoSuchKey) return undefined;
      throw error;
    }
  }

  async write(key: string, source: FileSource, onPart: (bytes: number) => void, stop: Stop): Promise<void> {
    if (source.size > this.#partSize) return this.#writeParts(key, source, onPart, stop);
    const Body = await source.read(0, source.size);
    await this.#client.send(
      new PutObjectCommand({ Bucket: this.#bucket, Key: key, Body, ContentLength: source.size }),
    );
    onPart(source.size);
  }

  async #writeParts(
    key: string,
    source: FileSource,
    onPart: (bytes: number) => void,
    stop: Stop,
  ): Promise<void> {
    const place = { Bucket: this.#bucket, Key: key };
    const size = Math.max(this.#partSize, Math.ceil(source.size / MOST_PARTS));
    const count = Math.ceil(source.size / size);
    const { UploadId } = await this.#client.send(
      new CreateMultipartUploadCommand({ ...place, ChecksumAlgorithm: 'CRC32' }),
    );
    const done: CompletedPart[] = [];
    let next = 1;
    const failures: unknown[] = [];
    const worker = async () => {
      while (next <= count && failures.length === 0) {
        if (stop.aborted) throw new Error(`writing ${key} was stopped`);
        const PartNumber = next++;
        const Body = await source.read((PartNumber - 1) * size, Math.min(PartNumber * size, source.size));
        const part = await this.#client.send(
          new UploadPartCommand({ ...place, UploadId, PartNumber, Body, ChecksumAlgorithm: 'CRC32' }),
        );
        done.push({ PartNumber, ETag: part.ETag, ChecksumCRC32: part.ChecksumCRC32 });
        onPart(Body.length);
      }
    };
    try {
      // All workers have come to rest before the upload is given up: a part that arrives later would be stored, and paid, for ever.
      await Promise.all(
        Array.from({ length: AT_ONCE }, () => worker().catch((error) => failures.push(error))),
      );
      if (failures.length > 0) throw failures[0];
      const Parts = done.toSorted((a, b) => (a.PartNumber ?? 0) - (b.PartNumber ?? 0));
      await this.#client.send(
        new CompleteMultipartUploadCommand({ ...place, UploadId, MultipartUpload: { Parts } }),
      );
    } catch (error) {
      // Whoever may write may not always abort; the first failure is the one to tell.
      await this.#client.send(new AbortMultipartUploadCommand({ ...place, UploadId })).catch(() => undefined);
      throw error;
    }
  }
}

export function openS3Files(access: AwsAccess, region: string, bucket: string): S3Files {
  return new S3Files({ client: new S3Client(s3Config(access, region)), bucket });
}

/** A connection that breaks can look like the end of the content. */
async function* whole(body: Readable, length: number | undefined, key: string): AsyncIterable<Uint8Array> {
  let read = 0;
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    read += chunk.length;
    yield chunk;
  }
  if (length !== undefined && read !== length)
    throw new Error(`${key} broke off after ${read} of ${length} bytes`);
}
