import { belowHome } from '../../core/identity.ts';
import { readTags } from '../../core/stack-tags.ts';
import { ownStacks } from '../own-stacks.ts';
import type { ControlStacks } from './control-stacks.ts';

/** Whatever of this installation's clusters is not gone: `user/NAME`, or the name of a stack that does not say whose it is. */
export async function livingClusters(stacks: ControlStacks, region: string, id: string): Promise<string[]> {
  const living: string[] = [];
  for await (const page of ownStacks(stacks.in(region), id))
    for (const { name, tags } of page) living.push(belowHome(readTags(tags)?.cluster.path ?? '') || name);
  return living.toSorted();
}
