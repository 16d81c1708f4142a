import type { Cluster } from '../core/identity.ts';
import { type Instant, SECOND } from '../core/instant.ts';
import { ProblemError } from '../core/problems.ts';
import { readTags } from '../core/stack-tags.ts';
import { attend, nudgeKey } from '../engine/attend.ts';
import { type Stacks, Throttled } from '../engine/ports.ts';
import { problemsOf } from '../engine/problems-of.ts';
import type { Nudge } from '../engine/sweep.ts';
import type { World } from '../engine/world.ts';
import { readMessage } from './nudge-message.ts';
import { type LaterNudge, LONGEST_DELAY_SECONDS } from './nudge-queue.ts';

export interface QueueMessage {
  readonly id: string;
  readonly body: string;
}

export interface AttendedMessages {
  /** Messages to be given again, and after some tries to be kept among the dead letters: bugs and unreadable ones. */
  readonly failed: ReadonlySet<string>;
  /** What must be looked at once more, even if no event says so. */
  readonly later: readonly LaterNudge[];
}

interface Job {
  readonly nudge: Nudge;
  readonly ids: string[];
  /** The fewest of its messages: one with news begins anew. */
  looks: number;
}

const SLOWED_DOWN = 30 * SECOND;

/**
 * So many looks in a row without news, then the sweep goes on. Every event and every sweep begins such a row; rows without an end would
 * become more and more for as long as a cluster waits for something.
 */
const MOST_LOOKS: Readonly<Record<Nudge['kind'], number>> = { cluster: 10, misdrop: 10, mail: 1 };

/**
 * Follows up a batch of messages: each cluster once, however many messages name it, and mail when all clusters are done.
 * One message that cannot be followed up fails alone.
 */
export async function attendMessages(
  world: World,
  messages: readonly QueueMessage[],
): Promise<AttendedMessages> {
  const failed = new Set<string>();
  const later: LaterNudge[] = [];
  const tell = (about: string, error: unknown) => {
    for (const one of problemsOf(error)) world.log.trouble(about, one);
  };

  const jobs = new Map<string, Job>();
  const sort = async ({ id, body }: QueueMessage) => {
    try {
      const { nudge, looks = 0 } = await nudgeIn(world, body);
      if (!nudge) return;
      const job = jobs.get(nudgeKey(nudge));
      if (job) {
        job.ids.push(id);
        job.looks = Math.min(job.looks, looks);
      } else jobs.set(nudgeKey(nudge), { nudge, ids: [id], looks });
    } catch (error) {
      // Only asking whose stack it is can be slowed down. The sweep sees the stack as well.
      if (error instanceof Throttled) return;
      tell('a message', error);
      failed.add(id);
    }
  };
  await Promise.all(messages.map(sort));

  const follow = async (job: Job) => {
    try {
      const { again } = await attend(world, job.nudge);
      if (again !== undefined) later.push(...delayed(job, again, world.clock.now()));
    } catch (error) {
      if (error instanceof Throttled) {
        later.push(...delayed(job, world.clock.now() + SLOWED_DOWN, world.clock.now()));
        return;
      }
      tell(nudgeKey(job.nudge), error);
      // What the administrator has to mend is no dead letter: it is said, and the sweep comes by again.
      if (!(error instanceof ProblemError)) for (const id of job.ids) failed.add(id);
    }
  };
  const all = [...jobs.values()];
  await Promise.all(all.filter(({ nudge }) => nudge.kind !== 'mail').map(follow));
  await Promise.all(mailJobs(all).map(follow));
  return { failed, later };
}

/** @throws when the message can be understood by nobody */
async function nudgeIn(
  world: World,
  body: string,
): Promise<{ readonly nudge?: Nudge; readonly looks?: number }> {
  const message = readMessage(body);
  switch (message.kind) {
    case 'nothing':
      return {};
    case 'unreadable':
      throw new Error(`a message cannot be read (${message.why}): ${body.slice(0, 200)}`);
    case 'nudge':
      return isOurs(world, message.nudge) ? message : {};
    case 'stack': {
      if (!message.name.startsWith(`${world.installation.prefix}-`)) return {};
      const cluster = await clusterOf(world, message);
      const nudge: Nudge | undefined = cluster && { kind: 'cluster', cluster };
      return nudge && isOurs(world, nudge) ? { nudge } : {};
    }
  }
}

/** Stacks that are being made send an event for each resource, and whose they are never changes. */
const known = new WeakMap<Stacks, Map<string, Cluster>>();
const MOST_KNOWN = 1000;

/** Whose stack it is, by its tags; `undefined` for one that is none of this installation. */
async function clusterOf(
  { stacks, installation }: World,
  { id, name }: { readonly id: string; readonly name: string },
): Promise<Cluster | undefined> {
  const clusters = known.get(stacks) ?? new Map<string, Cluster>();
  known.set(stacks, clusters);
  const cluster = clusters.get(id);
  if (cluster) return cluster;
  const report = await stacks.describe({ name, id });
  const tags = report && readTags(report.tags);
  if (tags?.installation !== installation.id) return undefined;
  if (clusters.size >= MOST_KNOWN) clusters.clear();
  clusters.set(id, tags.cluster);
  return tags.cluster;
}

/** A rule of somebody else may send us events of any bucket. */
function isOurs(world: World, nudge: Nudge): boolean {
  if (nudge.kind === 'mail') return true;
  const bucket = nudge.kind === 'cluster' ? nudge.cluster.bucket : nudge.bucket;
  return world.users.some((store) => store.bucket === bucket);
}

/** Letters wait where a cluster has just had its turn: each of those users once. */
function mailJobs(jobs: readonly Job[]): Job[] {
  const byUser = new Map<string, Job>();
  for (const { nudge, ids, looks } of jobs) {
    const user =
      nudge.kind === 'mail' ? nudge.user : nudge.kind === 'cluster' ? nudge.cluster.user : undefined;
    if (user !== undefined && !byUser.has(user))
      // A cluster that had its turn is not looked at again because of its mail.
      byUser.set(user, { nudge: { kind: 'mail', user }, ids: nudge.kind === 'mail' ? ids : [], looks });
  }
  return [...byUser.values()];
}

/** Rounded up to whole seconds: a look just before the time would be for nothing. */
function delayed({ nudge, looks }: Job, at: Instant, now: Instant): LaterNudge[] {
  const delaySeconds = Math.max(1, Math.ceil((at - now) / SECOND));
  return delaySeconds <= LONGEST_DELAY_SECONDS && looks < MOST_LOOKS[nudge.kind]
    ? [{ nudge, delaySeconds, looks: looks + 1 }]
    : [];
}
