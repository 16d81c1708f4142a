import { type CfnParameter, Fn, type Stack } from 'aws-cdk-lib';
import { CfnManagedPolicy } from 'aws-cdk-lib/aws-iam';
import { folderPolicy } from './folder-policy.ts';
import { CONTROL_PATH, named } from './names.ts';
import type { UsersBuckets } from './users-buckets.ts';

/**
 * For people who come by a role: the folder that a tag of their session names, which their identity provider sets.
 *
 * The tag's name is a parameter and is part of a condition's key, where CloudFormation takes no function: hence a document that is
 * put together as text (docs/decisions/0011-policies-in-a-static-template.md).
 */
export function federatedPolicy(stack: Stack, buckets: UsersBuckets, tag: CfnParameter): CfnManagedPolicy {
  const key = `aws:PrincipalTag/${tag.valueAsString}`;
  const folder = `\${${key}}`;
  const [all, contents] = ['[buckets]', '[contents]'];
  const document = folderPolicy({
    name: folder,
    buckets: [all],
    contents: [contents],
    given: {
      // Without the tag, or with an empty one: nothing. `a/b` would be folder b of a; a wildcard would be everybody.
      StringLike: { [key]: '?*' },
      // `${*}` and `${?}` stand for the characters themselves.
      StringNotLike: { [key]: ['*/*', '*${*}*', '*${?}*'] },
    },
  });
  return new CfnManagedPolicy(stack, 'FederatedPolicy', {
    managedPolicyName: named('federated-users'),
    path: CONTROL_PATH,
    description: 'Own folder in the buckets of Clusterdrop, named by a tag of the session',
    // No value needs escaping: names of buckets and tags have no quotes.
    policyDocument: JSON.stringify(document)
      .replaceAll(`"${all}"`, quoted(buckets))
      .replaceAll(`"${contents}"`, quoted(buckets, `/home/${folder}/*`)),
  });
}

/** The ARNs of a list in JSON, to stand between its brackets. */
function quoted(buckets: UsersBuckets, below = ''): string {
  const arns = buckets.each(
    (name, index) =>
      Fn.join('', [index === 0 ? '"' : ',"', Fn.sub('arn:${AWS::Partition}:s3:::'), name, below, '"']),
    '',
  );
  return Fn.join('', arns as string[]);
}
