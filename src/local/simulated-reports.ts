import { identityOf } from '../core/identity.ts';
import { isoOf, MINUTE } from '../core/instant.ts';
import type { World } from '../engine/world.ts';

const EVERY = MINUTE;

/**
 * What simulated clusters tell of themselves, as real login nodes do: nobody can log in to them, so they are idle from the
 * moment they are ready. Only those that were asked to mind it report.
 */
export class SimulatedReports {
  readonly #world: World;
  #next = 0;

  constructor(world: World) {
    this.#world = world;
  }

  /** Writes the reports that are due. */
  async tick(): Promise<void> {
    const { admin, clock, installation, ledgers } = this.#world;
    const now = clock.now();
    if (now < this.#next) return;
    this.#next = now + EVERY;
    for (const user of await ledgers.users()) {
      for (const entry of Object.values((await ledgers.read(user)).clusters)) {
        if (
          entry.settings.IdleTimeout === 'off' ||
          entry.readyAt === undefined ||
          entry.endedAt !== undefined
        )
          continue;
        const report = { version: 1, at: isoOf(now), lastUse: isoOf(entry.readyAt) };
        await admin.put(
          `reports/${identityOf(installation.id, entry.cluster)}.json`,
          `${JSON.stringify(report)}\n`,
        );
      }
    }
  }
}
