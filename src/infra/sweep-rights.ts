import { Fn } from 'aws-cdk-lib';
import type { CfnQueue } from 'aws-cdk-lib/aws-sqs';
import { readAdmin, readUsers } from './bucket-rights.ts';
import { allow, type Statement } from './statement.ts';
import type { UsersBuckets } from './users-buckets.ts';

/** Looks through everything and says what it found. It changes nothing itself. */
export function sweepStatements(nudges: CfnQueue, buckets: UsersBuckets): readonly Statement[] {
  return [
    ...readUsers(buckets),
    ...readAdmin(),
    // `*`: CloudFormation does not search by tag, and a list of all stacks is asked for without a name.
    allow('ListStacks', ['cloudformation:DescribeStacks'], '*', {
      StringEquals: { 'aws:RequestedRegion': Fn.ref('ClustersRegion') },
    }),
    allow('Nudge', ['sqs:SendMessage'], nudges.attrArn),
  ];
}
