import { type Instant, SECOND } from '../../core/instant.ts';
import type { StatusFile } from '../../core/report/status-file.ts';
import type { Clock, ObjectStore } from '../ports.ts';
import { type ClusterView, viewCluster } from './cluster-view.ts';
import { type DropAnswer, judgeAnswer } from './judge-answer.ts';
import type { SentDrop } from './put-drop.ts';

export interface WaitOptions {
  readonly store: ObjectStore;
  readonly clock: Clock;
  /** Returns early when whoever waits has had enough. */
  readonly pause: (milliseconds: number) => Promise<void>;
  readonly isStopped: () => boolean;
  readonly timeout?: number | undefined;
  /** Milliseconds until the next look, after so many of waiting. */
  readonly lookAfter: (waited: number) => number;
  /** After so many milliseconds in which nobody took the file, `onSilence` is called. */
  readonly silence: number;
  /** After each look that told something about this drop. */
  readonly onProgress: (status: StatusFile) => void;
  /** Once, when nobody seems to read the bucket. */
  readonly onSilence: () => void;
}

export type WaitOutcome = DropAnswer | { readonly kind: 'vanished' | 'timeout' | 'stopped' };

/** The system takes a file away and writes down why as two steps; a fresh file may not be shown at once. */
const NOWHERE_FOR_GOOD = 15 * SECOND;

/** Looks at the bucket until the drop has come to its end. */
export async function waitForAnswer(drop: SentDrop, options: WaitOptions): Promise<WaitOutcome> {
  const { store, clock, pause, isStopped, timeout } = options;
  const began = clock.now();
  let nowhereSince: Instant | undefined;
  let toldSilence = false;
  let before: ClusterView | undefined;
  while (!isStopped()) {
    const view = await viewCluster(store, drop.cluster);
    before ??= view;
    const judgement = judgeAnswer(drop, view);
    const now = clock.now();
    switch (judgement.kind) {
      case 'done':
      case 'refused':
      case 'ended':
      case 'replaced':
        return judgement;
      case 'answering':
        nowhereSince = undefined;
        toldSilence = true;
        options.onProgress(judgement.status);
        break;
      case 'unanswered':
        nowhereSince = undefined;
        break;
      case 'nowhere':
        nowhereSince ??= now;
        if (now - nowhereSince >= NOWHERE_FOR_GOOD)
          return judgement.otherDrop === before.status?.drop?.id
            ? { kind: 'vanished' }
            : { kind: 'replaced', status: view.status };
        break;
    }
    if (!toldSilence && judgement.kind === 'unanswered' && now - began >= options.silence) {
      toldSilence = true;
      options.onSilence();
    }
    if (timeout !== undefined && now - began >= timeout) return { kind: 'timeout' };
    await pause(options.lookAfter(now - began));
  }
  return { kind: 'stopped' };
}
