import { setTimeout as pause } from 'node:timers/promises';
import type { ContainerEngine } from './container-engine.ts';
import { type LoginLine, LoginLineReader, linesOf } from './login-lines.ts';

const FOLLOW = ['/usr/local/lib/clusterdrop/follow'];

/** Lines a second: a host that has more to say is made to wait. */
const MOST_LINES = 100;
/** Whoever hangs up at once is not called again at once. */
const SHORTEST_CALL = 2000;

/** What the login host of one cluster last told. Nothing listens here: a command there is read for as long as it runs. */
export class LoginWatch {
  readonly #told: (line: LoginLine) => void;
  #close: (() => void) | undefined;
  #host: string | undefined;

  constructor(told: (line: LoginLine) => void) {
    this.#told = told;
  }

  /** Whether it is being listened to at this moment. */
  isOn(host: string): boolean {
    return this.#host === host;
  }

  /** Begins to listen; `over` is called when that has come to an end, for whatever reason. */
  async begin(engine: ContainerEngine, host: string, over: () => void): Promise<void> {
    this.end();
    this.#host = host;
    try {
      const { out, err, ended, close } = await engine.open(host, FOLLOW);
      err.resume();
      this.#close = close;
      void this.#read(out, host, over);
      ended.catch(() => undefined);
    } catch (error) {
      this.#host = undefined;
      throw error;
    }
  }

  end(): void {
    this.#close?.();
    this.#close = undefined;
    this.#host = undefined;
  }

  async #read(out: Parameters<typeof linesOf>[0], host: string, over: () => void): Promise<void> {
    const reader = new LoginLineReader();
    const began = performance.now();
    let second = began;
    let lines = 0;
    try {
      for await (const text of linesOf(out)) {
        lines++;
        const left = second + 1000 - performance.now();
        if (left > 0 && lines > MOST_LINES) await pause(left, undefined, { ref: false });
        if (left <= 0 || lines > MOST_LINES) {
          second = performance.now();
          lines = 1;
        }
        const line = reader.read(text);
        if (line) this.#told(line);
      }
    } catch {
      // The host or the engine has gone: whoever waits for lines begins anew.
    }
    const early = began + SHORTEST_CALL - performance.now();
    if (early > 0 && this.#host === host) await pause(early, undefined, { ref: false });
    if (this.#host === host) this.end();
    over();
  }
}
