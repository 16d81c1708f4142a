import type { Host } from './container-engine.ts';
import { engineTrouble } from './engine-trouble.ts';
import { imageOf } from './host-image.ts';
import { profileFiles, SETTINGS } from './host-kit.ts';
import { computeSettings } from './host-settings.ts';
import { type HostShape, limitsOf } from './host-shape.ts';
import type { HostedStack } from './hosted-stack.ts';
import type { Hosting } from './hosting.ts';
import { LABEL, type Labels } from './labels.ts';
import { type HostFile, tarOf } from './packed.ts';
import { Slots } from './slots.ts';
import { slurmParameters } from './slurm-parameters.ts';

const FIRST_PAUSE = 2000;
const LONGEST_PAUSE = 60_000;
/** A host that lived for so long did not die of its start. */
const GROWN_UP = 5 * 60_000;
/** One that is taken away sooner did no work: root on the login host can ask for nodes and not, again and again. */
const HARDLY_LIVED = 10_000;
/** The engine does much of a start one after the other: more at a time make none sooner, and each may carry 50 MB of profiles. */
const STARTS_AT_A_TIME = 8;

/** What keeps a node from coming, or from going. */
interface Failure {
  readonly what: 'come' | 'go';
  readonly reason: string;
  readonly times: number;
  /** By `performance.now()`. */
  readonly nextTry: number;
}

/** The compute hosts of one cluster: as many as Slurm wants, whatever happened before. */
export class ComputeHosts {
  readonly #hosting: Hosting;
  readonly #labels: Labels;
  readonly #done: () => void;
  readonly #underWay = new Map<string, Promise<void>>();
  readonly #failures = new Map<string, Failure>();
  /** When a host was started last, and how many times in a row it had been soon before. */
  readonly #starts = new Map<string, { readonly at: number; readonly again: number }>();
  readonly #starting = new Slots(STARTS_AT_A_TIME);

  /** `done`: a host was started or removed, or could not be. */
  constructor(hosting: Hosting, labels: Labels, done: () => void) {
    this.#hosting = hosting;
    this.#labels = labels;
    this.#done = done;
  }

  /** What the user should read about nodes that do not come. */
  notices(): string[] {
    return [...this.#failures].map(([node, { what, reason }]) => `${node} does not ${what}: ${reason}`);
  }

  /** Begins whatever makes what `look` finds what is wanted, and awaits none of it. @returns in how many ms to look again at the latest */
  async converge(
    stack: HostedStack,
    shape: HostShape,
    wanted: readonly number[],
    look: () => Promise<readonly Host[]>,
  ): Promise<number> {
    // What ends while the engine is asked may be seen as it was before: a host that has just begun to run as a dead one. Its end brings
    // about another look.
    const unsure = new Set(this.#underWay.keys());
    const there = await look();
    const now = performance.now();
    const byNode = new Map(there.map((host) => [host.labels[LABEL.host] ?? '', host] as const));
    const most = Number(slurmParameters(stack.parameters).ComputeMaxNodes);
    const names = new Set(
      wanted
        .map((number) => ({ number, node: `node-${number}` }))
        // One above a lowered number stays until its jobs have ended, but none is begun there: the books count the lowered number.
        .filter(
          ({ number, node }) =>
            number <= most || (number <= stack.mostNodes && byNode.get(node)?.isRunning === true),
        )
        .map(({ node }) => node),
    );
    const isDue = (node: string) => !unsure.has(node) && (this.#failures.get(node)?.nextTry ?? 0) <= now;
    for (const node of this.#failures.keys())
      if (!names.has(node) && !byNode.has(node)) this.#failures.delete(node);
    for (const [node, host] of byNode)
      if (!names.has(node) && isDue(node)) this.#begin(node, 'go', () => this.#remove(node, host));
    const waits = [LONGEST_PAUSE];
    const profile = once(() => this.#profileOf(stack));
    for (const node of names) {
      if (byNode.get(node)?.isRunning || !isDue(node)) continue;
      const wait = this.#pauseAfterDeath(node, now);
      if (wait > 0) waits.push(wait);
      else
        this.#begin(node, 'come', () => this.#starting.run(() => this.#start(stack, shape, node, profile)));
    }
    waits.push(...[...this.#failures.values()].map(({ nextTry }) => Math.max(50, nextTry - now)));
    return Math.min(...waits);
  }

  /** The first time a dead host is made anew at once; what dies, or comes and goes, again and again waits longer and longer. */
  #pauseAfterDeath(node: string, now: number): number {
    const { at, again } = this.#starts.get(node) ?? { at: 0, again: 0 };
    return again === 0 ? 0 : at + pauseAfter(again) - now;
  }

  /** Resolves when nothing is under way. */
  async settled(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay.values());
  }

  #begin(node: string, what: Failure['what'], work: () => Promise<void>): void {
    if (this.#underWay.has(node)) return;
    const under = work().then(
      () => {
        this.#failures.delete(node);
      },
      (error: unknown) => {
        const times = (this.#failures.get(node)?.times ?? 0) + 1;
        const { message: reason } = engineTrouble(error);
        this.#failures.set(node, { what, reason, times, nextTry: performance.now() + pauseAfter(times) });
      },
    );
    this.#underWay.set(
      node,
      under.finally(() => {
        this.#underWay.delete(node);
        this.#done();
      }),
    );
  }

  #profileOf({ parameters }: HostedStack): Promise<readonly HostFile[]> {
    const { Profiles } = slurmParameters(parameters);
    return profileFiles(this.#hosting.admin, ['all', ...Profiles.split(' ')]);
  }

  /** One that goes because nobody needs it any more did not die. */
  async #remove(node: string, { id }: Host): Promise<void> {
    const lived = performance.now() - (this.#starts.get(node)?.at ?? 0);
    await this.#hosting.engine.removeHost(id);
    if (lived >= HARDLY_LIVED) this.#starts.delete(node);
  }

  async #start(
    stack: HostedStack,
    shape: HostShape,
    node: string,
    profile: () => Promise<readonly HostFile[]>,
  ): Promise<void> {
    const { engine, machine, clock } = this.#hosting;
    const parameters = slurmParameters(stack.parameters);
    const id = await engine.createHost({
      name: `${stack.name}-${node}`,
      hostname: node,
      image: await imageOf(this.#hosting, stack),
      labels: { ...this.#labels, [LABEL.host]: node },
      network: stack.name,
      home: `${stack.name}-home`,
      ...limitsOf(shape, machine),
    });
    const settings = { path: SETTINGS, body: computeSettings(parameters, node) };
    await engine.putFiles(id, tarOf([settings, ...(await profile())], clock.now()));
    await engine.start(id);
    const at = performance.now();
    const before = this.#starts.get(node);
    this.#starts.set(node, { at, again: before && at - before.at < GROWN_UP ? before.again + 1 : 0 });
  }
}

function pauseAfter(times: number): number {
  return Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (times - 1));
}

function once<T>(work: () => Promise<T>): () => Promise<T> {
  let begun: Promise<T> | undefined;
  return () => (begun ??= work());
}
