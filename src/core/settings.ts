import type { Instant } from './instant.ts';

/**
 * What a person may ask for, in normal form: the keys of the request file, with the spellings folded away.
 * `ComputeInstanceTypeOther` and `MasterInstanceTypeOther` exist in the file only.
 */
export interface Settings {
  /** Name of a blueprint that the limits allow; never a URL. */
  readonly Blueprint: string;
  /** EC2 type of a compute node, e.g. `r4.large`. */
  readonly ComputeInstanceType: string;
  /** EC2 type of the login node. */
  readonly MasterInstanceType: string;
  /** Highest USD per node hour on the spot market; `spot` is the spot market with no cap of one's own. */
  readonly ComputeSpotPrice: number | 'on-demand' | 'spot';
  readonly AutoscalingPolicy: 'enabled' | 'disabled';
  /** Nodes started at once; not looked at when autoscaling is disabled. */
  readonly ComputeInitialNodes: number;
  /** Most nodes with autoscaling, the exact number without. */
  readonly ComputeMaxNodes: number;
  /** GB of the login node's disk, which is also the shared file system. */
  readonly MasterSystemVolumeSize: number;
  /** How long the cluster may live, in milliseconds. */
  readonly Lifetime: Instant;
  /** Ended after so many idle milliseconds; `off` is never. */
  readonly IdleTimeout: number | 'off';
  /** Where mail about this cluster goes; `registered` is the address that the administrator knows. */
  readonly NotifyEmail: string;
}

export type SettingName = keyof Settings;

/** What one request names: any part of the settings. */
export type Request = { readonly [K in SettingName]?: Settings[K] };

/** Settings that no CloudFormation parameter carries: Clusterdrop itself keeps them, so changing them needs no stack update. */
export const OWN_SETTINGS = [
  'Blueprint',
  'Lifetime',
  'IdleTimeout',
  'NotifyEmail',
] as const satisfies readonly SettingName[];
