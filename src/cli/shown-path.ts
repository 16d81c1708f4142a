import { relative, sep } from 'node:path';
import { exactWord } from '../core/report/exact-word.ts';
import { visibleLine } from '../core/report/visible.ts';

/** A path as a person would type it: from where they are, unless the way there leads upwards. */
export function shownPath(path: string, cwd: string): string {
  const near = relative(cwd, path) || '.';
  return shellWord(near === '..' || near.startsWith(`..${sep}`) ? path : near);
}

/** `text` as one word of a shell, for looking at: nothing in it moves a terminal's cursor. */
export function shellWord(text: string): string {
  return exactWord(visibleLine(text));
}
