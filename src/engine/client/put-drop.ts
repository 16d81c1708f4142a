import { type Action, type Cluster, dropIdOf, replyKey } from '../../core/identity.ts';
import type { ObjectStore } from '../ports.ts';

/** One write of a drop file by us: what its answer will name. */
export interface SentDrop {
  readonly id: string;
  readonly action: Action;
  readonly cluster: Cluster;
}

/** Drops a file as a person would. A file of that name that was not answered yet is replaced: the newer one counts. */
export async function putDrop(
  store: ObjectStore,
  cluster: Cluster,
  action: Action,
  body: Uint8Array | string,
): Promise<SentDrop> {
  const key = replyKey(cluster, `.cf-${action}`);
  const written = await store.put(key, body);
  if (!written) throw new Error(`${key} could not be written`);
  return { id: dropIdOf(cluster.bucket, key, written.version), action, cluster };
}
