import type { Blueprint } from '../core/blueprint.ts';

/**
 * Denies updates to replace or delete what the blueprint protects: the login node and its disk hold people's files.
 * A policy denies what it does not allow, hence the first statement. `undefined` where nothing is protected.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/protect-stack-resources.html
 */
export function stackPolicyOf({ resources }: Pick<Blueprint, 'resources'>): string | undefined {
  const kept = resources.filter((resource) => resource.protected);
  if (kept.length === 0) return undefined;
  return JSON.stringify({
    Statement: [
      { Effect: 'Allow', Principal: '*', Action: 'Update:*', Resource: '*' },
      {
        Effect: 'Deny',
        Principal: '*',
        Action: ['Update:Replace', 'Update:Delete'],
        Resource: kept.map(({ logicalId }) => `LogicalResourceId/${logicalId}`),
      },
    ],
  });
}
