/** What a bucket says of one stored file. */
export interface StoredFile {
  readonly key: string;
  /** Bytes. */
  readonly size: number;
  /** When the store took it, epoch ms. */
  readonly modified: number;
}

/** A file that is to be stored. Any part of it can be read, and read again: so a part whose way failed is sent once more. */
export interface FileSource {
  /** Bytes. */
  readonly size: number;
  /** The bytes from `start` up to `end`, which is not in it. @throws when the file is shorter by now */
  read(start: number, end: number): Promise<Uint8Array>;
}

/** Ends what is under way. Every JavaScript host has it; only so much is needed of it here. */
export interface Stop {
  readonly aborted: boolean;
}

/** A bucket as a place for files of any size, which are never whole in memory where the store can do without. A failed call throws. */
export interface FileStore {
  /** What begins with `prefix`, at any depth. All pages or an error. */
  list(prefix: string): AsyncIterable<readonly StoredFile[]>;
  /** The content in pieces; `undefined` when there is no such file by now. A content that ends early throws. */
  read(key: string): Promise<AsyncIterable<Uint8Array> | undefined>;
  /** Writes whole or not at all, over what is there. `onPart` is told the bytes of each part that has arrived. */
  write(key: string, source: FileSource, onPart: (bytes: number) => void, stop: Stop): Promise<void>;
}
