import { readableOf } from '../instant.ts';
import type { Letter } from '../letter.ts';
import { problem } from '../problems.ts';
import { sha256Hex } from '../sha256.ts';
import { type LetterContext, recipients, subjectOf } from './letter-frame.ts';
import { visibleLine } from './visible.ts';
import { contactWords, sentenceCase, wrapped } from './words.ts';

/** To the administrator only: a letter that could not be sent for a day. Nobody is told by mail that this very mail failed. */
export function letterMailGivenUp(letter: Letter, context: LetterContext, reason: string): Letter {
  const { installation, at } = context;
  const { message, fix } = problem('mail-given-up', { subject: letter.subject, reason });
  const hash = sha256Hex([installation.id, letter.id].join('\n'));
  const to = letter.to.map((one) => visibleLine(one, 320)).join(', ') || 'nobody';
  return {
    id: `mail-given-up-${hash.slice(0, 12)}-${hash.slice(12, 28)}`,
    to: letter.id.startsWith('mail-given-up-') ? [] : recipients(installation.adminEmail),
    subject: subjectOf(`Mail could not be sent: ${letter.subject}`),
    text: `${[
      `${sentenceCase(visibleLine(message))}.`,
      `It was written ${readableOf(letter.at)} and meant for ${to}. It will not be tried again. The cluster that it is about is not affected.`,
      `What to do: ${visibleLine(fix)}`,
      `-- \nClusterdrop sends this mail by itself, for ${contactWords(installation.contact)}.`,
    ]
      .map(wrapped)
      .join('\n\n')}\n`,
    at,
  };
}
