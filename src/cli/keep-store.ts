import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { visibleLine } from '../core/report/visible.ts';
import type { Terminal } from './command.ts';
import { DEFAULT_FOLDER, type Place } from './place-of.ts';
import { remember } from './remembered-store.ts';
import { shownPath } from './shown-path.ts';
import { storeUrl } from './store-url.ts';

/**
 * Remembers a store that somebody typed and that has proved right, so that the next command needs no `--store`, and says so in one
 * line. That it cannot be remembered is no reason for a command to fail.
 */
export function keepStore(
  { bucket, from }: Extract<Place, { kind: 'bucket' }>,
  user: string | undefined,
  terminal: Terminal,
): void {
  const { env, cwd } = terminal;
  const store = storeUrl(bucket);
  if (from === 'remembered' && user === undefined && existsSync(join(cwd, DEFAULT_FOLDER)))
    terminal.err(`This is ${store}, as remembered. For ./${DEFAULT_FOLDER} add --dir ${DEFAULT_FOLDER}\n`);
  const isNews = from === 'option' || (from === 'remembered' && user !== undefined);
  if (!isNews) return;
  try {
    const file = remember({ store, ...(user !== undefined && { user }) }, env);
    if (file !== undefined)
      terminal.err(
        `Remembered ${store}${user === undefined ? '' : ` and the user ${user}`} in ${shownPath(file, cwd)}: no --store needed next time.\n`,
      );
  } catch (error) {
    terminal.err(`Not remembered: ${visibleLine(error instanceof Error ? error.message : String(error))}\n`);
  }
}
