import type { Readable } from 'node:stream';
import type { ContainerEngine } from './container-engine.ts';
import { ACCOUNT_ID } from './login-account-id.ts';

/** A login host that runs, and whose it is. */
export interface UsersHost {
  readonly engine: ContainerEngine;
  /** Its id. */
  readonly host: string;
  readonly account: string;
  /** Gives up at once what is done there. */
  readonly signal?: AbortSignal;
}

/** So that nothing is read that they could not read themselves. */
const AS_USER = `${ACCOUNT_ID}:${ACCOUNT_ID}`;
/** So long a host may say nothing. */
const PATIENCE = 60_000;
const MOST_COMPLAINT = 64 * 1024;

/** A command on the host, as its user. `close` lets go of it. */
export async function begun({ engine, host, signal }: UsersHost, command: readonly string[], input?: Buffer) {
  signal?.throwIfAborted();
  const run = await engine.open(host, command, {
    user: AS_USER,
    patienceMs: PATIENCE,
    ...(input && { input }),
  });
  signal?.addEventListener('abort', run.close, { once: true });
  // It may have been told while the engine was asked.
  if (signal?.aborted) run.close();
  run.ended.catch(() => undefined).finally(() => signal?.removeEventListener('abort', run.close));
  return run;
}

/** The beginning, for people; all of it is read. */
export async function startOf(stream: Readable): Promise<string> {
  let text = '';
  for await (const chunk of stream) if (text.length < MOST_COMPLAINT) text += String(chunk);
  return text.slice(0, 300);
}
