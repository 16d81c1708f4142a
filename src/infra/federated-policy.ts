import { type CfnParameter, Fn, type Stack } from 'aws-cdk-lib';
import { CfnManagedPolicy } from 'aws-cdk-lib/aws-iam';
import { folderPolicy } from './folder-policy.ts';
import { CONTROL_PATH, named } from './names.ts';
import type { UsersBuckets } from './users-buckets.ts';

/**
 * For people who come by a role: the folder that a tag of their session names, which their identity provider sets.
 *
 * The tag's name is a parameter and is part of a condition's key, where CloudFormation takes no function: hence a text with
 * places to fill in (docs/decisions/0011-policies-in-a-static-template.md).
 */
export function federatedPolicy(stack: Stack, buckets: UsersBuckets, tag: CfnParameter): CfnManagedPolicy {
  const key = 'aws:PrincipalTag/${FederatedTag}';
  const document = folderPolicy({
    name: '${Folder}',
    buckets: ['${Buckets}'],
    contents: ['${Contents}'],
    given: {
      // Without the tag, or with an empty one: nothing. `a/b` would be folder b of a; a wildcard would be everybody.
      StringLike: { [key]: '?*' },
      StringNotLike: { [key]: ['*/*', '*${Asterisk}*', '*${QuestionMark}*'] },
    },
  });
  const folder = Fn.join('', ['${aws:PrincipalTag/', tag.valueAsString, '}']);
  return new CfnManagedPolicy(stack, 'FederatedPolicy', {
    managedPolicyName: named('federated-users'),
    path: CONTROL_PATH,
    description: 'Own folder in the buckets of Clusterdrop, named by a tag of the session',
    policyDocument: Fn.sub(
      JSON.stringify(document)
        .replaceAll('["${Buckets}"]', '[${Buckets}]')
        .replaceAll('["${Contents}"]', '[${Contents}]'),
      {
        Folder: folder,
        // In a policy these two stand for the characters themselves.
        Asterisk: '${*}',
        QuestionMark: '${?}',
        Buckets: quoted(
          buckets.each((name) => Fn.sub('"arn:${AWS::Partition}:s3:::${Bucket}"', { Bucket: name })),
        ),
        Contents: quoted(
          buckets.each((name) =>
            Fn.sub('"arn:${AWS::Partition}:s3:::${Bucket}/home/${Folder}/*"', {
              Bucket: name,
              Folder: folder,
            }),
          ),
        ),
      },
    ),
  });
}

function quoted(values: readonly unknown[]): string {
  return Fn.join(',', values as string[]);
}
