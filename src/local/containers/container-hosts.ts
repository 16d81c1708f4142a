import type { Cluster } from '../../core/identity.ts';
import type { LocalHosts } from '../local-hosts.ts';
import { Caretaker } from './caretaker.ts';
import type { HostedBook } from './hosted-book.ts';
import { statusOf } from './hosted-stack.ts';
import type { Hosting } from './hosting.ts';
import type { SoleCaretaker } from './sole-caretaker.ts';

/** Stacks of containers change when their hosts do: whoever looks after them says so. */
export class ContainerHosts implements LocalHosts {
  readonly #book: HostedBook;
  readonly #caretaker: Caretaker | undefined;
  #listener: (cluster: Cluster) => void = () => undefined;

  /** Without `hosting` nobody is looked after here: for programs that only want to know. */
  constructor(book: HostedBook, hosting?: Omit<Hosting, 'changed'>, post?: SoleCaretaker) {
    this.#book = book;
    this.#caretaker =
      hosting && post && new Caretaker({ ...hosting, changed: (cluster) => this.#listener(cluster) }, post);
  }

  tick(): void {
    this.#caretaker?.tick();
  }

  async stopped(): Promise<void> {
    await this.#caretaker?.stopped();
  }

  async nextChange(): Promise<undefined> {
    return undefined;
  }

  async underWay() {
    const stacks: { readonly id: string; readonly name: string }[] = [];
    for await (const stack of this.#book.living())
      if (statusOf(stack).status.endsWith('_IN_PROGRESS')) stacks.push({ id: stack.id, name: stack.name });
    return stacks;
  }

  onChange(listener: (cluster: Cluster) => void): void {
    this.#listener = listener;
  }
}
