import type { ObjectEntry, ObjectStore } from './ports.ts';

/** All objects below a prefix (ending in `/`), in folders within folders too. */
export async function* objectsBelow(
  store: Pick<ObjectStore, 'list'>,
  prefix: string,
): AsyncGenerator<ObjectEntry> {
  for await (const { objects, folders } of store.list(prefix)) {
    yield* objects;
    for (const folder of folders) yield* objectsBelow(store, folder);
  }
}
