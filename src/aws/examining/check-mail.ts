import { GetAccountCommand, GetEmailIdentityCommand, SESv2Client } from '@aws-sdk/client-sesv2';
import { fail, ok, type Verdict, warn } from '../../core/finding.ts';
import { clientConfig } from '../access.ts';
import type { AwsPlace } from '../aws-installation.ts';
import type { AwsSubject } from './aws-subject.ts';
import { ifThere } from './if-there.ts';

const NO_MAIL = ok("none is sent: no address was given; what is to be told stands in the users' folders");

/** SES takes letters from a verified address only, or from any address of a verified domain. */
export async function checkSender({ access, installation }: AwsSubject): Promise<readonly Verdict[]> {
  const { mail } = installation.aws;
  if (!mail) return [NO_MAIL];
  const ses = new SESv2Client(clientConfig(access, mail.region));
  const candidates = [mail.from, mail.from.slice(mail.from.lastIndexOf('@') + 1)];
  const identities = await Promise.all(
    candidates.map(async (name): Promise<MailIdentity | undefined> => {
      const command = new GetEmailIdentityCommand({ EmailIdentity: name });
      const found = await ifThere(ses.send(command), 'NotFoundException');
      return found && { name, isVerified: found.VerifiedForSendingStatus === true };
    }),
  );
  return [
    judgeSender(
      mail,
      identities.flatMap((one) => one ?? []),
    ),
  ];
}

/** An address or a whole domain that SES knows. */
export interface MailIdentity {
  readonly name: string;
  readonly isVerified: boolean;
}

export function judgeSender(
  { from, region }: NonNullable<AwsPlace['mail']>,
  identities: readonly MailIdentity[],
): Verdict {
  const verified = identities.find(({ isVerified }) => isVerified);
  if (verified) return ok(`${from} may send in ${region} (${verified.name} is verified)`);
  const ask = `  aws sesv2 create-email-identity --email-identity ${from} --region ${region}`;
  if (identities.length === 0)
    return fail(
      `SES in ${region} does not know ${from}: no letter is sent`,
      `Register it, and follow the link in the letter that comes:\n${ask}`,
    );
  return fail(
    `${from} is not verified in ${region}: no letter is sent`,
    `Follow the link in the letter that AWS sent there. To get another one:\n  aws sesv2 delete-email-identity --email-identity ${from} --region ${region}\n${ask}`,
  );
}

/** What SES lets the whole account send. */
export async function checkMailAccount({ access, installation }: AwsSubject): Promise<readonly Verdict[]> {
  const { mail } = installation.aws;
  if (!mail) return [NO_MAIL];
  const ses = new SESv2Client(clientConfig(access, mail.region));
  return judgeMailAccount(await ses.send(new GetAccountCommand({})), mail.region);
}

/** In SES's own words. */
export interface MailAccount {
  readonly ProductionAccessEnabled?: boolean | undefined;
  readonly SendingEnabled?: boolean | undefined;
  readonly EnforcementStatus?: string | undefined;
  readonly SendQuota?:
    | { readonly Max24HourSend?: number | undefined; readonly SentLast24Hours?: number | undefined }
    | undefined;
}

const NEARLY = 0.8;

export function judgeMailAccount(account: MailAccount, region: string): readonly Verdict[] {
  const { Max24HourSend: most = 0, SentLast24Hours: sent = 0 } = account.SendQuota ?? {};
  const page = `https://${region}.console.aws.amazon.com/ses/home?region=${region}#/account`;
  if (account.SendingEnabled === false)
    return [
      fail(
        `SES in ${region} sends nothing for this account (${account.EnforcementStatus ?? 'switched off'})`,
        `See why: ${page}`,
      ),
    ];
  const wrong: Verdict[] = [];
  if (account.ProductionAccessEnabled !== true)
    wrong.push(
      warn(
        `this account is in the sandbox of SES in ${region}: letters go to verified addresses only`,
        `Ask AWS to let you out, or verify the addresses of your users: ${page}`,
      ),
    );
  // -1 is no bound at all.
  if (most >= 0 && sent >= NEARLY * most)
    wrong.push(warn(`${sent} of ${most} letters a day are sent in ${region}`, `Ask AWS for more: ${page}`));
  return wrong.length > 0
    ? wrong
    : [ok(`${sent} of ${most < 0 ? 'any number of' : most} letters were sent in 24 hours in ${region}`)];
}
