import { relative, sep } from 'node:path';
import { visibleLine } from '../core/report/visible.ts';

/** A path as a person would type it: from where they are, unless the way there leads upwards. */
export function shownPath(path: string, cwd: string): string {
  const near = relative(cwd, path) || '.';
  return shellWord(near === '..' || near.startsWith(`..${sep}`) ? path : near);
}

/** `text` as one word of a shell. */
export function shellWord(text: string): string {
  const shown = visibleLine(text);
  return /^[\w./+=,@%:-]+$/.test(shown) ? shown : `'${shown.replaceAll("'", `'\\''`)}'`;
}
