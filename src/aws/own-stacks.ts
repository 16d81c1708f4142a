import { type CloudFormationClient, paginateDescribeStacks } from '@aws-sdk/client-cloudformation';
import { stackStateOf } from '../core/stack-status.ts';
import { INSTALLATION_TAG } from '../core/tag-names.ts';
import type { StackReport } from '../engine/ports.ts';
import { calmPages } from './cloudformation-errors.ts';
import { reportOf } from './cloudformation-report.ts';

/**
 * The stacks of an installation's clusters that are not gone. Goes through all stacks of the region: CloudFormation does not search
 * by tag. Login addresses that no output gives are not among what is told.
 */
export async function* ownStacks(
  client: CloudFormationClient,
  installationId: string,
): AsyncGenerator<readonly StackReport[]> {
  for await (const { Stacks: stacks = [] } of calmPages(paginateDescribeStacks({ client }, {}))) {
    // A stack inside another one inherits its tags.
    const whole = stacks.filter((stack) => stack.ParentId === undefined).map(reportOf);
    const ours = whole.filter(
      ({ tags, status }) => tags[INSTALLATION_TAG] === installationId && stackStateOf(status) !== 'absent',
    );
    if (ours.length > 0) yield ours;
  }
}
