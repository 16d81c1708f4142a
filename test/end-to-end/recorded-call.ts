import type { IncomingHttpHeaders } from 'node:http';

/** One call to an AWS API as it went over the wire. */
export interface RecordedCall {
  /** Access key of the caller: tells who it was. */
  readonly caller: string;
  /** `s3`, `cloudformation`, `sqs`, ... as signed for. */
  readonly service: string;
  readonly region: string;
  /** `PutObject`, `DescribeStacks`, ... */
  readonly operation: string;
  /** What the call was about: parameters of a query, members of a JSON document, or bucket, key and headers of S3. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** Understands a signed request of any of the protocols that the SDK and the AWS CLI speak. */
export function recordedCall(
  method: string,
  url: string,
  headers: IncomingHttpHeaders,
  body: Buffer,
): RecordedCall {
  const [, caller = '', region = '', service = ''] =
    /Credential=([^/]+)\/\d+\/([^/]+)\/([^/]+)\/aws4_request/.exec(headers.authorization ?? '') ?? [];
  const { pathname, searchParams } = new URL(url, 'http://127.0.0.1');
  const call = { caller, region, service };
  if (service === 's3') return { ...call, ...s3Call(method, pathname, searchParams, headers) };
  const target = headers['x-amz-target'];
  if (typeof target === 'string')
    return { ...call, operation: target.split('.').at(-1) ?? '', parameters: jsonParameters(body) };
  if (service === 'ses')
    return {
      ...call,
      operation: SES[`${method} ${pathname}`] ?? `${method} ${pathname}`,
      parameters: jsonParameters(body),
    };
  const form = new URLSearchParams(body.toString('utf8'));
  return {
    ...call,
    operation: form.get('Action') ?? `${method} ${pathname}`,
    parameters: Object.fromEntries(form),
  };
}

const SES: Readonly<Record<string, string>> = {
  'POST /v2/email/outbound-emails': 'SendEmail',
  'GET /v2/email/account': 'GetAccount',
  'POST /v2/email/identities': 'CreateEmailIdentity',
};

function jsonParameters(body: Buffer): Record<string, string> {
  if (body.length === 0) return {};
  return Object.fromEntries(
    Object.entries(JSON.parse(body.toString('utf8')) as object).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  );
}

/** What is asked of a bucket or an object is told by method and sub-resource; what is named first wins. */
const SUBRESOURCES: readonly (readonly [string, string])[] = [
  ['versions', 'ListObjectVersions'],
  ['versioning', 'BucketVersioning'],
  ['notification', 'BucketNotificationConfiguration'],
  ['policy', 'BucketPolicy'],
  ['tagging', 'BucketTagging'],
  ['lifecycle', 'BucketLifecycleConfiguration'],
  ['encryption', 'BucketEncryption'],
  ['publicAccessBlock', 'PublicAccessBlock'],
  ['ownershipControls', 'BucketOwnershipControls'],
  ['acl', 'BucketAcl'],
  ['location', 'BucketLocation'],
  ['uploads', 'MultipartUploads'],
  ['uploadId', 'MultipartUpload'],
  ['delete', 'DeleteObjects'],
];

const VERBS: Readonly<Record<string, string>> = {
  GET: 'Get',
  PUT: 'Put',
  DELETE: 'Delete',
  HEAD: 'Head',
  POST: 'Post',
};

function s3Call(
  method: string,
  pathname: string,
  query: URLSearchParams,
  headers: IncomingHttpHeaders,
): Pick<RecordedCall, 'operation' | 'parameters'> {
  const [, bucket = '', ...rest] = pathname.split('/');
  const key = decodeURIComponent(rest.join('/'));
  const parameters = {
    ...Object.fromEntries(query),
    ...(bucket !== '' && { Bucket: bucket }),
    ...(key !== '' && { Key: key }),
    ...(typeof headers['if-match'] === 'string' && { IfMatch: headers['if-match'] }),
    ...(typeof headers['if-none-match'] === 'string' && { IfNoneMatch: headers['if-none-match'] }),
  };
  const verb = VERBS[method] ?? method;
  const sub = SUBRESOURCES.find(([name]) => query.has(name))?.[1];
  if (sub === 'ListObjectVersions' || sub === 'DeleteObjects') return { operation: sub, parameters };
  if (sub !== undefined) return { operation: `${verb}${sub}`, parameters };
  if (key !== '') return { operation: `${verb}Object`, parameters };
  if (bucket === '') return { operation: 'ListBuckets', parameters };
  if (method === 'GET')
    return { operation: query.has('list-type') ? 'ListObjectsV2' : 'ListObjects', parameters };
  return {
    operation: { PUT: 'CreateBucket', DELETE: 'DeleteBucket', HEAD: 'HeadBucket' }[method] ?? method,
    parameters,
  };
}
