import type { Entry } from '../core/entry.ts';
import { FILE_BYTES } from '../core/file-text.ts';
import {
  type Cluster,
  dropIdOf,
  dropPrefix,
  identityOf,
  type Suffix,
  stackNameOf,
} from '../core/identity.ts';
import type { Ledger } from '../core/ledger.ts';
import { entryOf } from '../core/ledger.ts';
import { loginFactsOf } from '../core/login-facts.ts';
import type { Actual, DropFile, LivingStack, Observed, Reading } from '../core/observed.ts';
import { type ProblemError, problem } from '../core/problems.ts';
import { type HistoryEvent, progressOf, rootCauseOf, stackStateOf } from '../core/stack-status.ts';
import { readTags } from '../core/stack-tags.ts';
import { blueprintAt } from './blueprints.ts';
import { reportOf } from './cluster-report.ts';
import { createdText } from './created-text.ts';
import { openGate } from './gate.ts';
import { textOf } from './json-object.ts';
import { type ObjectEntry, type StackReport, Throttled } from './ports.ts';
import { isInTheWay } from './problems-of.ts';
import { readReply } from './read-reply.ts';
import { storeOf, type World } from './world.ts';

/** What was seen of one cluster: what `decide` needs, and the files behind it. */
export interface Sight {
  readonly observed: Observed;
  readonly files: ReadonlyMap<Suffix, ObjectEntry>;
  readonly identity: string;
  /** Why its owner's files could not be listed. That none is seen then says nothing: see `decideUnseen`. */
  readonly unseen?: ProblemError;
  /** Judges the request once more, by a newer ledger. Only where it was judged at all. */
  readonly judge?: (ledger: Ledger) => Reading;
}

/** A file that changes between so many listings and readings is being written: its next nudge comes when it is quiet. */
const MOST_LOOKS = 3;

/**
 * Looks at the bucket, the ledger and the stack, in this order. Any read that fails throws: it is never "absent". Only where its owner has
 * closed the folder the ledger and the stack are looked at all the same, for the cluster's end.
 */
export async function observe(world: World, cluster: Cluster, looks = 1): Promise<Sight> {
  const identity = identityOf(world.installation.id, cluster);
  const listed = await listFiles(world, cluster).catch(unlessClosed);
  const unseen = listed instanceof Map ? undefined : listed;
  const files = listed instanceof Map ? listed : new Map<Suffix, ObjectEntry>();
  const ledger = await world.ledgers.read(cluster.user);
  const entry = entryOf(ledger, cluster);
  const stackName = entry?.stackName ?? stackNameOf(world.installation.prefix, identity, cluster);
  const report = await world.stacks.describe({
    name: stackName,
    ...(entry?.stackId !== undefined && { id: entry.stackId }),
  });
  const stack = await actualOf(world, report, identity, entry);
  const remove = dropFileOf(cluster, files.get('.cf-delete'));
  const create = dropFileOf(cluster, files.get('.cf-create'));
  const body =
    create && isJudged(create, remove, stack, entry)
      ? await bodyOf(world, create, cluster.bucket)
      : undefined;
  if (body === 'changed' && looks < MOST_LOOKS) return observe(world, cluster, looks + 1);
  const asked =
    body === undefined || typeof body === 'string'
      ? undefined
      : {
          text: textOf(body),
          judge: await openGate(world, cluster, body, stack.kind === 'running' ? entry : undefined),
        };
  const accepted = create && (entry?.drop.id === create.id || entry?.update?.drop.id === create.id);
  const closed = create && !accepted ? ledger.closed[create.id] : undefined;
  const reading: Reading = closed
    ? { kind: 'refused', problems: closed.problems ?? [problem('overtaken', {})] }
    : (asked?.judge(ledger) ?? { kind: 'unread' });
  // Later too: what was saved is told when the cluster is gone.
  const isTold = entry?.readyAt !== undefined || stack.kind === 'running';
  const told = entry && isTold ? await reportOf(world, identity, entry) : undefined;
  return {
    identity,
    files,
    ...(unseen && { unseen }),
    ...(asked && { judge: asked.judge }),
    observed: {
      ...(create && { create: { ...create, text: asked?.text ?? '', reading } }),
      ...(remove && { remove }),
      stack,
      ...(entry && { entry }),
      replies: {
        created: files.has('.cf-created'),
        failed: files.has('.cf-failed'),
        createdRight: files.has('.cf-created') && (await holdsAddress(world, cluster, stack)),
      },
      ...(told?.lastUse !== undefined && { lastUse: told.lastUse }),
      ...(told && { report: told }),
      contact: world.installation.contact,
    },
  };
}

function unlessClosed(error: unknown): ProblemError {
  if (isInTheWay(error)) return error;
  throw error;
}

const SUFFIXES = [
  '.cf-create',
  '.cf-created',
  '.cf-delete',
  '.cf-deleted',
  '.cf-failed',
  '.cf-status',
] as const;
/** Far more than a cluster's files and their old versions ever are. */
const MOST_PAGES = 20;

