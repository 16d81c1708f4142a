import { CfnCondition, CfnParameter, type CfnParameterProps, Fn, type Stack } from 'aws-cdk-lib';

/** Every parameter of the four templates that more than one of them has, or that has rules of its own. */
const KNOWN: Readonly<Record<string, CfnParameterProps>> = {
  InstallationName: {
    description: 'First word of the names of everything, clusters included.',
    default: 'clusterdrop',
    // Control stacks begin with "control-", and no cluster may look like one.
    allowedPattern: '(?!control)[a-z]([a-z0-9-]{0,18}[a-z0-9])?',
  },
  InstallationId: {
    description: 'What the tag clusterdrop:installation of the clusters says.',
    allowedPattern: '[a-z0-9-]{1,40}',
  },
  UsersBucketNames: {
    type: 'CommaDelimitedList',
    description: "All users' buckets of the installation, five at most.",
    allowedPattern: '[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]',
  },
  AdminBucketName: {
    description: "The administrator's bucket.",
    allowedPattern: '[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]',
  },
  ClustersRegion: { description: 'Region of the clusters.', allowedPattern: '[a-z]{2}(-[a-z]+)+-[0-9]' },
};

export function parameter(stack: Stack, name: string, props: CfnParameterProps = {}): CfnParameter {
  return new CfnParameter(stack, name, { ...KNOWN[name], ...props });
}

/** Text that may be left empty. */
export function optional(stack: Stack, name: string, description: string): CfnParameter {
  return new CfnParameter(stack, name, { description, default: '' });
}

export function condition(stack: Stack, name: string, expression: CfnCondition['expression']): CfnCondition {
  return new CfnCondition(stack, name, expression === undefined ? {} : { expression });
}

/** Holds where a parameter was given. */
export function isGiven(stack: Stack, name: string, value: CfnParameter): CfnCondition {
  return condition(stack, name, Fn.conditionNot(Fn.conditionEquals(value.valueAsString, '')));
}

export function isYes(stack: Stack, name: string, value: CfnParameter): CfnCondition {
  return condition(stack, name, Fn.conditionEquals(value.valueAsString, 'yes'));
}
