import { objectsBelow } from '../objects-below.ts';
import type { ObjectStore } from '../ports.ts';
import type { FileSource, FileStore, StoredFile } from './file-store.ts';

/** Any object store as a place for files. Each passes through memory whole: for stores on this machine. */
export class ObjectFiles implements FileStore {
  readonly #store: ObjectStore;

  constructor(store: ObjectStore) {
    this.#store = store;
  }

  async *list(prefix: string): AsyncIterable<readonly StoredFile[]> {
    for await (const object of objectsBelow(this.#store, prefix)) yield [object];
  }

  async read(key: string): Promise<AsyncIterable<Uint8Array> | undefined> {
    const object = await this.#store.get(key);
    return object && once(object.body);
  }

  async write(key: string, source: FileSource, onPart: (bytes: number) => void): Promise<void> {
    await this.#store.put(key, await source.read(0, source.size));
    onPart(source.size);
  }
}

async function* once(body: Uint8Array): AsyncIterable<Uint8Array> {
  yield body;
}
