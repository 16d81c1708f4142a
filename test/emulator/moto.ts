import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, test } from 'vitest';

/** A whole emulated AWS account, empty at first, in a process of its own. */
export interface Moto {
  readonly endpoint: string;
  /** Makes the account empty again. */
  reset(): Promise<void>;
  stop(): Promise<void>;
  /** The last that it said about itself. */
  said(): string;
}

const PATIENCE = 60_000;

/** Times: another one may take the port that was free a moment ago. */
const STARTS = 5;

export async function startMoto(): Promise<Moto> {
  for (let start = 1; ; start++) {
    try {
      return await started(await freePort());
    } catch (error) {
      if (start === STARTS || !/in use/i.test(String(error))) throw error;
    }
  }
}

async function started(port: number): Promise<Moto> {
  const child = spawn(
    'python3',
    [join(import.meta.dirname, 'moto-server.py'), '-H', '127.0.0.1', '-p', String(port)],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
      // Nothing of the tests' own AWS settings: an empty profile name, right for the SDK, is wrong for Python.
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'], AWS_EC2_METADATA_DISABLED: 'true' },
    },
  );
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-4000);
  });
  const endpoint = `http://127.0.0.1:${port}`;
  await answers(`${endpoint}/moto-api/`, child, () => said);
  return {
    endpoint,
    said: () => said,
    reset: async () => {
      await fetch(`${endpoint}/moto-api/reset`, { method: 'POST' });
    },
    stop: () =>
      new Promise((resolve) => {
        child.once('exit', () => resolve());
        child.kill('SIGKILL');
      }),
  };
}

async function answers(url: string, child: ChildProcess, said: () => string): Promise<void> {
  for (const begin = performance.now(); performance.now() - begin < PATIENCE; await pause(50)) {
    if (child.exitCode !== null) throw new Error(`moto ended: ${said()}`);
    const response = await fetch(url).catch(() => undefined);
    if (response?.ok) return;
  }
  child.kill('SIGKILL');
  throw new Error(`moto does not answer: ${said()}`);
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

let available: boolean | undefined;

function motoIsThere(): boolean {
  available ??= spawnSync('python3', ['-c', 'import moto.server'], { stdio: 'ignore' }).status === 0;
  return available;
}

/** Tests on the emulator. Where it is missing they are skipped with one line; in a continuous integration run they fail. */
export function describeOnMoto(
  title: string,
  tests: () => void,
  options: { readonly timeout?: number } = {},
): void {
  const timeout = options.timeout ?? 120_000;
  if (motoIsThere()) describe(title, { timeout }, tests);
  else if (process.env['CI'] !== undefined)
    test(`${title}: needs moto`, () => {
      throw new Error("moto is missing: pip install 'moto[server]'");
    });
  else describe.skip(`${title} (skipped: pip install 'moto[server]')`, tests);
}
