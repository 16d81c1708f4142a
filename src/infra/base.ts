import { CfnOutput, type Stack } from 'aws-cdk-lib';
import { boundary } from './boundary.ts';
import { executionRole } from './execution-role.ts';
import { federatedPolicy } from './federated-policy.ts';
import { CLUSTERS_PATH, named } from './names.ts';
import { adminBucket, usersBucket } from './own-buckets.ts';
import { isGiven, isYes, optional, parameter } from './parameters.ts';
import { UsersBuckets } from './users-buckets.ts';
import { usersPolicy } from './users-policy.ts';

/** What outlives clusters and engine: the buckets that people's work lies in, and all rights that people and clusters hold. */
export function base(stack: Stack): void {
  parameter(stack, 'InstallationName');
  parameter(stack, 'InstallationId');
  const usersBucketNames = parameter(stack, 'UsersBucketNames');
  const ownUsersBucketName = optional(
    stack,
    'OwnUsersBucketName',
    "The one of the users' buckets that this stack makes; empty where all of them are there already.",
  );
  const adminBucketName = parameter(stack, 'AdminBucketName');
  const makeAdminBucket = parameter(stack, 'MakeAdminBucket', {
    default: 'yes',
    allowedValues: ['yes', 'no'],
  });
  parameter(stack, 'ClustersRegion');
  const oldVersionsDays = parameter(stack, 'OldVersionsDays', {
    type: 'Number',
    description: 'Replaced and removed versions of objects are kept so many days.',
    default: 30,
    minValue: 1,
  });
  const federatedTag = parameter(stack, 'FederatedTag', {
    description: 'Principal tag that names the folder of somebody who is no IAM user.',
    default: 'clusterdrop-user',
    allowedPattern: '[A-Za-z0-9_.:+@-]{1,128}',
  });

  usersBucket(stack, {
    name: ownUsersBucketName,
    made: isGiven(stack, 'MakesUsersBucket', ownUsersBucketName),
    oldVersionsDays,
  });
  adminBucket(stack, {
    name: adminBucketName,
    made: isYes(stack, 'MakesAdminBucket', makeAdminBucket),
    oldVersionsDays,
  });

  const buckets = new UsersBuckets(stack, usersBucketNames);
  const most = boundary(stack, buckets);
  const execution = executionRole(stack, most);
  const users = usersPolicy(stack, buckets);
  const federated = federatedPolicy(stack, buckets, federatedTag);

  new CfnOutput(stack, 'ExecutionRoleArn', { value: execution.attrArn });
  new CfnOutput(stack, 'BoundaryArn', { value: most.ref });
  new CfnOutput(stack, 'ClusterRolePath', { value: CLUSTERS_PATH });
  new CfnOutput(stack, 'UsersPolicyArn', { value: users.ref });
  new CfnOutput(stack, 'FederatedPolicyArn', { value: federated.ref });
  new CfnOutput(stack, 'GroupName', { value: named('users') });
}
