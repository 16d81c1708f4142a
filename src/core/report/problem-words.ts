import { MOST_LOG_LINES } from '../explained.ts';
import type { Owner } from '../problem-definition.ts';
import type { Problem } from '../problems.ts';
import { excerpt } from './excerpt.ts';
import { visible, visibleLine } from './visible.ts';
import { contactWords, listWords, sentenceCase } from './words.ts';

/** More than a reading of a request tells at once: only what comes from elsewhere is cut here. */
const MOST = 60;

/** What is wrong, where, and what to change; numbered when there are several. */
export function problemWords(problems: readonly Problem[], requestText = ''): string {
  const several = problems.length > 1;
  const told = problems
    .slice(0, MOST)
    .map((one, index) => problemText(one, requestText, several ? `${index + 1}. ` : ''));
  const untold = problems.length - told.length;
  if (untold > 0) told.push(`... and ${untold} more, not shown here.`);
  return told.length === 0 ? 'No reason is known.' : told.join('\n\n');
}

function problemText({ message, fix, at, log = [] }: Problem, requestText: string, number: string): string {
  const margin = ' '.repeat(number.length);
  const place = at ? `Line ${at.line}, column ${at.column}: ` : '';
  const lines = at ? (excerpt(requestText, at) ?? '') : '';
  const quote = lines === '' ? '' : `\n${lines.replace(/^/gm, `${margin}    `)}`;
  // Behind a margin, nothing in it can pass for words of ours.
  const block = log.slice(-MOST_LOG_LINES).map((line) => `\n${margin}    ${logLine(line)}`.trimEnd());
  return `${number}${place}${place === '' ? sentenceCase(visibleLine(message)) : visibleLine(message)}${quote}${block.join('')}\n${margin}What to do: ${visibleLine(fix)}`;
}

/** Its blanks stay: they are how a table or a traceback is read. */
function logLine(line: string): string {
  return visible(line.slice(0, 1000)).replaceAll('\n', ' ');
}

/** Whose move it is, with the numbers of the problems where the answer differs between them. */
export function moveWords(problems: readonly Problem[], contact: string): string {
  const owners: readonly Owner[] = ['author', 'operator', 'bug'];
  const present = owners.filter((owner) => problems.some((one) => one.owner === owner));
  if (present.length === 0) return `Show this file to ${contactWords(contact)}.`;
  return present
    .map((owner) => {
      const numbers = problems
        .slice(0, MOST)
        .flatMap((one, index) => (one.owner === owner ? [index + 1] : []));
      const which = present.length > 1 && numbers.length > 0 ? ` (number ${listWords(numbers)})` : '';
      return MOVES[owner](which, contactWords(contact));
    })
    .join('\n');
}

const MOVES: Readonly<Record<Owner, (which: string, contact: string) => string>> = {
  author: (which) => `Yours${which}: change what is said above, then upload the file again.`,
  operator: (which, contact) => `The administrator's${which}: show this file to ${contact}.`,
  bug: (which, contact) =>
    `The makers' of Clusterdrop${which}: this is a fault in the program. Show this file to ${contact}.`,
};
