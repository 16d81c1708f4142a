import { DAY, HOUR, MINUTE } from '../instant.ts';
import { visibleLine } from './visible.ts';

/** `2 days 4 hours`, `12 minutes`: rounded down to what people count in. */
export function spanWords(milliseconds: number): string {
  if (!(milliseconds >= MINUTE)) return 'less than a minute';
  const days = Math.floor(milliseconds / DAY);
  const hours = Math.floor((milliseconds % DAY) / HOUR);
  const minutes = Math.floor((milliseconds % HOUR) / MINUTE);
  const parts = [counted(days, 'day'), counted(hours, 'hour'), days > 0 ? '' : counted(minutes, 'minute')];
  return parts.filter((part) => part !== '').join(' ');
}

function counted(count: number, unit: string): string {
  return count === 0 ? '' : `${count} ${unit}${count === 1 ? '' : 's'}`;
}

/** Whom to ask, fit to stand in a sentence. */
export function contactWords(contact: string): string {
  return visibleLine(contact, 200) || 'your administrator';
}

/** `1`, `1 and 2`, `1, 2 and 4`. */
export function listWords(items: readonly (string | number)[]): string {
  return items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1) ?? ''}`;
}

/** The folder that a key lies in, with a slash at its end. */
export function folderOf(key: string): string {
  return key.slice(0, key.lastIndexOf('/') + 1);
}

/** Messages begin in lower case; at the beginning of a line a plain word looks better with a capital. A name is left as it is. */
export function sentenceCase(text: string): string {
  return /^[a-z]+ /.test(text) ? text.charAt(0).toUpperCase() + text.slice(1) : text;
}

/** Widest line of prose: what mails and terminals show without breaking it themselves. */
const WIDTH = 76;

/** One paragraph of prose, broken between words. One with line breaks of its own is laid out already and stays as it is. */
export function wrapped(paragraph: string): string {
  if (paragraph.includes('\n')) return paragraph;
  const lines: string[] = [];
  let line = '';
  for (const word of paragraph.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line].join('\n');
}
