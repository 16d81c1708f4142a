import { S3Client } from '@aws-sdk/client-s3';
import { ProblemError, problem } from '../../core/problems.ts';
import { stackStateOf } from '../../core/stack-status.ts';
import { INSTALLATION_KEY } from '../../engine/installations.ts';
import { type JsonObject, readJsonObject } from '../../engine/json-object.ts';
import type { ObjectStore } from '../../engine/ports.ts';
import { type AwsAccess, s3Config } from '../access.ts';
import { openS3Store } from '../s3-store.ts';
import { demandFreeName, demandNetwork, isMailIdentity } from './account-checks.ts';
import { type AccountPlace, installationId } from './account-place.ts';
import { type BucketSight, seeBucket } from './bucket-sight.ts';
import { type Choices, choose, type GivenChoices } from './choices.ts';
import type { ControlPart, ControlStack, Template } from './control-stack.ts';
import { ControlStacks } from './control-stacks.ts';
import { type ReadRecord, readDeployment } from './deployment-record.ts';
import type { Installed, Wanted } from './deployment-state.ts';
import { livingClusters } from './living-clusters.ts';
import {
  adminBucketName,
  type BucketContext,
  type GivenBuckets,
  placeBuckets,
  usersBucketNames,
} from './placed-buckets.ts';
import { isStillborn } from './plan-deployment.ts';
import type { Upload } from './upload.ts';

/** What is to be installed, and where. */
export interface DeploymentOrder {
  readonly access: AwsAccess;
  readonly place: AccountPlace;
  readonly choices: GivenChoices;
  readonly buckets: GivenBuckets;
  readonly templates: Readonly<Record<ControlPart, Template>>;
  /** The functions' zip, and its key in the administrator's bucket. */
  readonly code: Upload;
  readonly shipped: readonly Upload[];
  /** Asked only where no network range was ever chosen. */
  readonly askSshFrom: () => Promise<string>;
}

/** The account as it is, beside what it is to be. Looking changes nothing. */
export interface DeploymentView {
  readonly installed: Installed;
  readonly wanted: Wanted;
  readonly stacks: ControlStacks;
  readonly s3: S3Client;
  readonly admin: ObjectStore;
  /** As they were read, so that nobody's change is written over. */
  readonly record: ReadRecord | undefined;
  readonly installation: JsonObject | undefined;
}

/** @throws ProblemError with whatever stands in the way, before anything is changed */
export async function viewDeployment(order: DeploymentOrder): Promise<DeploymentView> {
  const { access, place } = order;
  const stacks = new ControlStacks(access, place.name);
  const s3 = new S3Client(s3Config(access, place.region));
  const anyBase = await stacks.describe('base', place.region);
  if (!anyBase) await demandFreeName(access, place);
  const base = anyBase && !isStillborn(anyBase) ? anyBase : undefined;

  const see = (bucket: string) => seeBucket(s3, bucket, place);
  const adminName = adminBucketName(order.buckets, { place, base });
  const adminSight = await see(adminName);
  const admin = openS3Store(access, place.region, adminName);
  // What is installed keeps versions: where there are none, nothing of ours can be.
  const hasBooks = adminSight.kind === 'here' && adminSight.isVersioned;
  const record = hasBooks ? await readDeployment(admin) : undefined;
  const installation = hasBooks ? await readJsonObject(admin, INSTALLATION_KEY) : undefined;

  const context: BucketContext = { place, base, record: record?.record };
  const sights = new Map<string, BucketSight>([[adminName, adminSight]]);
  for (const name of usersBucketNames(order.buckets, context)) sights.set(name, await see(name));
  const buckets = placeBuckets(order.buckets, context, sights);
  if ('problems' in buckets) throw new ProblemError(...buckets.problems);

  const before = { ...record?.record.choices, ...writtenByHand(installation) };
  const choices = await completed(choose(order.choices, before, place.region), order);
  const others = await otherStacks(stacks, choices, before, place);
  const all = [...(anyBase ? [anyBase] : []), ...others];
  demandMovable(all);
  await demandSameNetwork(stacks, all, choices, before, place);
  if (choices.vpc) await demandNetwork(access, choices.clustersRegion, choices.vpc);

  const uploads = [order.code, ...order.shipped].map(({ key }) => key);
  return {
    stacks,
    s3,
    admin,
    record,
    installation,
    installed: {
      stacks: all,
      buckets: sights,
      record: record?.record,
      installation: installation?.value,
      objects: hasBooks ? await presentOf(admin, uploads) : new Set(),
    },
    wanted: {
      place,
      choices,
      buckets,
      templates: order.templates,
      codeKey: order.code.key,
      uploads,
      makesMailIdentity: await makesMailIdentity(access, choices, all),
    },
  };
}

