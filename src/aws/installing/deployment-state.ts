import type { AccountPlace } from './account-place.ts';
import type { BucketSight } from './bucket-sight.ts';
import type { Choices } from './choices.ts';
import type { ControlPart, ControlStack, Template } from './control-stack.ts';
import type { DeploymentRecord } from './deployment-record.ts';
import type { PlacedBuckets } from './placed-buckets.ts';

/** What is in the account. */
export interface Installed {
  readonly stacks: readonly ControlStack[];
  readonly buckets: ReadonlyMap<string, BucketSight>;
  readonly record: DeploymentRecord | undefined;
  /** `installation.json`, with everything that others wrote into it. */
  readonly installation: Readonly<Record<string, unknown>> | undefined;
  /** Those of the wanted uploads that are there. */
  readonly objects: ReadonlySet<string>;
}

/** What is to be in the account. */
export interface Wanted {
  readonly place: AccountPlace;
  readonly choices: Choices;
  readonly buckets: PlacedBuckets;
  readonly templates: Readonly<Record<ControlPart, Template>>;
  readonly codeKey: string;
  /** Keys of objects that are put where there are none. */
  readonly uploads: readonly string[];
  /** Whether the address of mail is registered by us; false where SES knows it already. */
  readonly makesMailIdentity: boolean;
}
