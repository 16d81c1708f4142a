import { isoOf } from '../core/instant.ts';
import { visibleLine } from '../core/report/visible.ts';
import { type ClusterView, viewCluster } from '../engine/client/cluster-view.ts';
import { jsonLine } from './answer.ts';
import type { Terminal } from './command.ts';
import { documentOf } from './commands/list.ts';
import type { Stores } from './open-stores.ts';
import { progressWords, stateWord, statusWords } from './status-words.ts';
import { toldCommand } from './told-login.ts';

/** Tells each change of one cluster until it is gone, or until Ctrl-C. @returns the exit code. */
export async function watchCluster(
  first: ClusterView,
  stores: Stores,
  terminal: Terminal,
  json: boolean,
): Promise<number> {
  const { users, pace } = stores;
  const began = terminal.now();
  let view = first;
  let told = '';
  if (!json) terminal.out(`${statusWords(view, terminal.now(), stores)}\n`);
  while (!terminal.signal.aborted) {
    const line = json ? jsonLine({ user: view.cluster.user, ...documentOf(view) }) : changeLine(view, stores);
    if (line !== told) terminal.out(json ? line : `${isoOf(terminal.now()).slice(11, 19)}  ${line}`);
    told = line;
    // A file that lies there may still make a cluster of what is gone, or is not answered to the end.
    const isWanted = view.files.has('.cf-create') || view.files.has('.cf-delete');
    if (!isWanted && ['gone', 'failed', 'refused'].includes(stateWord(view))) return 0;
    await terminal.pause(pace.lookAfter(terminal.now() - began));
    view = await viewCluster(users, view.cluster);
  }
  return 130;
}

/** A state that an older file led to is not told as news while a newer file waits. */
function changeLine(view: ClusterView, stores: Stores): string {
  const { status, unanswered, cluster } = view;
  const why = unanswered
    ? [`${cluster.name}.cf-${unanswered.action} has not been answered yet`]
    : [status?.why ?? 'no status that can be read', status && progressWords(status)];
  const parts = why.flatMap((part) => (part === undefined ? [] : [visibleLine(part, 300)]));
  // What a person watched for, to the letter.
  const login = !unanswered && status?.state === 'running' ? toldCommand(view, stores) : undefined;
  return `${stateWord(view).padEnd(9)}  ${[...parts, ...(login === undefined ? [] : [login])].join('; ')}\n`;
}
