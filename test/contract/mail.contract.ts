import PostalMime, { type Email } from 'postal-mime';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Letter } from '../../src/core/letter.ts';
import type { Mail } from '../../src/engine/ports.ts';

export interface OpenedMail {
  readonly mail: Mail;
  /** Every message as it arrived, oldest first. */
  arrived(): Promise<readonly (string | Uint8Array)[]>;
  close(): Promise<void>;
}

const LETTER: Letter = {
  id: 'ready-0123456789ab-0123456789abcdef',
  to: ['alice@example.org', 'admin@example.org'],
  subject: 'mycluster of alice is ready: 192.0.2.17 – “grün”',
  text: 'Your cluster is ready.\n\n.\nA line that begins with a dot, and one with umlauts: äöü\n',
  at: Date.UTC(2026, 10, 22, 15, 4, 5),
};

/** What every way to send mail does. */
export function mailContract(kind: string, open: () => Promise<OpenedMail>): void {
  describe(`${kind} as mail`, () => {
    let opened: OpenedMail;
    beforeEach(async () => {
      opened = await open();
    });
    afterEach(() => opened.close());

    const read = async (): Promise<Email[]> =>
      Promise.all((await opened.arrived()).map((message) => PostalMime.parse(message)));

    test('a mail program reads the letter as it was written', async () => {
      await opened.mail.send(LETTER);
      const [email] = await read();
      expect(email?.subject).toBe(LETTER.subject);
      expect(email?.text?.trimEnd()).toBe(LETTER.text.trimEnd());
      expect(email?.to?.map((one) => one.address)).toEqual(LETTER.to);
      expect(email?.from?.address).toBe('clusterdrop@example.org');
      expect(email?.date).toBe('2026-11-22T15:04:05.000Z');
      expect(email?.headers.find((header) => header.key === 'auto-submitted')?.value).toBe('auto-generated');
    });

    test('a repeat is the same message, another letter is another', async () => {
      await opened.mail.send(LETTER);
      await opened.mail.send(LETTER);
      await opened.mail.send({ ...LETTER, id: 'gone-1' });
      expect(new Set((await read()).map((email) => email.messageId)).size).toBe(2);
    });

    test('hostile text stays text', async () => {
      await opened.mail.send({
        ...LETTER,
        subject: 'x\r\nBcc: eve@example.org',
        text: '\r\n.\r\nRCPT TO:<eve@example.org>\r\n',
      });
      const [email] = await read();
      expect(email?.bcc ?? []).toEqual([]);
      expect(email?.text).toContain('RCPT TO:<eve@example.org>');
    });
  });
}
