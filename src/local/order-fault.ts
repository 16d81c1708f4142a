import type { BlueprintResource } from '../core/blueprint.ts';
import type { StackOrder } from '../engine/ports.ts';

const NAME = /^[a-zA-Z][-a-zA-Z0-9]{0,127}$/;
const TOKEN = /^[a-zA-Z0-9][-a-zA-Z0-9]{0,127}$/;
const MOST_TAGS = 50;

/**
 * CloudFormation's refusal of what a call says about itself; `undefined` when there is none. `expected`: the template's parameters.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html
 */
export function orderFault(
  order: Omit<StackOrder, 'name' | 'blueprint'>,
  expected: readonly string[],
  resources: readonly BlueprintResource[],
): string | undefined {
  return (
    tokenFault(order.token) ??
    tagsFault(order.tags) ??
    parametersFault(Object.keys(order.parameters), expected) ??
    capabilitiesFault(order.capabilities, resources)
  );
}

export function nameFault(name: string): string | undefined {
  return NAME.test(name)
    ? undefined
    : `1 validation error detected: Value '${name}' at 'stackName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*`;
}

function tokenFault(token: string): string | undefined {
  return TOKEN.test(token)
    ? undefined
    : `1 validation error detected: Value '${token}' at 'clientRequestToken' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9][-a-zA-Z0-9]*`;
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_Tag.html */
function tagsFault(tags: Readonly<Record<string, string>>): string | undefined {
  const keys = Object.keys(tags);
  const long = Object.entries(tags).find(([key, value]) => key.length > 128 || value.length > 256);
  if (long)
    return `1 validation error detected: tag '${long[0]}' is longer than 128 characters in its key or 256 in its value`;
  if (keys.length > MOST_TAGS) return `Stack cannot have more than ${MOST_TAGS} tags`;
  return keys.some((key) => /^aws:/i.test(key))
    ? 'aws: prefixed tag key names are not allowed for external use.'
    : undefined;
}

function parametersFault(given: readonly string[], expected: readonly string[]): string | undefined {
  const unknown = given.filter((name) => !expected.includes(name));
  if (unknown.length > 0) return `Parameters: [${unknown.join(', ')}] do not exist in the template`;
  const missing = expected.filter((name) => !given.includes(name));
  return missing.length > 0 ? `Parameters: [${missing.join(', ')}] must have values` : undefined;
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/control-access-with-iam.html#using-iam-capabilities */
function capabilitiesFault(
  given: readonly string[],
  resources: readonly BlueprintResource[],
): string | undefined {
  if (!resources.some((resource) => resource.type.startsWith('AWS::IAM::'))) return undefined;
  return given.includes('CAPABILITY_IAM') || given.includes('CAPABILITY_NAMED_IAM')
    ? undefined
    : 'Requires capabilities : [CAPABILITY_IAM]';
}
