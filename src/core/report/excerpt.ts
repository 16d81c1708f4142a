import type { Place } from '../problems.ts';
import { visible } from './visible.ts';

/** Characters shown before and behind the place: a request may be one line of 64 kB. */
const AROUND = 50;

/** The line that a problem is in with a mark below the place, or nothing if there is no such line. */
export function excerpt(text: string, { line, column }: Place): string | undefined {
  const whole = text.split(/\r\n|\r|\n/)[line - 1];
  if (whole === undefined || whole.trim() === '') return undefined;
  const chars = Array.from(whole);
  const at = Math.min(Math.max(column - 1, 0), chars.length);
  const from = Math.max(0, at - AROUND);
  const before = (from > 0 ? '… ' : '') + visible(chars.slice(from, at).join(''));
  const behind = visible(chars.slice(at, at + AROUND).join('')) + (at + AROUND < chars.length ? ' …' : '');
  // A tab stays a tab, so that the mark stands below the place however wide tabs are shown.
  return `${before}${behind}\n${before.replace(/[^\t]/gu, ' ')}^`;
}
