import type { Cluster } from '../../core/identity.ts';
import { type HostedStack, type ResourceName, statusOf, type Turn, withTurn } from './hosted-stack.ts';
import type { Hosting } from './hosting.ts';

/** The operation is not wanted any more: a deletion was asked for in the meantime, or this process is about to end. */
export class Overtaken extends Error {}

/** What a resource could not be made of. */
export class ResourceFailure extends Error {
  readonly resource: ResourceName;
  constructor(resource: ResourceName, message: string) {
    super(message);
    this.resource = resource;
  }
}

/** The record of one stack, as it was looked at last, and what is added to it while an operation goes on. */
export class StackOperation {
  readonly #hosting: Hosting;
  readonly #ref: { readonly id: string; readonly name: string };
  readonly #cluster: Cluster;
  /** CloudFormation's word for it at the last look. */
  status = '';

  constructor(hosting: Hosting, { id, name }: Pick<HostedStack, 'id' | 'name'>, cluster: Cluster) {
    this.#hosting = hosting;
    this.#ref = { id, name };
    this.#cluster = cluster;
  }

  /** What is asked for now; `undefined` when the stack has gone. */
  async look(): Promise<HostedStack | undefined> {
    const stack = await this.#hosting.book.byId(this.#ref.id);
    this.status = stack ? statusOf(stack).status : 'DELETE_COMPLETE';
    return this.status === 'DELETE_COMPLETE' ? undefined : stack;
  }

  /** Adds a turn of events to the record, as long as the operation that it belongs to is still under way. @throws Overtaken */
  async turn(turn: Turn, facts: Partial<HostedStack> = {}): Promise<void> {
    let overtaken = false;
    const after = await this.#hosting.book.change(this.#ref, (stack) => {
      overtaken = statusOf(stack).status !== this.status;
      return overtaken ? stack : withTurn({ ...stack, ...facts }, turn, this.#hosting.clock.now());
    });
    if (!after || overtaken) throw new Overtaken();
    this.status = statusOf(after).status;
    this.#hosting.changed(this.#cluster);
  }

  /** The record with what has been added since. @throws Overtaken */
  async now(): Promise<HostedStack> {
    const stack = await this.#hosting.book.byId(this.#ref.id);
    if (!stack || statusOf(stack).status !== this.status) throw new Overtaken();
    return stack;
  }

  /** @throws Overtaken when this process is about to end, or the operation is not wanted any more */
  async unlessStopped(signal: AbortSignal): Promise<void> {
    if (signal.aborted) throw new Overtaken();
    await this.now();
  }
}