/** `installation.json` may be edited by hand, as the guide says; what stands there is no less chosen. */
function writtenByHand(installation: JsonObject | undefined): Partial<Choices> {
  const { contact, adminEmail, network } = installation?.value ?? {};
  const { sshFrom } = Object(network) as { sshFrom?: unknown };
  return {
    ...(typeof contact === 'string' && { contact }),
    ...(typeof adminEmail === 'string' && { adminEmail }),
    ...(typeof sshFrom === 'string' && { sshFrom }),
  };
}

async function completed(choices: Partial<Choices>, { askSshFrom }: DeploymentOrder): Promise<Choices> {
  return { ...choices, sshFrom: choices.sshFrom ?? (await askSshFrom()) } as Choices;
}

async function otherStacks(
  stacks: ControlStacks,
  choices: Choices,
  before: Partial<Choices>,
  { region }: AccountPlace,
): Promise<ControlStack[]> {
  const found: ControlStack[] = [];
  const look = async (part: ControlPart, ...regions: readonly (string | undefined)[]) => {
    for (const one of new Set(regions)) {
      const stack = one === undefined ? undefined : await stacks.describe(part, one);
      if (stack) found.push(stack);
    }
  };
  await look('clusters', choices.clustersRegion, before.clustersRegion);
  await look('mail', choices.mail?.region, before.mail?.region);
  await look('engine', region);
  return found;
}

/** @throws ProblemError `control-stack-stuck` for a stack that only a person can get going again */
function demandMovable(stacks: readonly ControlStack[]): void {
  const stuck = stacks.filter(({ status }) => stackStateOf(status) === 'stuck');
  if (stuck.length > 0)
    throw new ProblemError(
      ...stuck.map(({ name: stack, region, status }) =>
        problem('control-stack-stuck', { stack, region, status }),
      ),
    );
}

/** Clusters live in their region and network: neither can be changed under them. */
async function demandSameNetwork(
  stacks: ControlStacks,
  installed: readonly ControlStack[],
  choices: Choices,
  before: Partial<Choices>,
  place: AccountPlace,
): Promise<void> {
  const stands = installed.find(({ part }) => part === 'clusters');
  if (!stands || isStillborn(stands)) return;
  if (stands.region !== choices.clustersRegion) {
    const what = "the clusters' region";
    throw new ProblemError(
      problem('fixed-choice', { what, is: stands.region, found: choices.clustersRegion }),
    );
  }
  const isMoved =
    before.vpc?.id !== choices.vpc?.id ||
    (!choices.vpc && (before.vpcCidr ?? choices.vpcCidr) !== choices.vpcCidr);
  if (!isMoved) return;
  const clusters = await livingClusters(stacks, stands.region, installationId(place));
  if (clusters.length > 0)
    throw new ProblemError(problem('clusters-live', { clusters, what: 'the network of clusters changes' }));
}

async function makesMailIdentity(
  access: AwsAccess,
  { mail }: Choices,
  stacks: readonly ControlStack[],
): Promise<boolean> {
  if (!mail) return false;
  const ours = stacks.find(({ part, region }) => part === 'mail' && region === mail.region);
  if (ours && !isStillborn(ours) && ours.parameters['MailAddress'] === mail.from) return true;
  return !(await isMailIdentity(access, mail));
}

async function presentOf(store: ObjectStore, keys: readonly string[]): Promise<Set<string>> {
  const present = new Set<string>();
  for (const folder of new Set(keys.map((key) => key.slice(0, key.lastIndexOf('/') + 1))))
    for await (const page of store.list(folder))
      for (const { key } of page.objects) if (keys.includes(key)) present.add(key);
  return present;
}
