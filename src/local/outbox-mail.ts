import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import type { Letter } from '../core/letter.ts';
import type { Mail } from '../engine/ports.ts';
import { messageOf } from '../mail/message-of.ts';

/** Mail into a folder, one `.eml` file for each letter, which any mail program opens. A repeat of a letter is the same file. */
export class OutboxMail implements Mail {
  readonly #folder: string;
  readonly #from: string;
  // Only composes: a stream transport connects to nothing.
  readonly #composer = createTransport({ streamTransport: true, buffer: true, newline: 'windows' });

  constructor(folder: string, from: string) {
    this.#folder = folder;
    this.#from = from;
    mkdirSync(folder, { recursive: true });
  }

  async send(letter: Letter): Promise<void> {
    const { message } = await this.#composer.sendMail(messageOf(letter, this.#from));
    const path = join(this.#folder, `${letter.id}.eml`);
    writeFileSync(`${path}.part`, message as Buffer);
    renameSync(`${path}.part`, path);
  }
}
