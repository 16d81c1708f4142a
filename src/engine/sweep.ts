import { decide } from '../core/decide.ts';
import type { Entry } from '../core/entry.ts';
import { type Cluster, clusterAt, dropIdOf, isUser, meaningOf } from '../core/identity.ts';
import { emptyLedger, type Ledger } from '../core/ledger.ts';
import type { Actual, DropFile } from '../core/observed.ts';
import { problem } from '../core/problems.ts';
import { stackStateOf } from '../core/stack-status.ts';
import { readTags } from '../core/stack-tags.ts';
import type { DropWrite } from './misdrop.ts';
import { type ObjectEntry, type ObjectStore, type StackReport, Throttled } from './ports.ts';
import { problemsOf } from './problems-of.ts';
import type { World } from './world.ts';

/** Something that may need attention. Only a name: what is to be done is found out by looking. */
export type Nudge =
  | { readonly kind: 'cluster'; readonly cluster: Cluster }
  | { readonly kind: 'misdrop'; readonly bucket: string; readonly file: DropWrite }
  | { readonly kind: 'mail'; readonly user: string };

/**
 * Finds what no event told of: drops never seen, clusters past their end, replies missing, stacks that no ledger knows,
 * reservations without an owner, letters waiting. Costs listing pages and one read for each user with a ledger;
 * a cluster that is as it should be costs no call of its own, and `NAME.files/` is never walked.
 */
export async function* sweep(world: World): AsyncIterable<Nudge> {
  const stacks = await livingStacks(world);
  const ledgers = new Map<string, Ledger>();
  for (const user of await world.ledgers.users()) {
    const ledger = await readable(world, user, () => world.ledgers.read(user));
    if (ledger) ledgers.set(user, ledger);
  }
  const known = new Set<string>();
  for (const ledger of ledgers.values())
    for (const entry of Object.values(ledger.clusters))
      if (entry.stackId !== undefined) known.add(entry.stackId);

  // First of all, so that they count against the limits before a new drop is judged.
  const buckets = new Set(world.users.map((store) => store.bucket));
  for (const [id, report] of stacks) {
    const tags = readTags(report.tags);
    if (!known.has(id) && tags?.installation === world.installation.id && buckets.has(tags.cluster.bucket))
      yield { kind: 'cluster', cluster: tags.cluster };
  }
  for (const store of world.users) {
    const users = new Set(await foldersOf(store, 'home/'));
    for (const [user, ledger] of ledgers)
      if (Object.values(ledger.clusters).some((entry) => entry.cluster.bucket === store.bucket))
        users.add(user);
    for (const user of users)
      if (isUser(user)) yield* await guarded(world, store, ledgers.get(user) ?? emptyLedger(user), stacks);
  }
  for (const [user, ledger] of ledgers) if (ledger.mail.length > 0) yield { kind: 'mail', user };
}

/** One user's folder or book that cannot be read must not keep the others from being looked after. */
async function readable<T>(world: World, user: string, read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof Throttled) throw error;
    for (const one of problemsOf(error)) world.log.trouble(user, one);
    return undefined;
  }
}

/** Where a user's folder cannot be listed, each living cluster gets its look: its end must come all the same. */
async function guarded(
  world: World,
  store: ObjectStore,
  ledger: Ledger,
  stacks: ReadonlyMap<string, StackReport>,
): Promise<readonly Nudge[]> {
  const nudges = await readable(world, ledger.user, async () => {
    const found: Nudge[] = [];
    for await (const nudge of sweepUser(world, store, ledger, stacks)) found.push(nudge);
    return found;
  });
  const own = Object.values(ledger.clusters).filter(({ cluster }) => cluster.bucket === store.bucket);
  return nudges ?? own.map(({ cluster }) => ({ kind: 'cluster', cluster }));
}

async function livingStacks(world: World): Promise<Map<string, StackReport>> {
  const stacks = new Map<string, StackReport>();
  for await (const page of world.stacks.list()) for (const report of page) stacks.set(report.id, report);
  return stacks;
}

async function foldersOf(store: ObjectStore, prefix: string): Promise<string[]> {
  const names: string[] = [];
  for await (const page of store.list(prefix))
    names.push(...page.folders.map((folder) => folder.slice(prefix.length, -1)));
  return names;
}

