import type { EngineSubject } from '../../engine/examining/engine-subject.ts';
import type { AwsAccess } from '../access.ts';
import type { AwsInstallation } from '../aws-installation.ts';

/** An installation in an AWS account that is looked at. */
export interface AwsSubject extends EngineSubject {
  readonly access: AwsAccess;
  readonly installation: AwsInstallation;
  /** Instance types to ask for, besides those that a request takes by default. */
  readonly types: readonly string[];
  /** SHA-256 in base64 of the functions that this program would install; `undefined` where it brings none along. */
  readonly ownCode?: string;
}

/** `aws`, or `aws-cn` and others, which have ARNs of their own. */
export function partitionOf({ installation }: AwsSubject): string {
  return installation.aws.executionRole.split(':')[1] || 'aws';
}

export function sqsArn(subject: AwsSubject, url: string): string {
  const { account, region } = subject.installation.aws;
  return `arn:${partitionOf(subject)}:sqs:${region}:${account}:${url.split('/').at(-1)}`;
}

export const FUNCTIONS = ['reconcile', 'sweep', 'prices'] as const;

/** What `admin deploy` names the functions of an installation. */
export function functionName({ installation }: AwsSubject, name: (typeof FUNCTIONS)[number]): string {
  return `${installation.prefix}-${name}`;
}

const DEFAULT_NAME = 'clusterdrop';

/** What an installation is called for "admin deploy", which finds it by its name and region and not by a bucket. */
export function deployCommand({ installation }: AwsSubject): string {
  const { aws, prefix } = installation;
  return `clusterdrop admin deploy --region ${aws.region}${prefix === DEFAULT_NAME ? '' : ` --name ${prefix}`}`;
}

/** An upgrade puts everything of ours back in its place and leaves the rest alone. */
export function deployAgain(subject: AwsSubject): string {
  return `Put it back: ${deployCommand(subject)}`;
}
