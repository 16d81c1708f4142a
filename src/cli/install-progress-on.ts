import type { Patience } from '../aws/installing/install-progress.ts';
import { visibleLine } from '../core/report/visible.ts';
import type { Terminal } from './command.ts';
import { shortSpan } from './short-span.ts';

const CLEAR = '\r\u001b[2K';

/** How far an installation has come, on standard error, and how to wait for it. */
export function patienceOn(terminal: Terminal, silent: boolean): Patience & { end(): void } {
  const began = terminal.now();
  let line = false;
  const end = () => {
    if (line) terminal.err(CLEAR);
    line = false;
  };
  return {
    signal: terminal.signal,
    pause: (milliseconds) => terminal.pause(milliseconds),
    end,
    progress: {
      say(text) {
        if (silent) return;
        end();
        terminal.err(`${text.startsWith('  ') ? '  ' : ''}${visibleLine(text, 400)}\n`);
      },
      // Where nobody watches, what stays is enough.
      now(text) {
        if (silent || !terminal.isInteractive) return;
        const span = shortSpan(Math.max(1000, terminal.now() - began));
        terminal.err(`${CLEAR}${span}  ${visibleLine(text, 100)}`);
        line = true;
      },
    },
  };
}
