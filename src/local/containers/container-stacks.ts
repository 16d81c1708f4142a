import type { Blueprint } from '../../core/blueprint.ts';
import type {
  BlueprintRef,
  Clock,
  CreateOutcome,
  RemoveOutcome,
  StackEvent,
  StackOrder,
  StackReport,
  Stacks,
  UpdateOutcome,
} from '../../engine/ports.ts';
import { nameFault, orderFault } from '../order-fault.ts';
import { newStackId, partsOf } from '../stack-id.ts';
import { differing } from '../update-touches.ts';
import type { HostedBook } from './hosted-book.ts';
import { type HostedStack, reportOf, statusOf, withToken, withTurn } from './hosted-stack.ts';
import { hostedFault } from './slurm-parameters.ts';

export interface ContainerStacksOptions {
  readonly book: HostedBook;
  readonly clock: Clock;
  readonly blueprintOf: (ref: BlueprintRef) => Promise<Blueprint>;
}

const UPDATABLE = new Set(['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE']);
const PAGE = 100;

/**
 * Stacks whose resources are containers. A call only writes down what is asked for; `Caretaker` makes it so, in whichever process
 * looks after the folder, and adds what has happened.
 */
export class ContainerStacks implements Stacks {
  readonly #options: ContainerStacksOptions;
  readonly #book: HostedBook;

  constructor(options: ContainerStacksOptions) {
    this.#options = options;
    this.#book = options.book;
  }

  async describe(ref: { readonly name: string; readonly id?: string }): Promise<StackReport | undefined> {
    const stack = await (ref.id === undefined ? this.#book.named(ref.name) : this.#book.byId(ref.id));
    return stack && reportOf(stack);
  }

  async create(order: StackOrder): Promise<CreateOutcome> {
    const wrongName = nameFault(order.name);
    if (wrongName !== undefined) return { kind: 'refused', reason: wrongName };
    // A repeat must be answered even when the blueprint has gone since.
    const early = await this.#book.named(order.name);
    if (early) return repeated(early, order);
    const blueprint = await this.#options.blueprintOf(order.blueprint);
    const fault =
      orderFault(order, Object.keys(blueprint.parameters), blueprint.resources) ??
      hostedFault(order.blueprint.name, order.parameters);
    if (fault !== undefined) return { kind: 'refused', reason: fault };
    const stack = this.#newStack(order);
    const other = await this.#book.add(stack);
    return other ? repeated(other, order) : { kind: 'begun', id: stack.id };
  }

  async update(id: string, order: Omit<StackOrder, 'name' | 'blueprint'>): Promise<UpdateOutcome> {
    let outcome: UpdateOutcome = { kind: 'busy', reason: `Stack [${id}] does not exist` };
    await this.#book.change({ id, name: partsOf(id).name }, (stack) => {
      const accepted = this.#accepted(stack, order);
      outcome = 'kind' in accepted ? accepted : { kind: 'begun' };
      return 'kind' in accepted ? stack : accepted;
    });
    return outcome;
  }

  async remove(id: string, token: string): Promise<RemoveOutcome> {
    let outcome: RemoveOutcome = { kind: 'absent' };
    await this.#book.change({ id, name: partsOf(id).name }, (stack) => {
      const { status } = statusOf(stack);
      outcome = { kind: 'begun' };
      if (status === 'DELETE_IN_PROGRESS' || stack.tokens.includes(token)) return stack;
      if (status.startsWith('UPDATE_') && status.endsWith('_IN_PROGRESS')) {
        outcome = { kind: 'busy', reason: `Stack [${id}] cannot be deleted while in status ${status}` };
        return stack;
      }
      const known = { ...stack, tokens: withToken(stack.tokens, token) };
      return withTurn(known, { status: 'DELETE_IN_PROGRESS', reason: 'User Initiated' }, this.#now());
    });
    return outcome;
  }

  /** Throws when no stack ever had this id. */
  async *events(id: string): AsyncGenerator<StackEvent> {
    const stack = await this.#book.byId(id);
    if (!stack) throw new Error(`Stack [${id}] does not exist`);
    yield* stack.events.toReversed();
  }

  async *list(): AsyncGenerator<readonly StackReport[]> {
    let page: StackReport[] = [];
    for await (const stack of this.#book.living()) {
      page.push(reportOf(stack));
      if (page.length < PAGE) continue;
      yield page;
      page = [];
    }
    if (page.length > 0) yield page;
  }

  #newStack({ name, blueprint, parameters, tags, token }: StackOrder): HostedStack {
    const created = this.#now();
    const stack: HostedStack = {
      version: 1,
      id: newStackId('local', '000000000000', name),
      name,
      blueprint: { name: blueprint.name, hash: blueprint.hash },
      created,
      parameters,
      tags,
      outputs: {},
      tokens: [token],
      mostNodes: Number(parameters['ComputeMaxNodes']),
      events: [],
    };
    return withTurn(stack, { status: 'CREATE_IN_PROGRESS', reason: 'User Initiated' }, created);
  }

  #accepted(
    stack: HostedStack,
    { token, parameters, tags, capabilities }: Omit<StackOrder, 'name' | 'blueprint'>,
  ): UpdateOutcome | HostedStack {
    if (stack.events.some((event) => event.token === token && event.status === 'UPDATE_IN_PROGRESS'))
      return { kind: 'begun' };
    if (stack.tokens.includes(token))
      return { kind: 'refused', reason: `Token [${token}] already exists for another operation` };
    const { status } = statusOf(stack);
    if (!UPDATABLE.has(status))
      return { kind: 'busy', reason: `Stack:${stack.id} is in ${status} state and can not be updated.` };
    const fault =
      orderFault({ token, parameters, tags, capabilities }, Object.keys(stack.parameters), []) ??
      hostedFault(stack.blueprint.name, parameters);
    if (fault !== undefined) return { kind: 'refused', reason: fault };
    if (differing(parameters, stack.parameters).length + differing(tags, stack.tags).length === 0)
      return { kind: 'unchanged' };
    return withTurn(
      {
        ...stack,
        parameters,
        tags,
        before: { parameters: stack.parameters, tags: stack.tags },
        tokens: withToken(stack.tokens, token),
        mostNodes: Math.max(stack.mostNodes, Number(parameters['ComputeMaxNodes'])),
      },
      { status: 'UPDATE_IN_PROGRESS', reason: 'User Initiated' },
      this.#now(),
    );
  }

  #now(): number {
    return this.#options.clock.now();
  }
}

function repeated(living: HostedStack, order: StackOrder): CreateOutcome {
  return living.tokens[0] === order.token ? { kind: 'begun', id: living.id } : { kind: 'exists' };
}
