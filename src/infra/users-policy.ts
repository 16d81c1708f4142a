import type { Stack } from 'aws-cdk-lib';
import { CfnGroup, CfnManagedPolicy } from 'aws-cdk-lib/aws-iam';
import { folderPolicy } from './folder-policy.ts';
import { CONTROL_PATH, named } from './names.ts';
import type { UsersBuckets } from './users-buckets.ts';

/** For IAM users: the folder that is called like them. Roles have no `aws:username`, so it gives them nothing below `home/`. */
export function usersPolicy(stack: Stack, buckets: UsersBuckets): CfnManagedPolicy {
  const rights = new CfnManagedPolicy(stack, 'UsersPolicy', {
    managedPolicyName: named('users'),
    path: CONTROL_PATH,
    description: 'Own folder in the buckets of Clusterdrop',
    policyDocument: folderPolicy({
      name: '${aws:username}',
      buckets: buckets.arns(),
      contents: buckets.arns('/home/${!aws:username}/*'),
    }),
  });
  new CfnGroup(stack, 'UsersGroup', {
    groupName: named('users'),
    path: CONTROL_PATH,
    managedPolicyArns: [rights.ref],
  });
  return rights;
}
