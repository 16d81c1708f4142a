import { Fn } from 'aws-cdk-lib';
import { arn } from './names.ts';

/**
 * Writes of drop files in the users' buckets, and of what was meant as one. In one field patterns are alternatives, so the last
 * two are not confined to `home/`: whoever reads the queue passes over what lies elsewhere. `wildcard` knows no letter case; a near
 * miss in the wrong case with something behind it (`x.CF-CREATE.txt`) is left to the sweep.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 */
export function dropEvents(): unknown {
  return {
    source: ['aws.s3'],
    'detail-type': ['Object Created'],
    detail: {
      bucket: { name: Fn.ref('UsersBucketNames') },
      object: {
        key: [
          { wildcard: 'home/*.cf-create*' },
          { wildcard: 'home/*.cf-delete*' },
          { suffix: { 'equals-ignore-case': '.cf-create' } },
          { suffix: { 'equals-ignore-case': '.cf-delete' } },
        ],
      },
    },
  };
}

/**
 * Status changes of the clusters' stacks in a region, and of their resources: how far a stack is, its owner sees as it happens.
 * Control stacks are called `control-...`, so they are not among them.
 */
export function stackEvents(region: '${AWS::Region}' | '${ClustersRegion}'): unknown {
  return {
    source: ['aws.cloudformation'],
    'detail-type': ['CloudFormation Stack Status Change', 'CloudFormation Resource Status Change'],
    detail: { 'stack-id': [{ wildcard: arn('cloudformation', region, 'stack/${InstallationName}-*') }] },
  };
}
