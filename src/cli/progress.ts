import { isoOf } from '../core/instant.ts';
import type { StatusFile } from '../core/report/status-file.ts';
import { visibleLine } from '../core/report/visible.ts';
import type { Terminal } from './command.ts';
import { shortSpan } from './short-span.ts';
import { progressWords } from './status-words.ts';

export interface Progress {
  /** Said once for each state and step that differs from the last one. */
  status(status: StatusFile): void;
  /** A line that stays. */
  say(text: string): void;
  /** Clears the line that changes; whatever comes next begins in the first column. */
  end(): void;
}

const CLEAR = '\r\u001b[2K';

/** How far it has come: one line that changes where somebody watches, else one line for each change. On standard error, so that answers stay clean. */
export function progressOn(terminal: Terminal, silent: boolean): Progress {
  const began = terminal.now();
  const { isInteractive } = terminal;
  let told = '';
  let line = false;
  const end = () => {
    if (line) terminal.err(CLEAR);
    line = false;
  };
  return {
    status(status) {
      if (silent) return;
      const text = visibleLine(
        `${status.state}: ${progressWords(status) ?? status.why}`,
        isInteractive ? 70 : 200,
      );
      if (isInteractive) {
        terminal.err(`${CLEAR}${shortSpan(Math.max(1000, terminal.now() - began))}  ${text}`);
        line = true;
      } else if (text !== told) terminal.err(`${isoOf(terminal.now()).slice(11, 19)}  ${text}\n`);
      told = text;
    },
    say(text) {
      if (silent) return;
      end();
      terminal.err(`${text}\n`);
    },
    end,
  };
}
