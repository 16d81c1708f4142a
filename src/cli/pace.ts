import { MINUTE, SECOND } from '../core/instant.ts';

/** How commands look on while the system works. */
export interface Pace {
  /** Milliseconds until the next look, after so many of waiting. */
  readonly lookAfter: (waited: number) => number;
  /** How long nobody may take a file before something is said. */
  readonly silence: number;
  /** What is said then. */
  readonly silenceWords: string;
}

/** On this machine a look costs next to nothing. */
export const HERE: Pace = {
  lookAfter: () => SECOND / 2,
  silence: 10 * SECOND,
  silenceWords: 'Nobody has taken the file yet. Is "clusterdrop local" running? Waiting on.',
};

/** In a bucket each look is two paid requests, and a creation takes minutes: who has waited long waits a little longer. */
export const AFAR: Pace = {
  lookAfter: (waited) => (waited < MINUTE ? 2 * SECOND : 5 * SECOND),
  silence: 30 * SECOND,
  silenceWords:
    'Nobody has taken the file yet. Where its event was lost it is found within minutes. Waiting on; "clusterdrop doctor" looks for reasons.',
};
