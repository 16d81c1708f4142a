/** What whoever waits is told meanwhile. */
export interface InstallProgress {
  /** A line that stays. */
  say(text: string): void;
  /** What is going on just now, in place of what was said so last. */
  now(text: string): void;
}

/** How to wait, and when not to any more. */
export interface Patience {
  /** Resolves after so many milliseconds, or as soon as `signal` is aborted. */
  pause(milliseconds: number): Promise<void>;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  readonly progress: InstallProgress;
}

/** Nobody waits any more. What was begun in the account goes on there, and the next run takes it up. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}
