import type { Instant } from './instant.ts';

/** One mail, ready to be sent. Plain text. */
export interface Letter {
  /** The same for a repeat of the same letter, so that a store of mail keeps one. */
  readonly id: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  /** When it was written. */
  readonly at: Instant;
  /** Somebody began to send it then. */
  readonly takenAt?: Instant;
}
