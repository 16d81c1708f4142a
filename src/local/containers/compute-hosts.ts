import type { Host } from './container-engine.ts';
import { engineTrouble } from './engine-trouble.ts';
import { imageOf } from './host-image.ts';
import { profileFiles, SETTINGS } from './host-kit.ts';
import { computeSettings } from './host-settings.ts';
import { type HostShape, limitsOf } from './host-shape.ts';
import type { HostedStack } from './hosted-stack.ts';
import type { Hosting } from './hosting.ts';
import { LABEL, type Labels } from './labels.ts';
import { packed } from './packed.ts';
import { slurmParameters } from './slurm-parameters.ts';

const FIRST_PAUSE = 2000;
const LONGEST_PAUSE = 60_000;

/** What keeps a node from coming. */
interface Failure {
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

  /** `done`: a host was started or removed, or could not be. */
  constructor(hosting: Hosting, labels: Labels, done: () => void) {
    this.#hosting = hosting;
    this.#labels = labels;
    this.#done = done;
  }

  /** What the user should read about nodes that do not come. */
  notices(): string[] {
    return [...this.#failures].map(([node, { reason }]) => `${node} does not come: ${reason}`);
  }

  /** Begins whatever makes `there` what is wanted. Returns at once. @returns in how many ms to look again at the latest */
  converge(stack: HostedStack, shape: HostShape, wanted: readonly number[], there: readonly Host[]): number {
    const now = performance.now();
    const names = new Set(
      wanted.filter((number) => number <= stack.mostNodes).map((number) => `node-${number}`),
    );
    for (const node of this.#failures.keys()) if (!names.has(node)) this.#failures.delete(node);
    const byNode = new Map(there.map((host) => [host.labels[LABEL.host] ?? '', host] as const));
    for (const [node, host] of byNode)
      if (!names.has(node)) this.#begin(node, () => this.#hosting.engine.removeHost(host.id));
    for (const node of names) {
      const failure = this.#failures.get(node);
      if (byNode.get(node)?.isRunning || (failure && failure.nextTry > now)) continue;
      this.#begin(node, () => this.#start(stack, shape, node));
    }
    return Math.min(
      LONGEST_PAUSE,
      ...[...this.#failures.values()].map(({ nextTry }) => Math.max(50, nextTry - now)),
    );
  }

  /** Resolves when nothing is under way. */
  async settled(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay.values());
  }

  #begin(node: string, work: () => Promise<void>): void {
    if (this.#underWay.has(node)) return;
    const under = work().then(
      () => {
        this.#failures.delete(node);
      },
      (error: unknown) => {
        const times = (this.#failures.get(node)?.times ?? 0) + 1;
        const pause = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (times - 1));
        const { message: reason } = engineTrouble(error);
        this.#failures.set(node, { reason, times, nextTry: performance.now() + pause });
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

  async #start(stack: HostedStack, shape: HostShape, node: string): Promise<void> {
    const { engine, admin, machine, clock } = this.#hosting;
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
    const profile = await profileFiles(admin, ['all', ...parameters.Profiles.split(' ')]);
    const settings = { path: SETTINGS, body: computeSettings(parameters, node) };
    await engine.putFiles(id, await packed([settings, ...profile], clock.now()));
    await engine.start(id);
  }
}
