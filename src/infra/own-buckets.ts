import {
  type CfnCondition,
  CfnDeletionPolicy,
  type CfnParameter,
  type CfnTag,
  Fn,
  type Stack,
} from 'aws-cdk-lib';
import { CfnBucket, CfnBucketPolicy } from 'aws-cdk-lib/aws-s3';
import { ADMIN_BUCKET_TAG } from '../core/tag-names.ts';
import { policy, tlsOnly } from './statement.ts';

interface OwnBucket {
  readonly id: string;
  readonly name: CfnParameter;
  readonly made: CfnCondition;
  readonly oldVersionsDays: CfnParameter;
  readonly tellsEventBridge: boolean;
  readonly tags?: CfnTag[];
}

const ABANDONED_UPLOAD_DAYS = 7;

/** The bucket below whose `home/` people put their drops. */
export function usersBucket(stack: Stack, bucket: Omit<OwnBucket, 'id' | 'tellsEventBridge' | 'tags'>): void {
  const tags = [{ key: ADMIN_BUCKET_TAG, value: Fn.ref('AdminBucketName') }];
  privateBucket(stack, { ...bucket, id: 'UsersBucket', tellsEventBridge: true, tags });
}

/** The bucket of blueprints, profiles, limits and ledgers. Nothing listens to it. */
export function adminBucket(stack: Stack, bucket: Omit<OwnBucket, 'id' | 'tellsEventBridge' | 'tags'>): void {
  privateBucket(stack, { ...bucket, id: 'AdminBucket', tellsEventBridge: false });
}

/** Versioned, for nothing that a person wrote may be lost; kept when the stack goes, for it holds people's work. */
function privateBucket(
  stack: Stack,
  { id, name, made, oldVersionsDays, tellsEventBridge, tags }: OwnBucket,
): void {
  const bucket = new CfnBucket(stack, id, {
    bucketName: name.valueAsString,
    versioningConfiguration: { status: 'Enabled' },
    bucketEncryption: {
      serverSideEncryptionConfiguration: [{ serverSideEncryptionByDefault: { sseAlgorithm: 'AES256' } }],
    },
    publicAccessBlockConfiguration: {
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    },
    ownershipControls: { rules: [{ objectOwnership: 'BucketOwnerEnforced' }] },
    lifecycleConfiguration: {
      rules: [
        {
          id: 'ClusterdropOldVersions',
          status: 'Enabled',
          noncurrentVersionExpiration: { noncurrentDays: oldVersionsDays.valueAsNumber },
          // A delete marker behind which no version is left.
          expiredObjectDeleteMarker: true,
          abortIncompleteMultipartUpload: { daysAfterInitiation: ABANDONED_UPLOAD_DAYS },
        },
      ],
    },
    ...(tellsEventBridge && {
      notificationConfiguration: { eventBridgeConfiguration: { eventBridgeEnabled: true } },
    }),
    ...(tags && { tags }),
  });
  bucket.cfnOptions.condition = made;
  bucket.cfnOptions.deletionPolicy = CfnDeletionPolicy.RETAIN;
  bucket.cfnOptions.updateReplacePolicy = CfnDeletionPolicy.RETAIN;

  const rules = new CfnBucketPolicy(stack, `${id}Policy`, {
    bucket: bucket.ref,
    policyDocument: policy(
      tlsOnly('ClusterdropTlsOnly', 's3:*', [bucket.attrArn, Fn.sub(`\${${id}.Arn}/*`)]),
    ),
  });
  rules.cfnOptions.condition = made;
  // A bucket that stays must not become readable by plain HTTP.
  rules.cfnOptions.deletionPolicy = CfnDeletionPolicy.RETAIN;
  rules.cfnOptions.updateReplacePolicy = CfnDeletionPolicy.RETAIN;
}
