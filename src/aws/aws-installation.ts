import type { Installation } from '../core/installation.ts';
import { ProblemError, problem } from '../core/problems.ts';
import { INSTALLATION_KEY, installationIn } from '../engine/installations.ts';
import { readJsonObject } from '../engine/json-object.ts';
import type { ObjectStore } from '../engine/ports.ts';

/** Where an installation lies in an AWS account: the key `aws` of `installation.json`. */
export interface AwsPlace {
  readonly account: string;
  /** Of the buckets, the queue and the functions. */
  readonly region: string;
  /** Of the clusters' stacks. */
  readonly clustersRegion: string;
  /** All users' buckets, the first one first. */
  readonly buckets: readonly string[];
  /** ARN of the role with which CloudFormation makes and ends the stacks of clusters. */
  readonly executionRole: string;
  /** Where nudges wait; without a queue, `clusterdrop serve` looks by itself. */
  readonly queueUrl?: string;
  readonly deadLetterQueueUrl?: string;
  /** Without it no mail is sent. */
  readonly mail?: { readonly region: string; readonly from: string };
  /** IAM group whose members hold rights on their own folder. */
  readonly group?: string;
}

export interface AwsInstallation extends Installation {
  readonly aws: AwsPlace;
}

/** `undefined` for a bucket that holds no installation on AWS. @throws ProblemError when it is wrong. */
export async function readAwsInstallation(admin: ObjectStore): Promise<AwsInstallation | undefined> {
  const object = await readJsonObject(admin, INSTALLATION_KEY);
  const aws = object?.value['aws'];
  if (!object || aws === undefined) return undefined;
  if (!isPlace(aws))
    throw new ProblemError(
      problem('unreadable-object', {
        key: INSTALLATION_KEY,
        found: '"aws" must hold "account", "region", "clustersRegion", "buckets" and "executionRole"',
      }),
    );
  return { ...installationIn(object.value), aws };
}

function isPlace(value: unknown): value is AwsPlace {
  const { account, region, clustersRegion, buckets, executionRole, mail, ...maybe } = Object(
    value,
  ) as Partial<Record<string, unknown>>;
  const isText = (one: unknown) => typeof one === 'string' && one !== '';
  const isMaybeText = (one: unknown) => one === undefined || isText(one);
  const { region: mailRegion, from } = Object(mail) as Partial<Record<string, unknown>>;
  return (
    [account, region, clustersRegion, executionRole].every(isText) &&
    [maybe['queueUrl'], maybe['deadLetterQueueUrl'], maybe['group']].every(isMaybeText) &&
    (mail === undefined || (isText(mailRegion) && isText(from))) &&
    Array.isArray(buckets) &&
    buckets.length > 0 &&
    buckets.every(isText)
  );
}
