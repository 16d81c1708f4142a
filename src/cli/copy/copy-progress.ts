import { SECOND } from '../../core/instant.ts';
import { byteWords } from '../../core/report/byte-words.ts';
import type { Terminal } from '../command.ts';

/** How far a copy is. */
export interface CopyProgress {
  /** So many bytes more are there. */
  bytes(count: number): void;
  file(): void;
  /** Clears the line that changes. */
  end(): void;
}

const CLEAR = '\r\u001b[2K';

/** Nothing is said in the first second; then one line that changes where somebody watches, else a line every ten seconds. */
export function copyProgress(
  terminal: Terminal,
  silent: boolean,
  total: { readonly files: number; readonly bytes: number },
): CopyProgress {
  let files = 0;
  let bytes = 0;
  let saidAt = terminal.now() + SECOND - pauseOf(terminal);
  let line = false;
  const say = () => {
    const now = terminal.now();
    if (silent || now - saidAt < pauseOf(terminal)) return;
    saidAt = now;
    const text = `${files} of ${total.files} files, ${byteWords(bytes)} of ${byteWords(total.bytes)}`;
    terminal.err(terminal.isInteractive ? `${CLEAR}${text}` : `${text}\n`);
    line = terminal.isInteractive;
  };
  return {
    bytes: (count) => {
      bytes += count;
      say();
    },
    file: () => {
      files++;
      say();
    },
    end: () => {
      if (line) terminal.err(CLEAR);
      line = false;
    },
  };
}

function pauseOf({ isInteractive }: Terminal): number {
  return isInteractive ? SECOND / 5 : 10 * SECOND;
}
