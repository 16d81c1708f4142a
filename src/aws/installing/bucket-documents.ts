import { ADMIN_BUCKET_TAG } from '../../core/tag-names.ts';

/**
 * What is set on a bucket as a whole comes as documents that a write replaces entirely. Each of these functions adds or takes
 * away just our part and leaves all the rest as it was.
 */

type Statement = Readonly<Record<string, unknown>>;
export type Policy = Readonly<Record<string, unknown>>;
export type Notifications = Readonly<Record<string, unknown>>;
export type BucketTags = Readonly<Record<string, string>>;

export const TLS_SID = 'ClusterdropTlsOnly';

export function hasEventBridge(notifications: Notifications): boolean {
  return notifications['EventBridgeConfiguration'] !== undefined;
}

export function withEventBridge(notifications: Notifications): Notifications {
  return { ...notifications, EventBridgeConfiguration: {} };
}

export function withoutEventBridge(notifications: Notifications): Notifications {
  const { EventBridgeConfiguration: _, ...rest } = notifications;
  return rest;
}

export function withTag(tags: BucketTags, adminBucket: string): BucketTags {
  return { ...tags, [ADMIN_BUCKET_TAG]: adminBucket };
}

/** Only while it is still ours. */
export function withoutTag(tags: BucketTags, adminBucket: string): BucketTags {
  if (tags[ADMIN_BUCKET_TAG] !== adminBucket) return tags;
  const { [ADMIN_BUCKET_TAG]: _, ...rest } = tags;
  return rest;
}

/** Nobody may read or write the bucket by plain HTTP. */
export function tlsStatement(partition: string, bucket: string): Statement {
  const arn = `arn:${partition}:s3:::${bucket}`;
  return {
    Sid: TLS_SID,
    Effect: 'Deny',
    Principal: '*',
    Action: 's3:*',
    Resource: [arn, `${arn}/*`],
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
  };
}

/** Somebody else's statement that says the same is as good as ours. */
export function hasTlsStatement(policy: Policy | undefined): boolean {
  return statementsOf(policy).some((one) => {
    const { Bool: bool } = Object(one['Condition']) as { Bool?: unknown };
    const secure: unknown = (Object(bool) as Record<string, unknown>)['aws:SecureTransport'];
    const everything = ['s3:*', '*'].includes(String(one['Action']));
    const isWhole = isWholeBucket(one['Resource']) && isEverybody(one['Principal']);
    return one['Effect'] === 'Deny' && everything && isWhole && String(secure) === 'false';
  });
}

export function withTlsStatement(policy: Policy | undefined, statement: Statement): Policy {
  const others = statementsOf(policy).filter((one) => one['Sid'] !== TLS_SID);
  return { Version: '2012-10-17', ...policy, Statement: [...others, statement] };
}

/** `undefined`: nothing is left of it, and a policy without statements cannot be stored. */
export function withoutTlsStatement(policy: Policy | undefined): Policy | undefined {
  const others = statementsOf(policy).filter((one) => one['Sid'] !== TLS_SID);
  return others.length === 0 ? undefined : { ...policy, Statement: others };
}

/** A single statement may stand without a list around it. */
function statementsOf(policy: Policy | undefined): Statement[] {
  const statement: unknown = policy?.['Statement'];
  const list: unknown[] = Array.isArray(statement) ? statement : statement === undefined ? [] : [statement];
  return list.map((one) => Object(one) as Statement);
}

/** The bucket itself and everything in it. */
function isWholeBucket(resource: unknown): boolean {
  const list: unknown[] = Array.isArray(resource) ? resource : [resource];
  const has = (pattern: RegExp) => list.some((one) => typeof one === 'string' && pattern.test(one));
  return has(/^\*$/) || (has(/:::[^/]+$/) && has(/:::[^/]+\/\*$/));
}

function isEverybody(principal: unknown): boolean {
  return principal === '*' || (Object(principal) as { AWS?: unknown }).AWS === '*';
}