async function listFiles(world: World, cluster: Cluster): Promise<Map<Suffix, ObjectEntry>> {
  const files = new Map<Suffix, ObjectEntry>();
  let pages = 0;
  for await (const page of storeOf(world, cluster.bucket).list(dropPrefix(cluster))) {
    if (++pages > MOST_PAGES) return listEach(world, cluster);
    for (const object of page.objects) files.set(object.key.slice(cluster.path.length) as Suffix, object);
  }
  return files;
}

/**
 * The same where its owner has piled up other things beside them, a million objects or old versions: that must not keep a cluster from its
 * end. Of all keys that begin with a file's own, its own comes first, so one page of each tells.
 */
async function listEach(world: World, cluster: Cluster): Promise<Map<Suffix, ObjectEntry>> {
  const files = new Map<Suffix, ObjectEntry>();
  for (const suffix of SUFFIXES) {
    const key = cluster.path + suffix;
    for await (const page of storeOf(world, cluster.bucket).list(key)) {
      const object = page.objects.find((one) => one.key === key);
      if (object) files.set(suffix, object);
      break;
    }
  }
  return files;
}

function dropFileOf(cluster: Cluster, file: ObjectEntry | undefined): DropFile | undefined {
  return (
    file && {
      id: dropIdOf(cluster.bucket, file.key, file.version),
      key: file.key,
      version: file.version,
      at: file.modified,
    }
  );
}

/** A request is judged once: when nothing else has to come to an end first, and not again once it is accepted. */
function isJudged(
  create: DropFile,
  remove: DropFile | undefined,
  stack: Actual,
  entry: Entry | undefined,
): boolean {
  if (entry?.drop.id === create.id || entry?.update?.drop.id === create.id) return false;
  return stack.kind === 'absent' || (stack.kind === 'running' && remove === undefined);
}

/** `changed`: it was taken away or written anew since the listing. `unreadable` is never taken for that, nor for absent. */
async function bodyOf(
  world: World,
  create: DropFile,
  bucket: string,
): Promise<Uint8Array | 'changed' | 'unreadable'> {
  try {
    // One byte more than is read, so that a larger file is seen to be too large.
    const object = await storeOf(world, bucket).get(create.key, FILE_BYTES + 1);
    return object?.version === create.version ? object.body : 'changed';
  } catch (error) {
    if (error instanceof Throttled) throw error;
    return 'unreadable';
  }
}

async function actualOf(
  world: World,
  report: StackReport | undefined,
  identity: string,
  entry: Entry | undefined,
): Promise<Actual> {
  if (!report) return { kind: 'absent' };
  const tags = readTags(report.tags);
  if (tags?.identity !== identity || tags.installation !== world.installation.id)
    return { kind: 'foreign', stackName: report.name };
  const kind = stackStateOf(report.status);
  if (kind === 'absent') return { kind };
  const stack: LivingStack = {
    kind,
    id: report.id,
    status: report.status,
    reason: report.statusReason ?? '',
    drop: tags.drop,
    createdAt: report.created,
    updateSeen: false,
  };
  const blueprint = await blueprintAt(world, tags.blueprint);
  const address = report.outputs[blueprint.addressOutput ?? 'LoginAddress'];
  const pending = entry?.update && !entry.update.failure && stack.drop !== entry.update.drop.id;
  const settled = kind === 'running' && !pending;
  const reached = address === undefined ? {} : { address, login: loginFactsOf(report.outputs) };
  if (settled) return { ...stack, ...reached };

  const events: HistoryEvent[] = [];
  for await (const event of world.stacks.events(report.id)) events.push(event);
  const token = entry?.update && `update-${entry.update.drop.id}`;
  const updateSeen = token !== undefined && events.some((event) => event.token === token);
  if (updateSeen && kind === 'running') {
    // The events are younger than the report: the change may have begun, or ended, between the two reads.
    const newer = await world.stacks.describe({ name: report.name, id: report.id });
    if (newer?.status !== report.status || readTags(newer.tags)?.drop !== tags.drop)
      return actualOf(world, newer, identity, entry);
  }
  const failed = /FAILED|ROLLBACK/.test(report.status);
  const cause =
    failed || kind === 'running'
      ? rootCauseOf(events, updateSeen && kind === 'running' ? token : undefined)
      : undefined;
  const building = kind === 'starting' || kind === 'updating';
  return {
    ...stack,
    updateSeen,
    ...(kind === 'running' && reached),
    ...(cause && { cause }),
    ...(building && {
      progress: progressOf(
        events,
        report.resources ?? blueprint.resources.length,
        kind === 'updating' ? token : undefined,
      ),
    }),
  };
}

/** Longer than any address. */
const REPLY_BYTES = 1000;

/** `.cf-created` is a reply: what lies there may be anybody's text. */
async function holdsAddress(world: World, cluster: Cluster, stack: Actual): Promise<boolean> {
  if (stack.kind !== 'running' || stack.address === undefined) return true;
  const object = await readReply(storeOf(world, cluster.bucket), `${cluster.path}.cf-created`, REPLY_BYTES);
  return object !== undefined && textOf(object.body) === createdText(stack.address);
}
