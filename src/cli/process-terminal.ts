import type { Terminal } from './command.ts';

/** This very process as a terminal. Its streams are opened when they are used: that is a good part of a short command's time. */
export function processTerminal(signal: AbortSignal): Terminal {
  return {
    out: (text) => write(process.stdout, text),
    err: (text) => write(process.stderr, text),
    env: process.env,
    cwd: process.cwd(),
    get isInteractive() {
      return isTerminal(process.stderr);
    },
    signal,
    now: () => Date.now(),
    pause: (milliseconds) => pause(milliseconds, signal),
    readInput,
    get canAsk() {
      return isTerminal(process.stdin) && isTerminal(process.stderr);
    },
    async ask(question) {
      return this.canAsk ? ask(question) : undefined;
    },
    launch,
  };
}

async function launch(program: string, args: readonly string[]): Promise<number> {
  const [{ spawn }, { constants }] = await Promise.all([import('node:child_process'), import('node:os')]);
  return new Promise((resolve, reject) => {
    // Ctrl-C reaches the program from the terminal itself; we wait for what it makes of it.
    const child = spawn(program, args, { stdio: 'inherit' });
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)));
  });
}

/** The type says `boolean`, but a stream that is no terminal has no such property. */
function isTerminal(stream: { readonly isTTY?: boolean }): boolean {
  return stream.isTTY === true;
}

const watched = new WeakSet<NodeJS.WriteStream>();

function write(stream: NodeJS.WriteStream, text: string): void {
  if (!watched.has(stream)) {
    watched.add(stream);
    // `clusterdrop list | head -1`: whoever reads has had enough, which is no failure.
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
      process.exit(0);
    });
  }
  stream.write(text);
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
