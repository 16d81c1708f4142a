import type { AwsAccess } from '../access.ts';
import { callerIdentity } from '../caller-identity.ts';

/** Whose account an installation lies in, and where. */
export interface AccountPlace {
  /** First word of everything that the installation makes; `clusterdrop` unless chosen. */
  readonly name: string;
  readonly account: string;
  /** Of the buckets, the queue and the functions. */
  readonly region: string;
  /** `aws`, or `aws-cn` and others, which have ARNs and hosts of their own. */
  readonly partition: string;
  /** ARN of whoever calls. */
  readonly caller: string;
}

export async function accountPlace(access: AwsAccess, name: string, region: string): Promise<AccountPlace> {
  const { arn } = await callerIdentity(access, region);
  const [, partition = 'aws', , , account = ''] = arn.split(':');
  return { name, account, region, partition, caller: arn };
}

/** Constant for an installation: part of every cluster's identity. An id has at most 40 characters. */
export function installationId({ name, account, region }: AccountPlace): string {
  return `${name}-${account}-${region}`.slice(0, 40);
}

/** Role sessions, groups and clusters are told apart by it, and nothing of ours may look like a control stack. */
export function isInstallationName(name: string): boolean {
  return /^[a-z][a-z0-9-]{0,19}$/.test(name) && !name.startsWith('control') && !name.endsWith('-');
}

export function defaultBucket({ name, account, region }: AccountPlace, role: 'users' | 'admin'): string {
  return `${name}-${role}-${account}-${region}`;
}

export function dnsSuffix(partition: string): string {
  return partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';
}
