import { durationText } from '../core/duration.ts';
import { ProblemError, problem } from '../core/problems.ts';
import { type ClusterView, viewCluster } from '../engine/client/cluster-view.ts';
import type { Terminal } from './command.ts';
import type { Stores } from './open-stores.ts';
import { progressOn } from './progress.ts';
import { stateWord } from './status-words.ts';

/**
 * Looks on while a cluster is on its way, and tells how far it is: whoever has just dropped a file wants to log in, not to try again
 * and again. One that runs, or that will not, is given back at once.
 * @param timeout longest time to wait, in milliseconds
 * @returns `undefined` when whoever waits has had enough
 * @throws ProblemError `wait-timeout`
 */
export async function untilRunning(
  first: ClusterView,
  stores: Stores,
  terminal: Terminal,
  timeout: number | undefined,
): Promise<ClusterView | undefined> {
  const { users, pace } = stores;
  const began = terminal.now();
  const progress = progressOn(terminal, false);
  let view = first;
  let isSilent = true;
  try {
    while (isOnItsWay(view)) {
      if (terminal.signal.aborted) return undefined;
      const waited = terminal.now() - began;
      if (timeout !== undefined && waited >= timeout) {
        const file = `${view.cluster.name}.cf-create`;
        throw new ProblemError(problem('wait-timeout', { file, after: durationText(timeout) }));
      }
      if (view.status && !view.unanswered) progress.status(view.status);
      else if (isSilent && waited >= pace.silence) {
        isSilent = false;
        progress.say(pace.silenceWords);
      }
      await terminal.pause(pace.lookAfter(waited));
      view = await viewCluster(users, view.cluster);
    }
    return view;
  } finally {
    progress.end();
  }
}

/** A change of one that runs keeps nobody out, and to a simulated one nobody ever logs in. */
function isOnItsWay(view: ClusterView): boolean {
  const { state, simulated } = view.status ?? {};
  if (state === 'running' || state === 'updating' || simulated) return false;
  return ['waiting', 'starting'].includes(stateWord(view));
}
