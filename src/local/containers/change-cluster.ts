import { EngineTrouble, engineTrouble } from './engine-trouble.ts';
import type { HostedStack } from './hosted-stack.ts';
import type { LoginHost } from './login-host.ts';
import { Overtaken, type StackOperation } from './stack-operation.ts';

/** So long a login host may refuse to work with settings, new or former: nothing can be deleted while it is being changed. */
const PATIENCE = 5 * 60_000;

/** Updates of one stack, which are a matter of its login host alone: it gets new settings, or its former ones back. */
export class ClusterChange {
  readonly #operation: StackOperation;
  readonly #login: LoginHost;
  /** By `performance.now()`. */
  #since: number | undefined;

  constructor(operation: StackOperation, login: LoginHost) {
    this.#operation = operation;
    this.#login = login;
  }

  /**
   * Brings the update that is under way to its end, or to its undoing. A host that does not stay up, or refuses even what it had, is its
   * user's: it must not be able to hold off its deletion with that.
   * @throws EngineTrouble when it is to be tried again
   */
  async run(stack: HostedStack): Promise<void> {
    this.#since ??= performance.now();
    try {
      await this.#change(stack);
    } catch (error) {
      const trouble = engineTrouble(error);
      const isLate = performance.now() - this.#since > PATIENCE;
      if (error instanceof Overtaken) this.#since = undefined;
      if (error instanceof Overtaken || trouble.kind === 'gone' || !isLate) throw error;
      if (this.#isUndoing())
        await this.#operation.turn(
          { status: 'UPDATE_ROLLBACK_FAILED', reason: trouble.message },
          stack.before,
        );
      else await this.#undo(trouble.message);
    }
    this.#since = undefined;
  }

  async #change(stack: HostedStack): Promise<void> {
    const operation = this.#operation;
    const former = this.#isUndoing() ? stack.before : undefined;
    const latest = stack.events.findLast((event) => event.logicalId === 'LoginHost');
    // Told once, however often it is tried.
    if (latest?.status !== 'UPDATE_IN_PROGRESS')
      await operation.turn({ resource: 'LoginHost', status: 'UPDATE_IN_PROGRESS' });
    const refused = await this.#login.apply({ ...stack, ...former });
    if (refused === undefined) {
      const status = this.#isUndoing() ? 'UPDATE_ROLLBACK_COMPLETE' : 'UPDATE_COMPLETE';
      await operation.turn({ resource: 'LoginHost', status: 'UPDATE_COMPLETE' });
      await operation.turn({ status }, former);
    } else if (this.#isUndoing()) {
      throw new EngineTrouble('other', `the former settings could not be put back: ${refused}`);
    } else {
      await this.#undo(refused);
    }
  }

  #isUndoing(): boolean {
    return this.#operation.status === 'UPDATE_ROLLBACK_IN_PROGRESS';
  }

  async #undo(reason: string): Promise<void> {
    await this.#operation.turn({ resource: 'LoginHost', status: 'UPDATE_FAILED', reason });
    const lost = 'The following resource(s) failed to update: [LoginHost].';
    await this.#operation.turn({ status: 'UPDATE_ROLLBACK_IN_PROGRESS', reason: lost });
  }
}
