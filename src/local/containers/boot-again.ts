import type { ContainerEngine, Host } from './container-engine.ts';
import type { BootLine } from './login-boot.ts';

const FIRST_PAUSE = 5000;
const LONGEST_PAUSE = 5 * 60_000;

/**
 * A login host that was started again, after its machine was, say, may fail in its boot: nothing there works then, although it runs.
 * It is started anew, less and less often.
 */
export class BootAgain {
  readonly #engine: ContainerEngine;
  #times = 0;
  /** By `performance.now()`. */
  #next = 0;
  #notice: string | undefined;

  constructor(engine: ContainerEngine) {
    this.#engine = engine;
  }

  /** What its user should read about it. */
  notices(): string[] {
    return this.#notice === undefined ? [] : [this.#notice];
  }

  /** @returns whether the host was started anew: what it told before is of its past */
  async look(host: Host, boot: BootLine | undefined): Promise<boolean> {
    if (boot?.kind === 'ready') {
      this.#times = 0;
      this.#notice = undefined;
    }
    if (boot?.kind !== 'failed') return false;
    const last = boot.log.findLast((line) => !line.startsWith('== ')) ?? 'it said nothing';
    this.#notice = `the login node was started again, and its step "${boot.name}" failed (${last}): it is tried again`;
    const now = performance.now();
    if (now < this.#next) return false;
    this.#times++;
    this.#next = now + Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (this.#times - 1));
    await this.#engine.restart(host.id);
    return true;
  }
}
