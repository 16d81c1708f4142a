import { Fn, type Stack } from 'aws-cdk-lib';
import { CfnManagedPolicy } from 'aws-cdk-lib/aws-iam';
import { INSTALLATION_TAG } from '../core/tag-names.ts';
import { arn, CONTROL_PATH, named, s3Arn } from './names.ts';
import { allow, policy } from './statement.ts';
import type { UsersBuckets } from './users-buckets.ts';

/**
 * The most that any node of any cluster can ever do, whatever its blueprint says. A blueprint's role says what *this* node may:
 * usually its own folder of files and its own report.
 */
export function boundary(stack: Stack, buckets: UsersBuckets): CfnManagedPolicy {
  return new CfnManagedPolicy(stack, 'Boundary', {
    managedPolicyName: named('boundary'),
    path: CONTROL_PATH,
    description: 'The most that a node of a cluster can do',
    policyDocument: policy(
      allow('ReadHomes', ['s3:GetObject', 's3:GetObjectVersion'], buckets.arns('/home/*')),
      // `NAME.files/` only, below a user's folder: a node can neither drop a cluster nor forge a reply. Nothing there is ever deleted.
      allow('SaveFiles', ['s3:PutObject', 's3:AbortMultipartUpload'], buckets.arns('/home/*/*.files/*')),
      allow('ListHomes', ['s3:ListBucket'], buckets.arns(), { StringLike: { 's3:prefix': 'home/*' } }),
      allow(
        'ReadSetUp',
        ['s3:GetObject'],
        [s3Arn('${AdminBucketName}/customizer/*'), s3Arn('${AdminBucketName}/blueprints/*')],
      ),
      allow('ListSetUp', ['s3:ListBucket'], s3Arn('${AdminBucketName}'), {
        StringLike: { 's3:prefix': ['customizer/*', 'blueprints/*'] },
      }),
      allow('Report', ['s3:PutObject'], s3Arn('${AdminBucketName}/reports/*')),
      // The groups of all clusters of the installation; the first `*` is an id of Auto Scaling's.
      allow(
        'GrowAndShrink',
        ['autoscaling:SetDesiredCapacity', 'autoscaling:TerminateInstanceInAutoScalingGroup'],
        arn('autoscaling', '${ClustersRegion}', 'autoScalingGroup:*:autoScalingGroupName/*'),
        { StringEquals: { [`aws:ResourceTag/${INSTALLATION_TAG}`]: Fn.ref('InstallationId') } },
      ),
      // `*`: these readings know no resources.
      allow(
        'LookAround',
        [
          'autoscaling:DescribeAutoScalingGroups',
          'autoscaling:DescribeAutoScalingInstances',
          'autoscaling:DescribeScalingActivities',
          'ec2:DescribeInstances',
          'ec2:DescribeInstanceStatus',
          'ec2:DescribeInstanceTypes',
          'ec2:DescribeSpotInstanceRequests',
          'ec2:DescribeTags',
          'ec2:DescribeVolumes',
        ],
        '*',
        { StringEquals: { 'aws:RequestedRegion': Fn.ref('ClustersRegion') } },
      ),
    ),
  });
}
