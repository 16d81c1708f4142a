import type { SendMailOptions } from 'nodemailer';
import type { Letter } from '../core/letter.ts';

/** The same Message-ID for a repeat of a letter, so that a mail program shows a letter sent twice as one. */
export function messageOf(letter: Letter, from: string): SendMailOptions {
  return {
    from,
    to: [...letter.to],
    subject: letter.subject,
    text: letter.text,
    date: new Date(letter.at),
    messageId: `<${letter.id}@clusterdrop.invalid>`,
    // Nobody answers from there, and no "out of office" is wanted.
    headers: { 'Auto-Submitted': 'auto-generated' },
    // A letter is text of ours; it never names a file or an address to fetch from.
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}
