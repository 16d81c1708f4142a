/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
const STORE = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])\/?$/;

/** The bucket of `s3://BUCKET`; `undefined` for any other text. */
export function bucketOf(store: string): string | undefined {
  return STORE.exec(store)?.[1];
}

export function storeUrl(bucket: string): string {
  return `s3://${bucket}`;
}
