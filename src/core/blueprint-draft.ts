import type { Blueprint, ParameterSource, SystemValue } from './blueprint.ts';
import { blueprintResources } from './blueprint-resources.ts';
import type { InstanceCatalogue } from './instance-catalogue.ts';
import { readDefaults } from './request.ts';
import { isRequestKey, requestKey } from './request-keys.ts';
import type { SettingName } from './settings.ts';
import { isMap, type Json, mapAt, referencesOf, resourcesOf, type Template, valuesIn } from './template.ts';

/** A first `blueprint.json` for a template that has none, and what its administrator must look at. */
export interface BlueprintDraft {
  readonly blueprint: Blueprint;
  readonly open: readonly string[];
}

/** What cannot be read in the template. Price and limits are judged by it, so each that is used is named. */
const GUESSES: Readonly<Partial<Record<SettingName, string | number>>> = {
  MasterInstanceType: 't3.medium',
  MasterSystemVolumeSize: 16,
  ComputeInstanceType: 'c7i.large',
  ComputeSpotPrice: 'on-demand',
  AutoscalingPolicy: 'enabled',
  ComputeInitialNodes: 0,
  ComputeMaxNodes: 4,
};
const GUESSED_DISK_GB = 16;

/** Parameters that only the system may set, by their names in known templates, and by their types. */
const BY_NAME: Readonly<Record<string, SystemValue>> = {
  AccessUsername: 'account',
  FlightProfiles: 'profiles',
  ClusterName: 'cluster',
  SSHLocation: 'ssh-from',
  SshLocation: 'ssh-from',
  SshFrom: 'ssh-from',
};
const BY_TYPE: Readonly<Record<string, SystemValue>> = {
  'AWS::EC2::VPC::Id': 'vpc',
  'AWS::EC2::Subnet::Id': 'subnet',
  'List<AWS::EC2::Subnet::Id>': 'subnets',
};

/** Whatever a template tells of itself. Nothing in the draft may change on a running cluster: that is for somebody who knows it. */
export function blueprintDraft(
  template: Template,
  name: string,
  catalogue: InstanceCatalogue,
): BlueprintDraft {
  const open: string[] = [];
  const parameters = draftParameters(template, open);
  const defaults = draftDefaults(template, parameters, catalogue, open);
  const address = addressOutput(template);
  if (address === undefined)
    open.push('addressOutput: no output of the template looks like the address of the login node');
  open.push(`price.nodeDiskGb: ${GUESSED_DISK_GB} is a guess`);
  open.push('changeable: which keys a running cluster may take over; none so far');
  const { Description: title } = template;
  const resources = blueprintResources(template, Object.keys(parameters));
  return {
    blueprint: {
      version: 1,
      name,
      title: typeof title === 'string' && title.trim() !== '' ? title.trim().slice(0, 200) : name,
      parameters,
      defaults,
      changeable: [],
      ...(address !== undefined && { addressOutput: address }),
      capabilities: resources.some(({ type }) => type.startsWith('AWS::IAM::')) ? ['CAPABILITY_IAM'] : [],
      price: { nodeDiskGb: GUESSED_DISK_GB },
      resources,
    },
    open,
  };
}

function draftParameters(template: Template, open: string[]): Record<string, ParameterSource> {
  const known = mapAt(template, 'Parameters');
  const sources: Record<string, ParameterSource> = {};
  for (const [name, body] of Object.entries(known)) {
    const source = sourceOf(name, mapAt(known, name), known);
    if (source) sources[name] = source;
    if (source && 'as' in source && source.as === 'alces-spot')
      open.push(
        `parameters.${name}: written as USD, where 0 is on demand; without "as", on-demand and spot are words`,
      );
    if (!source && isMap(body) && !Object.hasOwn(body, 'Default'))
      open.push(`parameters.${name}: the template needs a value and has no default`);
  }
  return sources;
}

