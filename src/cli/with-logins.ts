import { type Cluster, replyKey } from '../core/identity.ts';
import { readStatus } from '../core/report/status-file.ts';
import { visibleLine } from '../core/report/visible.ts';
import { textOf } from '../engine/json-object.ts';
import type { ObjectStore } from '../engine/ports.ts';
import type { Log } from '../engine/world.ts';
import type { Terminal } from './command.ts';
import { toldCommand } from './told-login.ts';

const MOST_BYTES = 256 * 1024;

/** A log that also says how to log in, whenever a cluster has become ready. */
export function withLogins(log: Log, users: ObjectStore, folder: string, terminal: Terminal): Log {
  const ready = new Set<string>();
  return {
    ...log,
    turn(cluster, decision) {
      log.turn(cluster, decision);
      if (decision.step.kind === 'deliver') ready.add(cluster.path);
      // The status is written with the address by now.
      else if (ready.delete(cluster.path)) void tell(cluster);
    },
  };

  async function tell(cluster: Cluster): Promise<void> {
    const object = await users.get(replyKey(cluster, '.cf-status'), MOST_BYTES).catch(() => undefined);
    const status = object && readStatus(textOf(object.body));
    // The file lies in the user's own folder: they may have written another command into it meanwhile.
    const command = status && !status.simulated && toldCommand({ cluster, status }, { folder });
    if (command) terminal.out(`\n    ${visibleLine(command, 500)}\n\n`);
  }
}
