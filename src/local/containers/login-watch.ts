import { setTimeout as pause } from 'node:timers/promises';
import type { ContainerEngine } from './container-engine.ts';
import type { OpenCommand } from './host-commands.ts';
import { type LoginLine, LoginLineReader, linesOf } from './login-lines.ts';

const FOLLOW = ['/usr/local/lib/clusterdrop/follow'];

/** Lines a second: a host that has more to say is made to wait. */
const MOST_LINES = 100;
/** Whoever hangs up at once is not called again at once. */
const SHORTEST_CALL = 2000;
/** Exit codes of a command that never began. The engine's reason stands where its output would. */
const NEVER_BEGAN = new Set([126, 127]);
const LONGEST_REASON = 300;

/** What the login host of one cluster last told. Nothing listens here: a command there is read for as long as it runs. */
export class LoginWatch {
  readonly #told: (line: LoginLine) => void;
  #close: (() => void) | undefined;
  #host: string | undefined;
  /** The call that is listened to: a former one of the same host may take a moment to end. */
  #call = 0;
  #mute: string | undefined;

  constructor(told: (line: LoginLine) => void) {
    this.#told = told;
  }

  /** Whether it is being listened to at this moment. */
  isOn(host: string): boolean {
    return this.#host === host;
  }

  /** Why nothing is heard, while the engine can run no command there. */
  get mute(): string | undefined {
    return this.#mute;
  }

  /** Begins to listen; `over` is called when that has come to an end, for whatever reason. */
  async begin(engine: ContainerEngine, host: string, over: () => void): Promise<void> {
    this.end();
    this.#host = host;
    const call = this.#call;
    try {
      const command = await engine.open(host, FOLLOW);
      command.err.resume();
      if (call !== this.#call) return command.close();
      this.#close = command.close;
      void this.#read(command, call, over);
    } catch (error) {
      if (call === this.#call) this.#host = undefined;
      throw error;
    }
  }

  end(): void {
    this.#call++;
    this.#close?.();
    this.#close = undefined;
    this.#host = undefined;
  }

  async #read({ out, ended }: OpenCommand, call: number, over: () => void): Promise<void> {
    const reader = new LoginLineReader();
    let heard = false;
    let last = '';
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
        if (this.#call !== call) break;
        const line = reader.read(text);
        last = text;
        if (!line) continue;
        heard = true;
        this.#mute = undefined;
        this.#told(line);
      }
      if (!heard && NEVER_BEGAN.has(await ended) && this.#call === call)
        this.#mute = `no command can be run on the login node (${last.trim().slice(0, LONGEST_REASON)}): whoever looks after this machine's container engine has to mend that`;
    } catch {
      // The host or the engine has gone: whoever waits for lines begins anew.
    }
    const early = began + SHORTEST_CALL - performance.now();
    if (early > 0 && this.#call === call) await pause(early, undefined, { ref: false });
    if (this.#call === call) this.end();
    over();
  }
}
