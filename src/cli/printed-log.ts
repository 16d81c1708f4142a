import { NOTHING_TO_DO } from '../core/decision.ts';
import { belowHome } from '../core/identity.ts';
import { isoOf } from '../core/instant.ts';
import { eventLine } from '../core/report/event-line.ts';
import { visibleLine } from '../core/report/visible.ts';
import type { Log } from '../engine/world.ts';
import { jsonLine } from './answer.ts';
import type { Terminal } from './command.ts';

/** One line for each turn of events; what was said already is not said again. */
export function printedLog(terminal: Terminal, json: boolean): Log {
  const said = new Map<string, string>();
  return {
    turn(cluster, decision) {
      const name = `${cluster.bucket}/${cluster.path}`;
      if (said.get(name) === decision.why || decision.why === NOTHING_TO_DO) return;
      said.set(name, decision.why);
      const at = terminal.now();
      const { path, user } = cluster;
      terminal.out(
        json
          ? jsonLine({ at: isoOf(at), user, path, step: decision.step.kind, why: decision.why })
          : `${eventLine(at, cluster, decision)}\n`,
      );
    },
    answered(file, { message }) {
      const at = terminal.now();
      terminal.out(
        json
          ? jsonLine({ at: isoOf(at), file, step: 'answered', why: message })
          : `${isoOf(at).slice(11, 19)}  ${visibleLine(belowHome(file), 80).padEnd(24)}  answered   ${visibleLine(message, 300)}\n`,
      );
    },
    trouble(about, { message, fix }) {
      terminal.err(`${visibleLine(about)}: ${visibleLine(message)}\n    ${visibleLine(fix)}\n`);
    },
  };
}
