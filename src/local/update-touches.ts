import type { BlueprintResource } from '../core/blueprint.ts';
import type { Touch } from './stack-record.ts';

/**
 * blueprint.json names the parameters that replace a resource, not those that change it in place. These two types carry what a
 * running cluster takes over, and the stack's tags, so an update shows on them.
 */
const IN_PLACE = ['AWS::EC2::LaunchTemplate', 'AWS::AutoScaling::AutoScalingGroup'];

/** What an update of these parameters does to each resource. https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-update-behaviors.html */
export function updateTouches(
  resources: readonly BlueprintResource[],
  changed: readonly string[],
): readonly Touch[] {
  return resources.flatMap((resource): readonly Touch[] => {
    const replaced = resource.replacedBy?.some((name) => changed.includes(name)) === true;
    if (replaced) return [{ resource: resource.logicalId, how: resource.protected ? 'denied' : 'replace' }];
    return IN_PLACE.includes(resource.type) ? [{ resource: resource.logicalId, how: 'modify' }] : [];
  });
}

/** Names whose values differ, in either direction. */
export function differing(
  a: Readonly<Record<string, string>>,
  b: Readonly<Record<string, string>>,
): readonly string[] {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].filter((name) => a[name] !== b[name]);
}
