import type { Terminal } from './command.ts';

/** This very process as a terminal. */
export function processTerminal(signal: AbortSignal): Terminal {
  const canAsk = Boolean(process.stdin.isTTY && process.stderr.isTTY);
  return {
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
    env: process.env,
    cwd: process.cwd(),
    isInteractive: Boolean(process.stderr.isTTY),
    signal,
    now: () => Date.now(),
    pause: (milliseconds) => pause(milliseconds, signal),
    readInput,
    canAsk,
    ask: async (question) => (canAsk ? ask(question) : undefined),
  };
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener('abort', done);
  });
}

async function readInput(): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks);
}

/** Questions go where progress goes, so that a redirected answer stays clean. */
async function ask(question: string): Promise<string | undefined> {
  const { createInterface } = await import('node:readline');
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await new Promise((resolve) => {
      lines.on('SIGINT', () => resolve(undefined));
      lines.on('close', () => resolve(undefined));
      lines.question(question, resolve);
    });
  } finally {
    lines.close();
  }
}
