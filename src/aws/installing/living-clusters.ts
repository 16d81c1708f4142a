import { paginateDescribeStacks } from '@aws-sdk/client-cloudformation';
import { stackStateOf } from '../../core/stack-status.ts';
import { readTags } from '../../core/stack-tags.ts';
import { reportOf } from '../cloudformation-report.ts';
import type { ControlStacks } from './control-stacks.ts';

/** Stacks of clusters carry it; those of the installation itself do not. */
const INSTALLATION_TAG = 'clusterdrop:installation';

/** Whatever of this installation's clusters is not gone: `user/NAME`, or the name of a stack that does not say whose it is. */
export async function livingClusters(stacks: ControlStacks, region: string, id: string): Promise<string[]> {
  const living: string[] = [];
  for await (const { Stacks = [] } of paginateDescribeStacks({ client: stacks.in(region) }, {}))
    for (const stack of Stacks) {
      const { name, status, tags } = reportOf(stack);
      const isOurs = tags[INSTALLATION_TAG] === id && stack.ParentId === undefined;
      if (!isOurs || stackStateOf(status) === 'absent') continue;
      living.push(readTags(tags)?.cluster.path.replace(/^home\//, '') || name);
    }
  return living.toSorted();
}
