import type { Problem } from '../../core/problems.ts';

/** What became of the files of one `get` or `put`; paths are those below `NAME.files/`. */
export interface Copied {
  readonly copied: readonly string[];
  /** Bytes of those. */
  readonly bytes: number;
  /** As they are on the other side. */
  readonly unchanged: number;
  /** What is no file of the tree, and so was not meant. */
  readonly skipped: readonly Skipped[];
  readonly problems: readonly Problem[];
}

export interface Skipped {
  readonly path: string;
  readonly why: string;
}
