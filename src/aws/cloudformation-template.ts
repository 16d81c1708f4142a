import { type BlueprintSource, templateAt } from '../engine/blueprints.ts';
import type { BlueprintRef } from '../engine/ports.ts';

/** How CreateStack is given a template: in the request itself, or as the place in S3 where it lies. */
export type TemplateSource = { readonly body: string } | { readonly url: string };

/** Bytes. https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html */
const LONGEST_BODY = 51_200;

/**
 * The template of a stored blueprint. `region` is that of the administrator's bucket; the stack may be elsewhere.
 * @throws ProblemError `no-template`
 */
export async function templateSourceOf(
  source: BlueprintSource,
  region: string,
  ref: BlueprintRef,
): Promise<TemplateSource> {
  const { key, size, body } = await templateAt(source, ref);
  return size <= LONGEST_BODY ? { body } : { url: s3Url(source.admin.bucket, region, key) };
}

/** A bucket's name with a dot in it does not fit the certificate of S3's own host names. */
function s3Url(bucket: string, region: string, key: string): string {
  return bucket.includes('.')
    ? `https://s3.${region}.amazonaws.com/${bucket}/${key}`
    : `https://${bucket}.s3.${region}.amazonaws.com/${key}`;
}
