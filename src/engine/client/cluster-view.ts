import {
  type Action,
  type Cluster,
  clusterAt,
  dropIdOf,
  dropPrefix,
  NAME,
  replyKey,
  type Suffix,
} from '../../core/identity.ts';
import type { Instant } from '../../core/instant.ts';
import type { DropFile } from '../../core/observed.ts';
import { readStatus, type StatusFile } from '../../core/report/status-file.ts';
import { rulingFile } from '../../core/ruling-file.ts';
import { textOf } from '../json-object.ts';
import type { ObjectEntry, ObjectStore } from '../ports.ts';

/** A drop file that lies there and that the status does not speak of yet. */
export interface UnansweredDrop {
  readonly action: Action;
  readonly id: string;
  readonly at: Instant;
}

/** What a person with rights on the folder, and nothing else, can see of one cluster. */
export interface ClusterView {
  readonly cluster: Cluster;
  readonly files: ReadonlyMap<Suffix, ObjectEntry>;
  /** For showing only: whoever may write into the folder can write this too. Absent as well when it is no status. */
  readonly status?: StatusFile;
  /** What the status says is older than this. */
  readonly unanswered?: UnansweredDrop;
}

/** Whoever may write into the folder may have written this. */
const MOST_STATUS_BYTES = 1_000_000;

const FILE = /^(.+)(\.cf-(?:create|delete|status|created|failed|deleted))$/;

export async function viewCluster(store: ObjectStore, cluster: Cluster): Promise<ClusterView> {
  const files = new Map<Suffix, ObjectEntry>();
  for await (const page of store.list(dropPrefix(cluster)))
    for (const file of page.objects) {
      const suffix = file.key.slice(cluster.path.length);
      if (FILE.test(`x${suffix}`)) files.set(suffix as Suffix, file);
    }
  return viewOf(store, cluster, files);
}

/** Everything below a user's folder that has, or had, the files of a cluster. `NAME.files/` is never walked. */
export async function viewClusters(store: ObjectStore, user: string): Promise<ClusterView[]> {
  const found = new Map<string, Map<Suffix, ObjectEntry>>();
  for await (const file of walk(store, `home/${user}/`)) {
    const [, path = '', suffix] = FILE.exec(file.key) ?? [];
    if (suffix === undefined || !NAME.test(path.slice(path.lastIndexOf('/') + 1))) continue;
    const files = found.get(path) ?? new Map<Suffix, ObjectEntry>();
    found.set(path, files.set(suffix as Suffix, file));
  }
  const views: ClusterView[] = [];
  for (const [path, files] of found) views.push(await viewOf(store, clusterAt(store.bucket, path), files));
  return views;
}

async function* walk(store: ObjectStore, prefix: string): AsyncIterable<ObjectEntry> {
  for await (const page of store.list(prefix)) {
    yield* page.objects;
    for (const folder of page.folders)
      if (!folder.endsWith('.files/') && !folder.slice(prefix.length).startsWith('.'))
        yield* walk(store, folder);
  }
}

async function viewOf(
  store: ObjectStore,
  cluster: Cluster,
  files: ReadonlyMap<Suffix, ObjectEntry>,
): Promise<ClusterView> {
  const body =
    files.has('.cf-status') && (await store.get(replyKey(cluster, '.cf-status'), MOST_STATUS_BYTES))?.body;
  const status = body ? readStatus(textOf(body)) : undefined;
  const ruling = rulingFile(inputsOf(cluster, files));
  return {
    cluster,
    files,
    ...(status && { status }),
    ...(ruling &&
      status?.drop?.id !== ruling.file.id && {
        unanswered: { action: ruling.action, id: ruling.file.id, at: ruling.file.at },
      }),
  };
}

function inputsOf(cluster: Cluster, files: ReadonlyMap<Suffix, ObjectEntry>) {
  const [create, remove] = (['.cf-create', '.cf-delete'] as const).map((suffix): DropFile | undefined => {
    const file = files.get(suffix);
    return file && { ...file, id: dropIdOf(cluster.bucket, file.key, file.version), at: file.modified };
  });
  // A view only asks which of the two rules, so the request itself is not read.
  return {
    ...(create && { create: { ...create, text: '', reading: { kind: 'unread' } as const } }),
    ...(remove && { remove }),
  };
}
