import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SMTPServer } from 'smtp-server';
import { describe, expect, test } from 'vitest';
import { OutboxMail } from '../../src/local/outbox-mail.ts';
import { SmtpMail } from '../../src/local/smtp-mail.ts';
import { mailContract } from '../contract/mail.contract.ts';

const FROM = 'Clusterdrop <clusterdrop@example.org>';

mailContract('a folder', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'clusterdrop-outbox-'));
  return {
    mail: new OutboxMail(folder, FROM),
    arrived: async () => readdirSync(folder).map((name) => readFileSync(join(folder, name))),
    close: async () => rmSync(folder, { recursive: true }),
  };
});

/** A real SMTP server on a loopback port of its own choice. */
async function openServer() {
  const messages: Buffer[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, _session, done) {
      const parts: Buffer[] = [];
      stream.on('data', (part: Buffer) => parts.push(part));
      stream.on('end', () => {
        messages.push(Buffer.concat(parts));
        done();
      });
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const { port } = server.server.address() as AddressInfo;
  const close = () => new Promise<void>((resolve) => server.close(() => resolve()));
  return { url: `smtp://127.0.0.1:${port}`, messages, close };
}

mailContract('an SMTP server', async () => {
  const { url, messages, close } = await openServer();
  return { mail: new SmtpMail(url, FROM), arrived: async () => messages, close };
});

describe('mail', () => {
  test('into a folder is one file for each letter, and nothing half written', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'clusterdrop-outbox-'));
    const mail = new OutboxMail(folder, FROM);
    const letter = { id: 'starting-1', to: ['alice@example.org'], subject: 's', text: 't', at: 0 };
    await mail.send(letter);
    await mail.send(letter);
    expect(readdirSync(folder)).toEqual(['starting-1.eml']);
    rmSync(folder, { recursive: true });
  });

  test('by SMTP fails aloud when nobody answers', async () => {
    const { url, close } = await openServer();
    await close();
    await expect(
      new SmtpMail(url, FROM).send({ id: 'x', to: ['alice@example.org'], subject: 's', text: 't', at: 0 }),
    ).rejects.toThrow(/ECONNREFUSED|refused/);
  });
});
