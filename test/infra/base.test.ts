import { describe, expect, it } from 'vitest';
import { ADMIN_BUCKET, BOUNDARY, deployed, EXECUTION_ROLE, USERS_BUCKETS } from './deployed.ts';

describe.each([
  ['UsersBucket', USERS_BUCKETS[0]],
  ['AdminBucket', ADMIN_BUCKET],
])('%s', (id, name) => {
  const { Resources } = deployed('base', { OldVersionsDays: '7' });
  const bucket = Resources[id];

  it('is private, encrypted, versioned, and without access lists', () => {
    expect(bucket?.Properties).toMatchObject({
      BucketName: name,
      VersioningConfiguration: { Status: 'Enabled' },
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
      },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
    });
  });

  it('forgets old versions after the chosen time, markers of nothing, and uploads that were given up; nothing that is current', () => {
    expect(bucket?.Properties['LifecycleConfiguration']).toEqual({
      Rules: [
        {
          Id: 'ClusterdropOldVersions',
          Status: 'Enabled',
          NoncurrentVersionExpiration: { NoncurrentDays: '7' },
          ExpiredObjectDeleteMarker: true,
          AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
        },
      ],
    });
  });

  it('is kept, together with its policy, when the stack goes', () => {
    for (const kept of [bucket, Resources[`${id}Policy`]])
      expect(kept).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
  });

  it('is reached by TLS only', () => {
    expect(Resources[`${id}Policy`]?.Properties['PolicyDocument']).toMatchObject({
      Statement: [
        {
          Effect: 'Deny',
          Principal: '*',
          Action: 's3:*',
          Resource: [`arn:aws:s3:::${name}`, `arn:aws:s3:::${name}/*`],
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        },
      ],
    });
  });
});

it("only the users' bucket tells EventBridge, and where the administrator's is", () => {
  const { UsersBucket, AdminBucket } = deployed('base').Resources;
  expect(UsersBucket?.Properties).toMatchObject({
    NotificationConfiguration: { EventBridgeConfiguration: { EventBridgeEnabled: true } },
    Tags: [{ Key: 'clusterdrop:administrator-bucket', Value: ADMIN_BUCKET }],
  });
  expect(AdminBucket?.Properties).not.toHaveProperty('NotificationConfiguration');
});

it('buckets that are there already are left alone', () => {
  const { Resources } = deployed('base', { OwnUsersBucketName: '', MakeAdminBucket: 'no' });
  expect(Object.values(Resources).filter(({ Type }) => Type.startsWith('AWS::S3::'))).toEqual([]);
});

it('only CloudFormation, at work in this account, can be the execution role', () => {
  expect(deployed('base').Resources['ExecutionRole']?.Properties['AssumeRolePolicyDocument']).toEqual({
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'Trust',
        Effect: 'Allow',
        Principal: { Service: 'cloudformation.amazonaws.com' },
        Action: 'sts:AssumeRole',
      },
    ],
  });
});

it('the group has the rights of users, and nothing else', () => {
  const { Properties } = deployed('base').Resources['UsersGroup'] ?? {};
  const users = BOUNDARY.replace('clusterdrop-boundary', 'clusterdrop-users');
  expect(Properties).toMatchObject({ GroupName: 'clusterdrop-users', ManagedPolicyArns: [users] });
  expect(Properties).not.toHaveProperty('Policies');
});

it('tells what was made', () => {
  expect(deployed('base').Outputs).toEqual({
    ExecutionRoleArn: EXECUTION_ROLE,
    BoundaryArn: BOUNDARY,
    ClusterRolePath: '/clusterdrop/clusterdrop/clusters/',
    UsersPolicyArn: BOUNDARY.replace('clusterdrop-boundary', 'clusterdrop-users'),
    FederatedPolicyArn: BOUNDARY.replace('clusterdrop-boundary', 'clusterdrop-federated-users'),
    GroupName: 'clusterdrop-users',
  });
});
