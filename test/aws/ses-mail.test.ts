import { CreateEmailIdentityCommand, SESv2Client } from '@aws-sdk/client-sesv2';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { clientConfig } from '../../src/aws/access.ts';
import { openSesMail, SesMail } from '../../src/aws/ses-mail.ts';
import { ProblemError } from '../../src/core/problems.ts';
import { Throttled } from '../../src/engine/ports.ts';
import { mailContract } from '../contract/mail.contract.ts';
import { describeOnMoto, type Moto, startMoto } from '../emulator/moto.ts';
import { answering, type Loopback, REGION } from './s3-fixture.ts';

const FROM = 'Clusterdrop <clusterdrop@example.org>';
const LETTER = { id: 'ready-1', to: ['alice@example.org'], subject: 's', text: 't', at: 0 };

async function problemOf(call: Promise<unknown>): Promise<string> {
  const error = await call.then(
    () => new Error('it succeeded'),
    (reason: unknown) => reason,
  );
  if (error instanceof ProblemError) return error.problems.map((one) => one.code).join();
  throw error;
}

describeOnMoto('SES on the emulator', () => {
  let moto: Moto;
  beforeAll(async () => {
    moto = await startMoto();
  });
  afterAll(() => moto.stop());

  /** What moto keeps of each letter, the raw message whole. */
  async function messages(): Promise<{ raw_data: string; destinations: string[] }[]> {
    const data = (await (await fetch(`${moto.endpoint}/moto-api/data.json`)).json()) as {
      ses?: { RawMessage?: { raw_data: string; destinations: string[] }[] };
    };
    return data.ses?.RawMessage ?? [];
  }

  async function verify(EmailIdentity: string): Promise<void> {
    const client = new SESv2Client(clientConfig({ endpoint: moto.endpoint }, REGION));
    await client.send(new CreateEmailIdentityCommand({ EmailIdentity }));
    client.destroy();
  }

  mailContract('SES', async () => {
    await moto.reset();
    await verify('example.org');
    return {
      mail: openSesMail({ endpoint: moto.endpoint }, { region: REGION, from: FROM }),
      arrived: async () => (await messages()).map(({ raw_data }) => raw_data),
      close: async () => undefined,
    };
  });

  test('goes to those whom the letter names, and to nobody whom its text names', async () => {
    await moto.reset();
    await verify('clusterdrop@example.org');
    const mail = openSesMail({ endpoint: moto.endpoint }, { region: REGION, from: FROM });
    await mail.send({ ...LETTER, subject: 'x\r\nBcc: eve@example.org' });
    const [message] = await messages();
    expect(new Set(message?.destinations)).toEqual(new Set(['alice@example.org']));
  });

  test('says that a sender is not verified', async () => {
    await moto.reset();
    const mail = openSesMail({ endpoint: moto.endpoint }, { region: REGION, from: FROM });
    expect(await problemOf(mail.send(LETTER))).toBe('mail-not-verified');
    expect(await messages()).toEqual([]);
  });
});

// The emulator has no sandbox, pauses nobody and asks nobody to slow down.
let server: Loopback | undefined;
afterEach(() => server?.close());

interface Account {
  readonly refusal: string;
  readonly status?: number;
  /** GetAccount; `undefined`: not allowed. */
  readonly account?: { readonly SendingEnabled: boolean; readonly ProductionAccessEnabled: boolean };
  readonly verified?: readonly string[];
}

async function mailOf({ refusal, status = 400, account, verified = [] }: Account): Promise<SesMail> {
  server = await answering(({ url = '', method }, response) => {
    const answer = (code: number, body: object, type?: string) => {
      response.writeHead(code, {
        'content-type': 'application/json',
        ...(type !== undefined && { 'x-amzn-errortype': type }),
      });
      response.end(JSON.stringify(body));
    };
    if (method === 'POST') return answer(status, { message: 'in words' }, refusal);
    if (!account) return answer(403, { message: 'no' }, 'AccessDeniedException');
    if (url.startsWith('/v2/email/account')) return answer(200, account);
    const identity = decodeURIComponent(url.split('/').at(-1)?.split('?')[0] ?? '');
    if (verified.includes(identity)) return answer(200, { VerifiedForSendingStatus: true });
    return answer(404, { message: 'none' }, 'NotFoundException');
  });
  const config = { ...clientConfig({ endpoint: server.endpoint }, REGION), maxAttempts: 1 };
  return new SesMail({ client: new SESv2Client({ ...config, retryMode: 'standard' }), from: FROM });
}

const OPEN = { SendingEnabled: true, ProductionAccessEnabled: true };
const SANDBOX = { SendingEnabled: true, ProductionAccessEnabled: false };
const PAUSED = { SendingEnabled: false, ProductionAccessEnabled: true };

test.each<[string, Account]>([
  ['mail-not-verified', { refusal: 'MessageRejected', account: SANDBOX }],
  ['mail-not-verified', { refusal: 'MessageRejected', account: OPEN, verified: ['example.com'] }],
  ['mail-not-verified', { refusal: 'MailFromDomainNotVerifiedException' }],
  ['mail-sandbox', { refusal: 'MessageRejected', account: SANDBOX, verified: ['example.org'] }],
  ['mail-sandbox', { refusal: 'MessageRejected', account: SANDBOX, verified: ['clusterdrop@example.org'] }],
  ['mail-paused', { refusal: 'MessageRejected', account: PAUSED }],
  ['mail-paused', { refusal: 'SendingPausedException' }],
  ['mail-paused', { refusal: 'AccountSuspendedException' }],
  ['mail-refused', { refusal: 'MessageRejected', account: OPEN, verified: ['example.org'] }],
  ['mail-refused', { refusal: 'MessageRejected' }],
  ['access-denied', { refusal: 'AccessDeniedException', status: 403 }],
])('%s: %j', async (expected, account) => {
  const mail = await mailOf(account);
  expect(await problemOf(mail.send(LETTER))).toBe(expected);
});

test.each([
  ['TooManyRequestsException', 429],
  ['LimitExceededException', 400],
  ['InternalServiceError', 500],
])('%s (%i) is Throttled: the letter waits', async (refusal, status) => {
  const mail = await mailOf({ refusal, status });
  await expect(mail.send(LETTER)).rejects.toBeInstanceOf(Throttled);
});