function sourceOf(name: string, body: Template, known: Template): ParameterSource | undefined {
  const system = BY_NAME[name] ?? BY_TYPE[typeof body['Type'] === 'string' ? body['Type'] : ''];
  if (system) return { system };
  const key = requestKey(name);
  if (!key) return undefined;
  // Alces's way to take any type: "other", and the type in a parameter of its own.
  if (key.kind.type === 'instance' && key.kind.other && Object.hasOwn(known, `${name}Other`))
    return { value: 'other' };
  if (name !== key.setting && Object.hasOwn(known, key.setting))
    return { from: key.setting, as: 'alces-type' };
  // A template that speaks of prices in words takes our words; most speak of USD, where 0 is on demand.
  const isWord = /^"[a-z]/i.test(JSON.stringify(body['Default'] ?? ''));
  const inUsd = key.kind.type === 'spot-price' && !isWord;
  return { from: key.setting, ...(inUsd && { as: 'alces-spot' as const }) };
}

function draftDefaults(
  template: Template,
  parameters: Blueprint['parameters'],
  catalogue: InstanceCatalogue,
  open: string[],
): Record<string, string | number> {
  const known = mapAt(template, 'Parameters');
  const defaults: Record<string, string | number> = {};
  const settled = new Set<string>();
  for (const name of Object.keys(parameters).filter(isRequestKey)) {
    const { Default: value } = mapAt(known, name);
    if (typeof value !== 'string' && typeof value !== 'number') continue;
    const { problems } = readDefaults({ [name]: value }, catalogue);
    if (problems.length > 0) continue;
    defaults[name] = value;
    if (value !== 'other') settled.add(requestKey(name)?.setting ?? name);
  }
  for (const [name, value] of Object.entries(GUESSES)) {
    if (settled.has(name)) continue;
    const found = writtenIn(template, name as SettingName);
    defaults[name] = found ?? value;
    if (found === undefined)
      open.push(`defaults.${name}: ${value} is a guess; price and limits are judged by it`);
  }
  return { ...defaults, Lifetime: '7d', IdleTimeout: 'off', NotifyEmail: 'registered' };
}

/** Machines whose type is written into the template itself. */
function writtenIn(template: Template, name: SettingName): string | undefined {
  const machine =
    name === 'MasterInstanceType'
      ? /^AWS::EC2::Instance$/
      : name === 'ComputeInstanceType'
        ? /^AWS::(?:EC2::LaunchTemplate|AutoScaling::LaunchConfiguration)$/
        : undefined;
  const types = resourcesOf(template)
    .filter(({ type }) => machine?.test(type))
    .flatMap(({ properties }) => [...valuesIn(properties, '')])
    .flatMap(({ key, value }) => (key === 'InstanceType' && typeof value === 'string' ? [value] : []));
  return new Set(types).size === 1 ? types[0] : undefined;
}

/** An output that is the public address of an instance or a fixed address; by its name, if there are several. */
function addressOutput(template: Template): string | undefined {
  const types = new Map(resourcesOf(template).map(({ logicalId, type }) => [logicalId, type]));
  const outputs = Object.entries(mapAt(template, 'Outputs')).filter(([, body]) => {
    const value: Json = isMap(body) ? (body['Value'] ?? null) : null;
    const text = JSON.stringify(value);
    const machines = [...referencesOf(value)].map((one) => types.get(one));
    return (
      (machines.includes('AWS::EC2::Instance') && /\bPublicIp\b/.test(text)) ||
      (machines.includes('AWS::EC2::EIP') && !text.includes('AllocationId'))
    );
  });
  // A whole sentence or a command is no address.
  const plain = outputs.filter(
    ([, body]) => !/"Fn::(?:Sub|Join)"/.test(JSON.stringify(mapAt({ body }, 'body')['Value'])),
  );
  return (plain.find(([name]) => /login|master|access|address/i.test(name)) ?? plain[0])?.[0];
}
