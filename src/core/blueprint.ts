import type { SettingName } from './settings.ts';

/** How the value of one template parameter is found. */
export type ParameterSource =
  /** Always this text. */
  | { readonly value: string }
  /** A setting; `as` is how it is written (default `text`). */
  | { readonly from: SettingName; readonly as?: ParameterForm }
  /** Something only the system may set. */
  | { readonly system: SystemValue };

/**
 * `text`: numbers in decimal, words as they are. `alces-type`: `r4.large-2C-15.25GB`. `alces-spot`: USD, `0` is on demand.
 */
export type ParameterForm = 'text' | 'alces-type' | 'alces-spot' | 'seconds';

/**
 * `account`: login account on the cluster. `user`: name in the bucket. `profiles`: customizer folders. `cluster`: cluster name.
 * `vpc`, `subnets` (with commas), `subnet` (the preferred one), `ssh-from` (CIDR): the installation's network.
 * `boundary` (ARN), `role-path`: what every IAM role of a cluster must carry.
 */
export type SystemValue =
  | 'account'
  | 'user'
  | 'profiles'
  | 'cluster'
  | 'vpc'
  | 'subnets'
  | 'subnet'
  | 'ssh-from'
  | 'boundary'
  | 'role-path';

/** One resource of the stack: what simulated stacks are made of, and what progress counts. */
export interface BlueprintResource {
  readonly logicalId: string;
  readonly type: string;
  /** Usual seconds to create it on AWS. */
  readonly seconds: number;
  readonly after?: readonly string[];
  /** Parameters whose change replaces this resource instead of updating it. */
  readonly replacedBy?: readonly string[];
  /** The stack policy denies replacing or deleting it in an update. */
  readonly protected?: boolean;
}

/** `blueprint.json`: what a template can honour of a request, and how. Its JSON Schema is `schemas/blueprint.schema.json`. */
export interface Blueprint {
  readonly version: 1;
  readonly name: string;
  readonly title: string;
  /** Where the CloudFormation template lies. */
  readonly template?: { readonly url: string } | { readonly file: string };
  /** Template parameter -> where its value comes from. A setting that no parameter carries cannot be asked for. */
  readonly parameters: Readonly<Record<string, ParameterSource>>;
  /** Values of request keys that the file leaves out, in the file's own vocabulary. */
  readonly defaults: Readonly<Record<string, string | number | boolean>>;
  /** Settings that a running cluster takes over without a new stack. */
  readonly changeable: readonly SettingName[];
  /** Output that holds the login address; without it, the address of the stack's EC2 instance. */
  readonly addressOutput?: string;
  readonly capabilities: readonly string[];
  /** Its hosts can be containers on one machine: a Dockerfile and node scripts lie beside it. */
  readonly containers?: boolean;
  readonly price: {
    /** GB of disk that each compute node brings. */
    readonly nodeDiskGb: number;
  };
  readonly resources: readonly BlueprintResource[];
}
