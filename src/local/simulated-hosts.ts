import type { Instant } from '../core/instant.ts';
import type { LocalHosts } from './local-hosts.ts';
import { SimulatedReports } from './simulated-reports.ts';
import type { SimulatedStacks } from './simulated-stacks.ts';

/** Simulated stacks need nobody: when they change is known beforehand. What they tell of themselves is written now and then. */
export class SimulatedHosts implements LocalHosts {
  readonly #stacks: SimulatedStacks;
  readonly #reports: SimulatedReports;

  constructor(stacks: SimulatedStacks, world: ConstructorParameters<typeof SimulatedReports>[0]) {
    this.#stacks = stacks;
    this.#reports = new SimulatedReports(world);
  }

  tick(): Promise<void> {
    return this.#reports.tick();
  }

  async stopped(): Promise<void> {}

  nextChange(stackId: string, seen: Instant): Promise<Instant | undefined> {
    return this.#stacks.nextChange(stackId, seen);
  }

  underWay() {
    return this.#stacks.nextChanges();
  }

  onChange(): void {}
}
