import { problemsOf } from '../engine/problems-of.ts';
import { runAll } from './run-all.ts';
import type { LocalWorld } from './world.ts';

/** Old versions of files: kept for so long, and of each file at least the last few. */
const KEPT_FOR = 30 * 24 * 60 * 60 * 1000;
const KEPT_AT_LEAST = 5;
const EVERY = 60 * 60 * 1000;

/** Lets old versions of both buckets go now and then, beside everything else: there may be a great many. */
export class Housekeeping {
  readonly #world: Pick<LocalWorld, 'store' | 'adminStore' | 'clock' | 'log'>;
  #next = 0;
  #underWay: Promise<void> | undefined;

  constructor(world: Pick<LocalWorld, 'store' | 'adminStore' | 'clock' | 'log'>) {
    this.#world = world;
  }

  /** Begins what is due, unless the last time is not over yet. Returns at once. */
  tick(): void {
    const now = this.#world.clock.now();
    if (this.#underWay || now < this.#next) return;
    this.#next = now + EVERY;
    this.#underWay = this.#expire().finally(() => {
      this.#underWay = undefined;
    });
  }

  /** Resolves when nothing is under way. */
  async stopped(): Promise<void> {
    await this.#underWay;
  }

  async #expire(): Promise<void> {
    const { store, adminStore, log } = this.#world;
    try {
      await runAll([store, adminStore].map((one) => () => one.expireVersions(KEPT_FOR, KEPT_AT_LEAST)));
    } catch (error) {
      for (const one of problemsOf(error)) log.trouble('housekeeping', one);
    }
  }
}
