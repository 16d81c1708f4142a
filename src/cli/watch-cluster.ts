import { isoOf } from '../core/instant.ts';
import { loginAccountOf } from '../core/login-account.ts';
import { sshCommand } from '../core/report/ssh-command.ts';
import { visibleLine } from '../core/report/visible.ts';
import { type ClusterView, viewCluster } from '../engine/client/cluster-view.ts';
import { jsonLine } from './answer.ts';
import type { Terminal } from './command.ts';
import { documentOf } from './commands/list.ts';
import type { Stores } from './open-stores.ts';
import { progressWords, stateWord, statusWords } from './status-words.ts';

/** Tells each change of one cluster until it is gone, or until Ctrl-C. @returns the exit code. */
export async function watchCluster(
  first: ClusterView,
  { users, pace }: Stores,
  terminal: Terminal,
  json: boolean,
): Promise<number> {
  const began = terminal.now();
  let view = first;
  let told = '';
  if (!json) terminal.out(`${statusWords(view, terminal.now())}\n`);
  while (!terminal.signal.aborted) {
    const line = json ? jsonLine({ user: view.cluster.user, ...documentOf(view) }) : changeLine(view);
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

/** What a person watched for. */
function loginWords({ cluster, status }: ClusterView): string | undefined {
  return status?.state === 'running' ? sshCommand(loginAccountOf(cluster.user), status.address) : undefined;
}

/** A state that an older file led to is not told as news while a newer file waits. */
function changeLine(view: ClusterView): string {
  const { status, unanswered, cluster } = view;
  const why = unanswered
    ? `${cluster.name}.cf-${unanswered.action} has not been answered yet`
    : [status?.why ?? 'no status that can be read', status && progressWords(status), loginWords(view)]
        .filter((part) => part !== undefined)
        .join('; ');
  return `${stateWord(view).padEnd(9)}  ${visibleLine(why, 300)}\n`;
}
