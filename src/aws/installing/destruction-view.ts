import { IAMClient } from '@aws-sdk/client-iam';
import { S3Client } from '@aws-sdk/client-s3';
import { belowHome } from '../../core/identity.ts';
import { ProblemError, problem } from '../../core/problems.ts';
import { clustersToStop } from '../../engine/administration/stop-clusters.ts';
import { INSTALLATION_KEY } from '../../engine/installations.ts';
import { type JsonObject, readJsonObject } from '../../engine/json-object.ts';
import type { ObjectStore } from '../../engine/ports.ts';
import { type AwsAccess, clientConfig, s3Config } from '../access.ts';
import { openS3Store } from '../s3-store.ts';
import { type AccountPlace, defaultBucket, installationId } from './account-place.ts';
import { seeBucket } from './bucket-sight.ts';
import type { ControlStack } from './control-stack.ts';
import { ControlStacks } from './control-stacks.ts';
import { type ReadRecord, readDeployment } from './deployment-record.ts';
import type { Destruction } from './destruction.ts';
import { attachmentsOf, membersOf } from './iam-members.ts';
import { livingClusters } from './living-clusters.ts';
import { listOf } from './placed-buckets.ts';

export interface DestroyOrder {
  readonly access: AwsAccess;
  readonly place: AccountPlace;
  /** Named by whoever knows it, where no stack is left to tell. */
  readonly adminBucket?: string;
}

/** An installation as it is found before it is taken down. */
export interface DestructionView {
  readonly destruction: Destruction;
  readonly group: string;
  readonly clustersRegion: string;
  readonly stacks: ControlStacks;
  readonly iam: IAMClient;
  readonly s3: S3Client;
  /** Where it is still there. */
  readonly admin: ObjectStore | undefined;
  readonly record: ReadRecord | undefined;
  readonly installation: JsonObject | undefined;
  readonly usersBuckets: readonly string[];
}

/**
 * Looks at what there is to take down; makes no call that writes.
 * @throws ProblemError `nothing-installed`, `clusters-live`
 */
export async function viewDestruction(order: DestroyOrder): Promise<DestructionView> {
  const { access, place } = order;
  const stacks = new ControlStacks(access, place.name);
  const iam = new IAMClient(clientConfig(access, place.region));
  const s3 = new S3Client(s3Config(access, place.region));
  const base = await stacks.describe('base', place.region);
  const bucket = base?.parameters['AdminBucketName'] ?? order.adminBucket ?? defaultBucket(place, 'admin');
  const sight = await seeBucket(s3, bucket, place);
  const isThere = sight.kind === 'here' && sight.isVersioned;
  const admin = isThere ? openS3Store(access, place.region, bucket) : undefined;
  const record = admin && (await readDeployment(admin));
  const installation = admin && (await readJsonObject(admin, INSTALLATION_KEY));
  const { choices, buckets, restore } = record?.record ?? {};
  const clustersRegion = choices?.clustersRegion ?? base?.parameters['ClustersRegion'] ?? place.region;
  const found = [
    await stacks.describe('engine', place.region),
    await stacks.describe('mail', choices?.mail?.region ?? place.region),
    await stacks.describe('clusters', clustersRegion),
    base,
  ].filter((one) => one !== undefined);
  const own = await present(s3, place, ownBuckets(base, record, place));
  if (found.length + own.length === 0 && !installation && !record)
    throw new ProblemError(problem('nothing-installed', { name: place.name, region: place.region }));
  const group = base?.outputs['GroupName'] ?? `${place.name}-users`;
  const policies = ['UsersPolicyArn', 'FederatedPolicyArn'].flatMap((name) => base?.outputs[name] ?? []);
  const users = buckets?.users ?? listOf(base?.parameters['UsersBucketNames']);
  return {
    group,
    usersBuckets: users,
    clustersRegion,
    stacks,
    iam,
    s3,
    admin,
    record,
    installation,
    destruction: {
      stacks: found,
      members: await membersOf(iam, group),
      attached: (await Promise.all(policies.map((one) => attachmentsOf(iam, one, group)))).flat(),
      // What was restored once is not ours to touch again.
      restore: installation || base ? (restore ?? {}) : {},
      own,
      foreign: [...new Set([...users, ...(isThere ? [bucket] : [])])].filter((name) => !own.includes(name)),
    },
  };
}

/**
 * Clusters, and requests that nobody has answered yet: they would never be.
 * @throws ProblemError `clusters-live`
 */
export async function demandNoClusters(
  { access, place }: DestroyOrder,
  { stacks, clustersRegion, admin, installation, usersBuckets }: DestructionView,
  what = 'nobody would end them',
): Promise<void> {
  const living = new Set(await livingClusters(stacks, clustersRegion, installationId(place)));
  if (admin && installation) {
    const buckets = usersBuckets.map((bucket) => openS3Store(access, place.region, bucket));
    for (const { path } of await clustersToStop({ admin, buckets }, undefined)) living.add(belowHome(path));
  }
  if (living.size > 0)
    throw new ProblemError(problem('clusters-live', { clusters: [...living].toSorted(), what }));
}

function ownBuckets(
  base: ControlStack | undefined,
  record: ReadRecord | undefined,
  place: AccountPlace,
): string[] {
  const {
    OwnUsersBucketName: users = '',
    AdminBucketName: admin = '',
    MakeAdminBucket: made,
  } = base?.parameters ?? {};
  return [
    ...new Set([
      ...(record?.record.buckets.own ?? []),
      ...(users === '' ? [] : [users]),
      ...(made === 'yes' ? [admin] : []),
      ...(record || base ? [] : [defaultBucket(place, 'users'), defaultBucket(place, 'admin')]),
    ]),
  ];
}

async function present(s3: S3Client, place: AccountPlace, names: readonly string[]): Promise<string[]> {
  const there: string[] = [];
  for (const name of names) if ((await seeBucket(s3, name, place)).kind === 'here') there.push(name);
  return there;
}
