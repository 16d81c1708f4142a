import { SESv2Client, SendEmailCommand } from '@aws-sdk/client-sesv2';
import MailComposer from 'nodemailer/lib/mail-composer';
import type { Letter } from '../core/letter.ts';
import type { Mail } from '../engine/ports.ts';
import { messageOf } from '../mail/message-of.ts';
import { type AwsAccess, clientConfig } from './access.ts';
import { sesFailure } from './ses-failure.ts';

export interface SesMailOptions {
  readonly client: SESv2Client;
  /** Header `From`: an address, or a name with an address behind it in `<>`. */
  readonly from: string;
}

/**
 * Mail through Amazon SES. Needs ses:SendRawEmail and ses:SendEmail on the sender's identity; with ses:GetAccount and
 * ses:GetEmailIdentity a refusal is told in words of ours.
 *
 * SES puts a Message-ID and a Date of its own in place of ours: a letter sent twice, after a crash, is shown twice.
 * https://docs.aws.amazon.com/ses/latest/dg/header-fields.html
 */
export class SesMail implements Mail {
  readonly #client: SESv2Client;
  readonly #from: string;

  constructor({ client, from }: SesMailOptions) {
    this.#client = client;
    this.#from = from;
  }

  /** @throws Throttled, or ProblemError `mail-not-verified`, `mail-sandbox`, `mail-paused`, `mail-refused` */
  async send(letter: Letter): Promise<void> {
    const Data = await new MailComposer(messageOf(letter, this.#from)).compile().build();
    // Named here as well: who gets it does not hang on what SES makes of a header.
    const Destination = { ToAddresses: [...letter.to] };
    try {
      await this.#client.send(new SendEmailCommand({ Content: { Raw: { Data } }, Destination }));
    } catch (error) {
      throw await sesFailure(this.#client, error, { from: this.#from, to: letter.to });
    }
  }
}

export function openSesMail(
  access: AwsAccess,
  place: { readonly region: string; readonly from: string },
): SesMail {
  return new SesMail({ client: new SESv2Client(clientConfig(access, place.region)), from: place.from });
}
