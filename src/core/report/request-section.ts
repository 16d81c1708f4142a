import { shortened } from './shortened.ts';

/**
 * The request at the very end of a reply, so that it can be copied as it is, and so that nothing in it can pass for words of ours:
 * below the line, every word is the author's.
 */
export function requestSection(title: string, text: string): string {
  if (text.trim() === '') return `${title}: it was blank.\n`;
  const { text: shown, cut } = shortened(text);
  const note = cut ? ` (its first ${cut.shown} characters)` : '';
  return `${title}${note}: everything below this line.\n${'='.repeat(72)}\n${endedLine(shown)}`;
}

/** `text` with its last line ended: nothing else of it is touched. */
export function endedLine(text: string): string {
  return text.endsWith('\n') ? text : `${text}\n`;
}
