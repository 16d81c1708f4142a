import { DAY, MINUTE } from './instant.ts';
import type { SettingName } from './settings.ts';

/** What a value of a key may be. */
export type KeyKind =
  | {
      readonly type: 'whole';
      readonly least: number;
      readonly most: number;
      readonly unit?: string;
      readonly hint?: string;
    }
  | { readonly type: 'choice'; readonly values: readonly string[]; readonly yes: string; readonly no: string }
  | { readonly type: 'instance'; readonly other: boolean }
  | { readonly type: 'spot-price' }
  /** Milliseconds. `off` says whether that word is allowed as well. */
  | { readonly type: 'duration'; readonly least: number; readonly most: number; readonly off: boolean }
  | { readonly type: 'email' }
  | { readonly type: 'blueprint' };

export interface RequestKey {
  readonly key: string;
  /** The setting that it sets; two keys of the file may set one. */
  readonly setting: SettingName;
  readonly kind: KeyKind;
  /** One or two sentences for people. */
  readonly about: string;
  readonly examples: readonly (string | number | boolean)[];
}

/** Highest USD per node hour that is no slip of the pen: above every list price of EC2. */
export const MOST_USD = 500;
/** Lowest price that means something: EC2 knows no spot price below it. */
export const LEAST_USD = 0.0001;

/** Every key of a request file, in the order of the documentation. Reading, JSON Schema and documentation are made from this table. */
export const REQUEST_KEYS: readonly RequestKey[] = [
  {
    key: 'ComputeInstanceType',
    setting: 'ComputeInstanceType',
    kind: { type: 'instance', other: true },
    about:
      'EC2 type of each compute node. "other" takes the type from ComputeInstanceTypeOther, as Alces Flight did.',
    examples: ['r4.large', 'r4.large-2C-15.25GB', 'compute-2C-3.75GB.small-c4.large', 'other'],
  },
  {
    key: 'ComputeInstanceTypeOther',
    setting: 'ComputeInstanceType',
    kind: { type: 'instance', other: false },
    about: 'EC2 type of each compute node when ComputeInstanceType is "other" or left out.',
    examples: ['r4.large-2C-15.25GB', 'r4.large'],
  },
  {
    key: 'ComputeSpotPrice',
    setting: 'ComputeSpotPrice',
    kind: { type: 'spot-price' },
    about:
      'Highest price of a compute node in USD per hour on the spot market. 0 or "on-demand" buys at the list price; "spot" is the spot market with no highest price of your own. The login node is always on demand.',
    examples: ['0.03', 0.03, 'on-demand', '0', 'spot'],
  },
  {
    key: 'AutoscalingPolicy',
    setting: 'AutoscalingPolicy',
    kind: { type: 'choice', values: ['enabled', 'disabled'], yes: 'enabled', no: 'disabled' },
    about:
      'enabled: compute nodes come and go with the queue. disabled: there are always ComputeMaxNodes of them.',
    examples: ['enabled', 'disabled', true],
  },
  {
    key: 'ComputeInitialNodes',
    setting: 'ComputeInitialNodes',
    kind: { type: 'whole', least: 0, most: 10_000 },
    about: 'Compute nodes started at once. Not looked at when AutoscalingPolicy is disabled.',
    examples: ['0', 1],
  },
  {
    key: 'ComputeMaxNodes',
    setting: 'ComputeMaxNodes',
    kind: {
      type: 'whole',
      least: 1,
      most: 10_000,
      hint: 'Write at least 1. To start with no compute nodes, set ComputeInitialNodes to 0: they come with the first job.',
    },
    about: 'Most compute nodes when AutoscalingPolicy is enabled, the exact number when it is disabled.',
    examples: ['25', 25],
  },
  {
    key: 'MasterInstanceType',
    setting: 'MasterInstanceType',
    kind: { type: 'instance', other: true },
    about: 'EC2 type of the login node. "other" takes the type from MasterInstanceTypeOther.',
    examples: ['r4.large', 'other'],
  },
  {
    key: 'MasterInstanceTypeOther',
    setting: 'MasterInstanceType',
    kind: { type: 'instance', other: false },
    about: 'EC2 type of the login node when MasterInstanceType is "other" or left out.',
    examples: ['r4.large-2C-15.25GB'],
  },
  {
    key: 'MasterSystemVolumeSize',
    setting: 'MasterSystemVolumeSize',
    kind: { type: 'whole', least: 8, most: 1024, unit: 'GB' },
    about: 'GB of the disk of the login node, which all nodes share.',
    examples: ['16', 200],
  },
  {
    key: 'Blueprint',
    setting: 'Blueprint',
    kind: { type: 'blueprint' },
    about:
      'Name of the kind of cluster. Your administrator says which there are; never an address of a template.',
    examples: ['slurm'],
  },
  {
    key: 'Lifetime',
    setting: 'Lifetime',
    kind: { type: 'duration', least: 10 * MINUTE, most: 365 * DAY, off: false },
    about:
      'How long the cluster may live before it is deleted, counted from its creation or from a later drop that names this key.',
    examples: ['8h', '3d', '1d12h'],
  },
  {
    key: 'IdleTimeout',
    setting: 'IdleTimeout',
    kind: { type: 'duration', least: 5 * MINUTE, most: 365 * DAY, off: true },
    about: 'Delete the cluster after so long with no job and nobody logged in; "off" never does.',
    examples: ['2h', '90m', 'off'],
  },
  {
    key: 'NotifyEmail',
    setting: 'NotifyEmail',
    kind: { type: 'email' },
    about:
      'Where mail about this cluster goes: "registered" is the address that your administrator knows; others need a domain that the limits allow.',
    examples: ['registered', 'you@example.org'],
  },
];

/** Alces Flight's parameters that a request can never set: they would let one person act as another. */
export const KEYS_FROM_FOLDER: readonly string[] = ['AccessUsername', 'FlightProfiles'];

/** Keys that are not looked at: an editor's pointer to the schema, and notes of the author. */
export function isIgnoredKey(key: string): boolean {
  return key === '$schema' || key.startsWith('//');
}

export function requestKey(key: string): RequestKey | undefined {
  return REQUEST_KEYS.find((one) => one.key === key);
}

export function isRequestKey(name: string): boolean {
  return requestKey(name) !== undefined;
}