async function* sweepUser(
  world: World,
  store: ObjectStore,
  ledger: Ledger,
  stacks: ReadonlyMap<string, StackReport>,
): AsyncIterable<Nudge> {
  const files = new Map<string, ObjectEntry>();
  const root = `home/${ledger.user}/`;
  const effort = { pages: 0 };
  for await (const file of walk(store, root, effort)) if (OURS.test(file.key)) files.set(file.key, file);
  if (effort.pages > MOST_PAGES)
    world.log.trouble(ledger.user, problem('folder-too-large', { folder: `${store.bucket}/${root}` }));
  let misdrops = 0;
  const seen = new Set<string>();
  for (const file of files.values()) {
    const meaning = meaningOf(store.bucket, file.key);
    const isNews = meaning.kind === 'misdrop' && (meaning.take || ledger.notices[file.key] !== file.version);
    if (isNews && misdrops++ < MOST_MISDROPS) yield { kind: 'misdrop', bucket: store.bucket, file };
    if (meaning.kind === 'drop' && !seen.has(meaning.cluster.path)) {
      seen.add(meaning.cluster.path);
      const entry = Object.values(ledger.clusters).find(
        (one) => one.cluster.path === meaning.cluster.path && one.cluster.bucket === store.bucket,
      );
      if (!entry || needsALook(world, entry, files, stacks))
        yield { kind: 'cluster', cluster: meaning.cluster };
    }
  }
  for (const entry of Object.values(ledger.clusters)) {
    if (entry.cluster.bucket !== store.bucket || seen.has(entry.cluster.path)) continue;
    if (needsALook(world, entry, files, stacks))
      yield { kind: 'cluster', cluster: clusterAt(store.bucket, entry.cluster.path) };
  }
}

/** What may be a drop or a reply. All else in somebody's folder is passed over, however much it is. */
const OURS = /\.cf-[a-z]/i;

/** For each user and sweep: somebody's large tree, or flood of near misses, must not keep the others from being looked after. */
const MOST_PAGES = 300;
const MOST_MISDROPS = 200;

/** What lies nearest to the top comes first. Ends early, with more than `MOST_PAGES` counted, where there is too much. */
async function* walk(
  store: ObjectStore,
  root: string,
  effort: { pages: number },
): AsyncIterable<ObjectEntry> {
  const folders = [root];
  // The list grows while it is gone through.
  for (const folder of folders)
    for await (const page of store.list(folder)) {
      if (++effort.pages > MOST_PAGES) return;
      yield* page.objects;
      for (const one of page.folders)
        if (!one.endsWith('.files/') && !one.slice(folder.length).startsWith('.')) folders.push(one);
    }
}

/** Asks the policy itself, with what the listings tell. Where they do not tell enough, the answer is yes. */
function needsALook(
  world: World,
  entry: Entry,
  files: ReadonlyMap<string, ObjectEntry>,
  stacks: ReadonlyMap<string, StackReport>,
): boolean {
  const { cluster } = entry;
  const stack = actualOf(entry, entry.stackId === undefined ? undefined : stacks.get(entry.stackId));
  const create = dropAt(cluster, files.get(`${cluster.path}.cf-create`));
  const remove = dropAt(cluster, files.get(`${cluster.path}.cf-delete`));
  const accepted = !create || create.id === entry.drop.id || create.id === entry.update?.drop.id;
  if (
    !accepted ||
    entry.update ||
    entry.settings.IdleTimeout !== 'off' ||
    !files.has(`${cluster.path}.cf-status`)
  )
    return true;
  if (stack.kind === 'running' && entry.readyAt === undefined) return true;
  const created = files.has(`${cluster.path}.cf-created`);
  const decision = decide(
    {
      ...(create && { create: { ...create, text: '', reading: { kind: 'unread' } } }),
      ...(remove && { remove }),
      stack,
      entry,
      replies: { created, createdRight: created, failed: files.has(`${cluster.path}.cf-failed`) },
      contact: world.installation.contact,
    },
    world.clock.now(),
  );
  return decision.step.kind !== 'rest';
}

function dropAt(cluster: Cluster, file: ObjectEntry | undefined): DropFile | undefined {
  return (
    file && {
      id: dropIdOf(cluster.bucket, file.key, file.version),
      key: file.key,
      version: file.version,
      at: file.modified,
    }
  );
}

function actualOf(entry: Entry, report: StackReport | undefined): Actual {
  const kind = report ? stackStateOf(report.status) : 'absent';
  if (!report || kind === 'absent') return { kind: 'absent' };
  return {
    kind,
    id: report.id,
    status: report.status,
    reason: report.statusReason ?? '',
    drop: readTags(report.tags)?.drop ?? '',
    createdAt: report.created,
    updateSeen: false,
    ...(entry.address !== undefined && { address: entry.address }),
  };
}
