import type { ComputeHosts } from './compute-hosts.ts';
import { engineTrouble } from './engine-trouble.ts';
import type { FilesKeeper } from './files-keeper.ts';
import { type HostedStack, type ResourceName, stands } from './hosted-stack.ts';
import type { Hosting } from './hosting.ts';
import type { Labels } from './labels.ts';
import { BucketTrouble } from './save-files.ts';
import { Overtaken, type StackOperation } from './stack-operation.ts';

export interface EndParts {
  readonly hosting: Hosting;
  readonly operation: StackOperation;
  readonly labels: Labels;
  readonly files: FilesKeeper;
  readonly compute: ComputeHosts;
}

/** So long the engine may refuse to remove something before whoever can mend that is told, by a deletion that has failed. */
const PATIENCE = 2 * 60_000;

/** Takes one stack away, each step of which can be repeated: at the end of its cluster, or because it never became one. */
export class ClusterEnd {
  readonly #parts: EndParts;
  readonly #patience: number;
  /** Since when something is not removed, by `performance.now()`. */
  #since: number | undefined;

  /** `patience`: in milliseconds. */
  constructor(parts: EndParts, { patience = PATIENCE } = {}) {
    this.#parts = parts;
    this.#patience = patience;
  }

  /**
   * Takes it away, its files saved.
   * @throws Overtaken when it has failed: whoever asked for it decides whether it is tried again
   * @throws EngineTrouble when it is to be tried again by whoever calls
   */
  async remove(stack: HostedStack, signal: AbortSignal): Promise<void> {
    const { hosting, operation } = this.#parts;
    if (stands(stack, 'LoginReady')) await this.#saveLast(stack, signal);
    await this.#removeAll();
    await hosting.marks.forget(stack.id);
    await operation.turn({ status: 'DELETE_COMPLETE' });
  }

  /** Takes away what a failed creation has made. @throws as `remove` does */
  async rollBack(): Promise<void> {
    const { operation } = this.#parts;
    try {
      await this.#removeAll();
    } catch (error) {
      const trouble = engineTrouble(error);
      if (error instanceof Overtaken || trouble.kind !== 'gone') throw error;
      // Whoever asked is told now; what there is goes with the deletion that follows, which can wait.
      await operation.turn({ status: 'ROLLBACK_FAILED', reason: trouble.message });
      return;
    }
    await operation.turn({ status: 'ROLLBACK_COMPLETE' });
  }

  async #saveLast(stack: HostedStack, signal: AbortSignal): Promise<void> {
    try {
      await this.#parts.files.lastTime(stack, signal);
    } catch (error) {
      if (!(error instanceof BucketTrouble)) throw error;
      const reason = `~/files could not be saved, so nothing was removed: ${error.message}`;
      await this.#fail('LoginHost', reason);
    }
  }

  /** Hosts, then what they rested on. */
  async #removeAll(): Promise<void> {
    const { hosting, labels, compute } = this.#parts;
    const { engine } = hosting;
    await compute.settled();
    await this.#removeEach(
      'LoginHost',
      () => engine.hosts(labels),
      (id) => engine.removeHost(id),
    );
    for (const [resource, kind] of [
      ['HomeVolume', engine.volumes],
      ['Network', engine.networks],
    ] as const)
      await this.#removeEach(
        resource,
        () => kind.list(labels),
        (id) => kind.remove(id),
      );
    this.#since = undefined;
  }

  async #removeEach(
    resource: ResourceName,
    list: () => Promise<readonly { readonly id: string }[]>,
    remove: (id: string) => Promise<unknown>,
  ): Promise<void> {
    try {
      await Promise.all((await list()).map(({ id }) => remove(id)));
    } catch (error) {
      const trouble = engineTrouble(error);
      this.#since ??= performance.now();
      // Somebody's own container in its network, say. An engine that does not answer has refused nothing.
      if (trouble.kind === 'gone' || performance.now() - this.#since < this.#patience) throw error;
      await this.#fail(resource, trouble.message);
    }
    await this.#parts.operation.turn({ resource, status: 'DELETE_COMPLETE' });
  }

  async #fail(resource: ResourceName, reason: string): Promise<never> {
    const { operation } = this.#parts;
    this.#since = undefined;
    await operation.turn({ resource, status: 'DELETE_FAILED', reason });
    const lost = `The following resource(s) failed to delete: [${resource}].`;
    const status = operation.status === 'DELETE_IN_PROGRESS' ? 'DELETE_FAILED' : 'ROLLBACK_FAILED';
    await operation.turn({ status, reason: lost });
    throw new Overtaken();
  }
}
