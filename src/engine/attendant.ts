import { type Instant, MINUTE, SECOND } from '../core/instant.ts';
import { attend, nudgeKey } from './attend.ts';
import { problemsOf } from './problems-of.ts';
import { type Nudge, sweep } from './sweep.ts';
import type { World } from './world.ts';

/** Nudges that wait, and how many are followed up at the same time. */
interface Lane {
  readonly queue: Map<string, Nudge>;
  readonly atOnce: number;
  busy: number;
}

interface Job {
  readonly nudge: Nudge;
  /** Nudged again while at work: the work may have looked too early. */
  stale: boolean;
}

export interface AttendantOptions {
  readonly world: World;
  /** Nudges followed up at the same time. */
  readonly atOnce?: number;
  readonly sweepEvery?: number;
  /** When something of this cluster changes first after `seen`, where the world can tell; it may have done so already. */
  readonly nextChange?: (nudge: Nudge, seen: Instant) => Promise<Instant | undefined>;
}

const FIRST_PAUSE = SECOND;
const LONGEST_PAUSE = MINUTE;

/**
 * Follows up nudges in a process that lives on: one at a time for each cluster, several clusters at once.
 * It has no timers: whoever owns it calls `tick()` now and then, and a test does so with a clock of its own.
 */
export class Attendant {
  readonly #options: AttendantOptions;
  readonly #world: World;
  readonly #clusters: Lane;
  /** Of their own: a mail server that hangs must hold up no cluster. */
  readonly #mail: Lane = { queue: new Map(), atOnce: 2, busy: 0 };
  readonly #working = new Map<string, Job>();
  readonly #due = new Map<string, { readonly at: Instant; readonly nudge: Nudge }>();
  readonly #failures = new Map<string, number>();
  readonly #idle: (() => void)[] = [];
  #nextSweep = 0;
  #sweeping = false;
  #stopping = false;

  constructor(options: AttendantOptions) {
    this.#options = options;
    this.#world = options.world;
    this.#clusters = { queue: new Map(), atOnce: options.atOnce ?? 16, busy: 0 };
  }

  nudge(nudge: Nudge): void {
    this.#enqueue(nudge);
    this.#work();
  }

  /** Follows up what is due, and sweeps now and then. Returns at once; the work goes on. */
  tick(): void {
    const now = this.#world.clock.now();
    for (const [key, { at, nudge }] of this.#due) {
      if (at > now) continue;
      this.#due.delete(key);
      this.nudge(nudge);
    }
    if (now >= this.#nextSweep && !this.#sweeping) {
      this.#nextSweep = now + (this.#options.sweepEvery ?? MINUTE);
      void this.#sweep();
    }
  }

  /** When `tick` has something to do next. */
  nextDue(): Instant {
    return Math.min(this.#nextSweep, ...[...this.#due.values()].map((one) => one.at));
  }

  /** Resolves when nothing is queued or under way. */
  settled(): Promise<void> {
    return this.#isIdle() ? Promise.resolve() : new Promise((resolve) => this.#idle.push(resolve));
  }

  /** Takes nothing new and resolves when what is under way has come to an end. What is left is found by the next start. */
  stopped(): Promise<void> {
    this.#stopping = true;
    this.#clusters.queue.clear();
    this.#mail.queue.clear();
    this.#due.clear();
    return this.settled();
  }

  #isIdle(): boolean {
    return this.#clusters.queue.size + this.#mail.queue.size + this.#working.size === 0 && !this.#sweeping;
  }

  async #sweep(): Promise<void> {
    this.#sweeping = true;
    try {
      for await (const nudge of sweep(this.#world)) this.nudge(nudge);
    } catch (error) {
      this.#tell('sweep', error);
    }
    this.#sweeping = false;
    this.#work();
  }

  #enqueue(nudge: Nudge): void {
    if (this.#stopping) return;
    const key = nudgeKey(nudge);
    const job = this.#working.get(key);
    if (job) job.stale = true;
    else this.#laneOf(nudge).queue.set(key, nudge);
  }

  #work(): void {
    for (const lane of [this.#clusters, this.#mail]) {
      for (const [key, nudge] of lane.queue) {
        if (lane.busy >= lane.atOnce) break;
        lane.queue.delete(key);
        lane.busy++;
        this.#working.set(key, { nudge, stale: false });
        void this.#follow(key, nudge);
      }
    }
    if (this.#isIdle()) for (const resolve of this.#idle.splice(0)) resolve();
  }

  #laneOf(nudge: Nudge): Lane {
    return nudge.kind === 'mail' ? this.#mail : this.#clusters;
  }

  async #follow(key: string, nudge: Nudge): Promise<void> {
    try {
      const { seen, again } = await attend(this.#world, nudge);
      const change = await this.#options.nextChange?.(nudge, seen);
      this.#failures.delete(key);
      const at = Math.min(again ?? Infinity, change ?? Infinity);
      if (Number.isFinite(at)) this.#due.set(key, { at, nudge });
      else this.#due.delete(key);
      if (nudge.kind === 'cluster') this.#enqueue({ kind: 'mail', user: nudge.cluster.user });
    } catch (error) {
      const failures = (this.#failures.get(key) ?? 0) + 1;
      this.#failures.set(key, failures);
      this.#due.set(key, {
        at: this.#world.clock.now() + Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (failures - 1)),
        nudge,
      });
      // Said once, not at every try.
      if (failures === 1) this.#tell(key, error);
    }
    const stale = this.#working.get(key)?.stale === true;
    this.#working.delete(key);
    this.#laneOf(nudge).busy--;
    if (stale) this.#enqueue(nudge);
    this.#work();
  }

  #tell(about: string, error: unknown): void {
    for (const one of problemsOf(error)) this.#world.log.trouble(about, one);
  }
}
