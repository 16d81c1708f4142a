/** What a command is given of the outside: so that a test runs whole commands in its own process. */
export interface Terminal {
  out(text: string): void;
  err(text: string): void;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Somebody watches: progress may overwrite its own line. */
  readonly isInteractive: boolean;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  /** Epoch milliseconds. */
  now(): number;
  /** Resolves after so long, or as soon as `signal` is aborted. */
  pause(milliseconds: number): Promise<void>;
  /** Everything that comes in on standard input. */
  readInput(): Promise<Uint8Array>;
  /** A line from whoever sits there; `undefined` when nobody can be asked, or they press Ctrl-C or Ctrl-D. */
  ask(question: string): Promise<string | undefined>;
  /** Whether `ask` reaches anybody. */
  readonly canAsk: boolean;
  /**
   * Runs a program that talks to whoever sits there by itself. @returns its exit code, 128 and the number of the signal that ended it.
   * @throws what the system says of a program that cannot be run
   */
  launch(program: string, args: readonly string[]): Promise<number>;
}

/** One command, in a file of its own that is loaded only when it is called. */
export interface Command {
  readonly help: string;
  /** @returns the exit code. Throws ProblemError for what a person must be told. */
  run(args: readonly string[], terminal: Terminal): Promise<number>;
}
