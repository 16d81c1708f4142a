import { hostFolder } from './hosted-blueprints.ts';

const NAMES = [
  'ClusterName',
  'AccessUsername',
  'Profiles',
  'MasterInstanceType',
  'ComputeInstanceType',
  'AutoscalingPolicy',
  'ComputeInitialNodes',
  'ComputeMaxNodes',
] as const;

/** What hosts are told of the request. */
export type SlurmParameters = Readonly<Record<(typeof NAMES)[number], string>>;

/** Nothing else gets into the settings of a host, which a shell reads. */
const ALLOWED: Readonly<Record<(typeof NAMES)[number], RegExp>> = {
  ClusterName: /^[A-Za-z][A-Za-z0-9-]{0,39}$/,
  AccessUsername: /^[a-z_][a-z0-9_-]{0,31}$/,
  Profiles: /^[\w+=,.@ -]{1,200}$/,
  MasterInstanceType: /^[a-z0-9.-]{1,40}$/,
  ComputeInstanceType: /^[a-z0-9.-]{1,40}$/,
  AutoscalingPolicy: /^(?:enabled|disabled)$/,
  ComputeInitialNodes: /^\d{1,5}$/,
  ComputeMaxNodes: /^\d{1,5}$/,
};

/** Why hosts in containers cannot be made of this; `undefined` when they can. */
export function hostedFault(
  blueprint: string,
  parameters: Readonly<Record<string, string>>,
): string | undefined {
  if (hostFolder(blueprint) === undefined)
    return `the blueprint "${blueprint}" says nothing of hosts in containers: name another one (Blueprint), or run it on AWS`;
  const wrong = NAMES.find((name) => !ALLOWED[name].test(parameters[name] ?? ''));
  return (
    wrong &&
    `the parameter ${wrong} cannot be ${JSON.stringify(parameters[wrong] ?? 'missing')} for hosts in containers`
  );
}

export function slurmParameters(parameters: Readonly<Record<string, string>>): SlurmParameters {
  return Object.fromEntries(NAMES.map((name) => [name, parameters[name] ?? ''])) as SlurmParameters;
}
