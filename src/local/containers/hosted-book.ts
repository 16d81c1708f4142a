import { join } from 'node:path';
import { FolderLock } from '../folder-lock.ts';
import { nameFault } from '../order-fault.ts';
import { StackFolder } from '../stack-folder.ts';
import { type HostedStack, statusOf } from './hosted-stack.ts';

/** The stacks of containers of one folder, on disk: any process may read them, and change one under the lock. */
export class HostedBook {
  readonly #folder: StackFolder<HostedStack>;
  readonly #lock: FolderLock;

  constructor(folder: string) {
    this.#folder = new StackFolder(folder);
    this.#lock = new FolderLock(join(folder, 'lock'));
  }

  /** Also when it has ended. */
  byId(id: string): Promise<HostedStack | undefined> {
    return this.#folder.byId(id);
  }

  /** The living stack of this name. */
  async named(name: string): Promise<HostedStack | undefined> {
    // What is no name may be a path.
    const stack = nameFault(name) === undefined ? await this.#folder.living(name) : undefined;
    return stack && !hasEnded(stack) ? stack : undefined;
  }

  async *living(): AsyncGenerator<HostedStack> {
    for (const file of await this.#folder.livingFiles()) {
      const stack = await this.#folder.livingAt(file);
      if (stack && !hasEnded(stack)) yield stack;
    }
  }

  /** `undefined` when another stack has the name: then that one. */
  add(stack: HostedStack): Promise<HostedStack | undefined> {
    return this.#lock.run(() => {
      const before = this.#folder.livingSync(stack.name);
      if (before && hasEnded(before)) this.#folder.endSync(before);
      return this.#folder.addSync(stack) ? undefined : this.#folder.livingSync(stack.name);
    });
  }

  /**
   * Replaces a living stack by what `change` makes of it as it is now; nothing happens when it gives back the same. A stack that is
   * deleted gives its name away. @returns the stack as it is then; `undefined` when there is none of this id that lives
   */
  change(
    { id, name }: Pick<HostedStack, 'id' | 'name'>,
    change: (stack: HostedStack) => HostedStack,
  ): Promise<HostedStack | undefined> {
    return this.#lock.run(() => {
      const before = this.#folder.livingSync(name);
      if (before?.id !== id || hasEnded(before)) return undefined;
      const after = change(before);
      if (after === before) return before;
      this.#folder.replaceSync(after);
      if (hasEnded(after)) this.#folder.endSync(after);
      return after;
    });
  }
}

/** It has still its name if a process has died just before it gave that away. */
function hasEnded(stack: HostedStack): boolean {
  return statusOf(stack).status === 'DELETE_COMPLETE';
}
