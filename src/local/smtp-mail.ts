import { createTransport, type Transporter } from 'nodemailer';
import type { Letter } from '../core/letter.ts';
import type { Mail } from '../engine/ports.ts';
import { messageOf } from '../mail/message-of.ts';

const PATIENCE = 15_000;

/** Mail through an SMTP server, `smtp://user:password@host:port` or `smtps://…`. */
export class SmtpMail implements Mail {
  readonly #transport: Transporter;
  readonly #from: string;

  constructor(url: string, from: string) {
    this.#transport = createTransport({
      url,
      connectionTimeout: PATIENCE,
      greetingTimeout: PATIENCE,
      socketTimeout: PATIENCE,
    });
    this.#from = from;
  }

  async send(letter: Letter): Promise<void> {
    await this.#transport.sendMail(messageOf(letter, this.#from));
  }
}
