import {
  GetAccountCommand,
  type GetAccountCommandOutput,
  GetEmailIdentityCommand,
  type SESv2Client,
} from '@aws-sdk/client-sesv2';
import { type Problem, ProblemError, problem } from '../core/problems.ts';
import { Throttled } from '../engine/ports.ts';
import { callProblem } from './call-problem.ts';
import { throttledBy } from './throttling.ts';

interface Envelope {
  readonly from: string;
  readonly to: readonly string[];
}

/**
 * What to throw for a letter that SES did not take. An unverified sender and an unverified recipient of an account in the sandbox have
 * one code, `MessageRejected`: which it is, the account and the identity tell.
 * https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html#API_SendEmail_Errors
 */
export async function sesFailure(client: SESv2Client, error: unknown, envelope: Envelope): Promise<unknown> {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  // The quota of a day or a second: it passes.
  if (name === 'LimitExceededException') return new Throttled(`${name}: ${message}`, { cause: error });
  const trouble = throttledBy(error);
  if (trouble) return trouble;
  const told = await refusalOf(client, name, message, envelope);
  const found = told ?? callProblem(error);
  return found ? Object.assign(new ProblemError(found), { cause: error }) : error;
}

async function refusalOf(
  client: SESv2Client,
  name: string,
  reason: string,
  { from, to }: Envelope,
): Promise<Problem | undefined> {
  if (name === 'SendingPausedException' || name === 'AccountSuspendedException')
    return problem('mail-paused', { reason });
  if (name === 'MailFromDomainNotVerifiedException') return problem('mail-not-verified', { from });
  if (name !== 'MessageRejected') return undefined;
  const account = await accountOf(client);
  if (account?.SendingEnabled === false) return problem('mail-paused', { reason });
  if ((await isVerified(client, from)) === false) return problem('mail-not-verified', { from });
  if (account?.ProductionAccessEnabled === false) return problem('mail-sandbox', { to });
  return problem('mail-refused', { reason });
}

/** `undefined`: it cannot be asked. The letter's own refusal is what counts then. */
async function accountOf(client: SESv2Client): Promise<GetAccountCommandOutput | undefined> {
  try {
    return await client.send(new GetAccountCommand({}));
  } catch {
    return undefined;
  }
}

/** The address itself, its domain or a domain above it may be verified. `undefined`: it cannot be asked. */
async function isVerified(client: SESv2Client, from: string): Promise<boolean | undefined> {
  const address = /<([^<>]*)>\s*$/.exec(from)?.[1] ?? from.trim();
  const labels = address.slice(address.lastIndexOf('@') + 1).split('.');
  const domains = labels.slice(0, -1).map((_, at) => labels.slice(at).join('.'));
  for (const identity of [address, ...domains]) {
    try {
      const { VerifiedForSendingStatus } = await client.send(
        new GetEmailIdentityCommand({ EmailIdentity: identity }),
      );
      if (VerifiedForSendingStatus) return true;
    } catch (error) {
      if (!(error instanceof Error && error.name === 'NotFoundException')) return undefined;
    }
  }
  return false;
}
