import { ProblemError, problem } from '../core/problems.ts';
import { TEMPLATE_BYTES } from '../core/template-text.ts';
import type { Terminal } from './command.ts';

const PATIENCE = 30_000;
const MOST_REDIRECTS = 5;
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/**
 * Fetches a template, once. Only https is asked, also after a redirect; with `CLUSTERDROP_LOOPBACK_ONLY=1`, as in tests, only this
 * machine, which then may be asked by http. @throws ProblemError `template-unreachable`
 */
export async function fetchTemplate(
  address: string,
  { env, signal }: Pick<Terminal, 'env' | 'signal'>,
  patience = PATIENCE,
): Promise<Uint8Array> {
  const stop = AbortSignal.any([signal, AbortSignal.timeout(patience)]);
  let url = new URL(address);
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
    demandAllowed(url, env['CLUSTERDROP_LOOPBACK_ONLY'] === '1');
    const response = await asked(url, stop, patience);
    const { status, headers } = response;
    const next = headers.get('location');
    if (status >= 300 && status < 400 && next !== null && URL.canParse(next, url.href)) {
      await response.body?.cancel();
      url = new URL(next, url.href);
      continue;
    }
    if (status !== 200) throw unreachable(url, `the answer is ${status} ${response.statusText}`.trim());
    return within(response, url, patience);
  }
  throw unreachable(url, `it was sent on more than ${MOST_REDIRECTS} times`);
}

function demandAllowed(url: URL, loopbackOnly: boolean): void {
  const isHere = LOOPBACK.test(url.hostname);
  if (loopbackOnly && !isHere)
    throw unreachable(url, 'CLUSTERDROP_LOOPBACK_ONLY is set, and it is another machine');
  if (url.protocol !== 'https:' && !(loopbackOnly && url.protocol === 'http:'))
    throw unreachable(url, 'only https is asked, for nobody can change on the way what comes by it');
  if (url.username !== '' || url.password !== '') throw unreachable(url, 'it must not hold a password');
}

async function asked(url: URL, signal: AbortSignal, patience: number): Promise<Response> {
  try {
    return await fetch(url, { redirect: 'manual', signal });
  } catch (error) {
    throw unreachable(url, failureWords(error, patience));
  }
}

/** Read piece by piece: a size that the answer claims is anybody's word. */
async function within(response: Response, url: URL, patience: number): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const piece of response.body ?? []) {
      size += piece.length;
      if (size > TEMPLATE_BYTES) break;
      pieces.push(piece);
    }
  } catch (error) {
    throw unreachable(url, failureWords(error, patience));
  }
  if (size > TEMPLATE_BYTES)
    throw unreachable(url, `it has more than ${TEMPLATE_BYTES} bytes, the most that CloudFormation takes`);
  return Buffer.concat(pieces);
}

function failureWords(error: unknown, patience: number): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return `there was no answer within ${patience / 1000} seconds`;
  if (error.name === 'AbortError') return 'it was interrupted';
  return error.cause instanceof Error ? error.cause.message : error.message;
}

function unreachable(url: URL, why: string): ProblemError {
  const { origin, pathname } = url;
  // A query may be a signature that opens a private bucket.
  return new ProblemError(problem('template-unreachable', { from: origin + pathname, why }));
}
