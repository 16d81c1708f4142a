import { ACCOUNT } from './account.ts';
import type { RecordedCall } from './recorded-call.ts';

/** What IAM is asked before a call is carried out: https://docs.aws.amazon.com/service-authorization/latest/reference/ */
export interface IamRequest {
  readonly action: string;
  readonly resource: string;
  readonly context: Readonly<Record<string, string | readonly string[]>>;
}

/** @throws for a call that is not in the tables: whoever adds one to the product says here which right it needs. */
export function iamRequests(call: RecordedCall): IamRequest[] {
  switch (call.service) {
    case 's3':
      return s3Requests(call);
    case 'cloudformation':
      return stackRequests(call);
    case 'sqs': {
      const queue = call.parameters['QueueUrl']?.split('/').at(-1) ?? '';
      const action = call.operation.replace(/Batch$/, '');
      return [plain(`sqs:${action}`, `arn:aws:sqs:${call.region}:${ACCOUNT}:${queue}`)];
    }
    case 'ses': {
      const from = call.parameters['FromEmailAddress'] ?? '';
      const address = /<([^>]+)>/.exec(from)?.[1] ?? from;
      // Raw mail needs a right of its own.
      return ['ses:SendEmail', 'ses:SendRawEmail'].map((action) => ({
        action,
        resource: `arn:aws:ses:${call.region}:${ACCOUNT}:identity/${address}`,
        context: { 'ses:FromAddress': address },
      }));
    }
    case 'ec2':
      return [plain(`ec2:${call.operation}`, '*')];
    default:
      throw new Error(`no table says which right ${call.service} ${call.operation} needs`);
  }
}

function plain(action: string, resource: string, context: IamRequest['context'] = {}): IamRequest {
  return { action, resource, context };
}

function s3Requests({ operation, parameters }: RecordedCall): IamRequest[] {
  const bucket = `arn:aws:s3:::${parameters['Bucket'] ?? ''}`;
  const object = `${bucket}/${parameters['Key'] ?? ''}`;
  const listing = {
    's3:prefix': parameters['prefix'] ?? '',
    ...(parameters['delimiter'] !== undefined && { 's3:delimiter': parameters['delimiter'] }),
  };
  const isVersion = parameters['versionId'] !== undefined;
  // A condition on what is there can only be asked by whoever may read it.
  const read = parameters['IfMatch'] !== undefined ? [plain('s3:GetObject', object)] : [];
  switch (operation) {
    case 'GetObject':
    case 'HeadObject':
      return [plain(isVersion ? 's3:GetObjectVersion' : 's3:GetObject', object)];
    case 'PutObject':
      return [plain('s3:PutObject', object), ...read];
    case 'DeleteObject':
      return [plain(isVersion ? 's3:DeleteObjectVersion' : 's3:DeleteObject', object), ...read];
    case 'ListObjectsV2':
      return [plain('s3:ListBucket', bucket, listing)];
    case 'ListObjectVersions':
      return [plain('s3:ListBucketVersions', bucket, listing)];
    case 'HeadBucket':
      return [plain('s3:ListBucket', bucket)];
    case 'GetBucketLocation':
      return [plain('s3:GetBucketLocation', bucket)];
    case 'GetBucketTagging':
      return [plain('s3:GetBucketTagging', bucket)];
    default:
      throw new Error(`no table says which right S3's ${operation} needs`);
  }
}

function stackRequests({ operation, parameters, region }: RecordedCall): IamRequest[] {
  const name = parameters['StackName'] ?? '';
  // Which id CloudFormation gives or has given, a call by name does not tell; any will do.
  const some = `arn:aws:cloudformation:${region}:${ACCOUNT}:stack/${name}/0a1b2c3d-4e5f-6789-abcd-ef0123456789`;
  const resource = name.startsWith('arn:') ? name : some;
  const role = parameters['RoleARN'];
  const tags = Object.fromEntries(
    Object.entries(parameters).flatMap(([key, value]) => {
      const [, at] = /^Tags\.member\.(\d+)\.Key$/.exec(key) ?? [];
      return at === undefined ? [] : [[value, parameters[`Tags.member.${at}.Value`] ?? ''] as const];
    }),
  );
  const requestTags = {
    ...Object.fromEntries(Object.entries(tags).map(([key, value]) => [`aws:RequestTag/${key}`, value])),
    'aws:TagKeys': Object.keys(tags),
  };
  const pass: IamRequest[] =
    role === undefined
      ? []
      : [plain('iam:PassRole', role, { 'iam:PassedToService': 'cloudformation.amazonaws.com' })];
  const url = parameters['TemplateURL'];
  const common = {
    ...(role !== undefined && { 'cloudformation:RoleArn': role }),
    ...(url !== undefined && { 'cloudformation:TemplateUrl': url }),
  };
  const ours = { 'aws:ResourceTag/clusterdrop:installation': `clusterdrop-${ACCOUNT}-${region}` };
  switch (operation) {
    case 'CreateStack':
      return [
        plain('cloudformation:CreateStack', resource, { ...common, ...requestTags }),
        plain('cloudformation:TagResource', resource, {
          ...requestTags,
          'cloudformation:CreateAction': 'CreateStack',
        }),
        ...pass,
      ];
    case 'UpdateStack':
      return [
        plain('cloudformation:UpdateStack', resource, { ...common, ...requestTags, ...ours }),
        plain('cloudformation:TagResource', resource, {
          ...requestTags,
          ...ours,
          'cloudformation:CreateAction': 'UpdateStack',
        }),
        ...pass,
      ];
    case 'DeleteStack':
      return [plain('cloudformation:DeleteStack', resource, { ...common, ...ours }), ...pass];
    case 'DescribeStacks':
      return [plain('cloudformation:DescribeStacks', name === '' ? '*' : resource, name === '' ? {} : ours)];
    default:
      return [plain(`cloudformation:${operation}`, resource, ours)];
  }
}
