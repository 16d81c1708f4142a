import { INSTALLATION_KEY } from '../../engine/installations.ts';
import { CONTROL_PARTS, type ControlPart } from './control-stack.ts';
import { DEPLOYMENT_KEY, writeDeployment } from './deployment-record.ts';
import { type DestroyOrder, type DestructionView, demandNoClusters } from './destruction-view.ts';
import { deleteBucket } from './empty-bucket.ts';
import { followStack, settled } from './follow-stack.ts';
import { detach, leaveGroup } from './iam-members.ts';
import type { Patience } from './install-progress.ts';
import { restoreBucket } from './prepare-bucket.ts';

/**
 * Takes everything down that `view` shows: what acts first, the roles last, for all else works with them. May be cut short
 * anywhere; the next run does the rest. @throws ProblemError `clusters-live` when one was begun at the last moment
 */
export async function destroy(order: DestroyOrder, view: DestructionView, patience: Patience): Promise<void> {
  const { progress } = patience;
  await removeStack('engine', view, patience);
  // Nothing can begin any more. What began while we looked is still there to be ended, by a new engine.
  await demandNoClusters(
    order,
    view,
    'one began at the last moment; "clusterdrop admin deploy" brings back what ends it',
  );
  await restoreBuckets(order, view, patience);
  await retire(view);
  for (const member of view.destruction.members) {
    progress.say(`Taking ${member} out of the group ${view.group}`);
    await leaveGroup(view.iam, view.group, member);
  }
  for (const one of view.destruction.attached) await detach(view.iam, one);
  for (const part of CONTROL_PARTS.toReversed())
    if (part !== 'engine') await removeStack(part, view, patience);
}

/** Deletes our own buckets with all that is in them, the administrator's last. Others' are never touched. */
export async function deleteOwnBuckets(
  { place }: DestroyOrder,
  { s3, destruction, admin }: DestructionView,
  { progress }: Patience,
): Promise<void> {
  const last = (bucket: string) => Number(bucket === admin?.bucket);
  for (const bucket of destruction.own.toSorted((a, b) => last(a) - last(b))) {
    progress.say(`Deleting the bucket ${bucket} with all that is in it`);
    const where = { Bucket: bucket, ExpectedBucketOwner: place.account };
    await deleteBucket(s3, where, DEPLOYMENT_KEY, progress);
  }
}

async function removeStack(
  part: ControlPart,
  { destruction, stacks }: DestructionView,
  patience: Patience,
): Promise<void> {
  const stack = destruction.stacks.find((one) => one.part === part);
  if (!stack) return;
  patience.progress.say(`Removing the stack ${stack.name} in ${stack.region}`);
  // Another change of it may still be under way; CloudFormation refuses a second one.
  const status = await settled(
    { client: stacks.in(stack.region), id: stack.id, stack: stack.name },
    patience,
  );
  if (status !== undefined && status !== 'DELETE_COMPLETE')
    await followStack(await stacks.remove(stack), patience);
}

async function restoreBuckets(
  { place }: DestroyOrder,
  { destruction, s3, admin }: DestructionView,
  { progress }: Patience,
): Promise<void> {
  for (const [bucket, added] of Object.entries(destruction.restore)) {
    if (added.length === 0 || !admin) continue;
    progress.say(`Taking away from the bucket ${bucket} what was added to it`);
    await restoreBucket({ s3, place, bucket, adminBucket: admin.bucket }, added);
  }
}

/** From now on the bucket holds no installation, but all that the next one needs to go on where this one ends. */
async function retire({ admin, installation, record }: DestructionView): Promise<void> {
  if (!admin || !record) return;
  const last = installation && { lastInstallation: installation.value };
  await writeDeployment(admin, { ...record.record, restore: {}, ...last }, record);
  if (installation) await admin.remove(INSTALLATION_KEY, installation.version);
}
