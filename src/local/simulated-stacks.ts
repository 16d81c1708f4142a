import { join } from 'node:path';
import type { Blueprint } from '../core/blueprint.ts';
import type { Instant } from '../core/instant.ts';
import {
  type CreateOutcome,
  type RemoveOutcome,
  type StackEvent,
  type StackOrder,
  type StackReport,
  type Stacks,
  Throttled,
  type UpdateOutcome,
} from '../engine/ports.ts';
import type { CallContext } from './accept-call.ts';
import { acceptCreate } from './accept-create.ts';
import { acceptDelete } from './accept-delete.ts';
import { acceptUpdate } from './accept-update.ts';
import type { Call } from './fault-rules.ts';
import { nameFault, orderFault } from './order-fault.ts';
import { templateFault } from './resource-order.ts';
import { isCounting, ScriptedFaults } from './scripted-faults.ts';
import { stackAt } from './simulate-stack.ts';
import type { SimulatedStacksOptions } from './simulated-stacks-options.ts';
import { newStackId, partsOf } from './stack-id.ts';
import type { StackRecord } from './stack-record.ts';
import { StackStore } from './stack-store.ts';

const PAGE = 100;

/**
 * A CloudFormation in a folder. Nothing runs between calls: a stack is what was asked and when, and its state is worked out at each
 * look. Its behaviour is written down in docs/simulated-cloudformation.md. Throws `BadFaultsFile` while the control file is broken.
 */
export class SimulatedStacks implements Stacks {
  readonly #options: SimulatedStacksOptions;
  readonly #store: StackStore;
  readonly #faults: ScriptedFaults;

  constructor(options: SimulatedStacksOptions) {
    if (!(options.speed > 0 && Number.isFinite(options.speed)))
      throw new RangeError(`speed must be a number above 0, found ${options.speed}`);
    this.#options = options;
    this.#store = new StackStore(options.folder);
    this.#faults = new ScriptedFaults(options.faultsFile, join(options.folder, 'faults'));
  }

  async describe(ref: { readonly name: string; readonly id?: string }): Promise<StackReport | undefined> {
    await this.#admit('describe', ref.id === undefined ? ref.name : partsOf(ref.id).name);
    const now = this.#now();
    const record = await (ref.id === undefined ? this.#store.named(ref.name, now) : this.#store.byId(ref.id));
    return record && this.#store.reportOf(record, now);
  }

  async create(order: StackOrder): Promise<CreateOutcome> {
    await this.#admit('create', order.name);
    const refused = nameFault(order.name);
    if (refused !== undefined) return { kind: 'refused', reason: refused };
    const early = await this.#store.named(order.name, this.#now());
    // A repeat must be answered even when the blueprint has gone since.
    if (early) return repeated(early, order);
    const blueprint = await this.#options.blueprintOf(order.blueprint);
    const fault =
      templateFault(blueprint.resources) ??
      orderFault(order, Object.keys(blueprint.parameters), blueprint.resources);
    if (fault !== undefined) return { kind: 'refused', reason: fault };
    return this.#store.locked(() => this.#createSync(order, blueprint));
  }

  async update(id: string, order: Omit<StackOrder, 'name' | 'blueprint'>): Promise<UpdateOutcome> {
    await this.#admit('update', partsOf(id).name);
    return this.#store.locked(() => this.#updateSync(id, order));
  }

  async remove(id: string, token: string): Promise<RemoveOutcome> {
    await this.#admit('delete', partsOf(id).name);
    return this.#store.locked(() => this.#removeSync(id, token));
  }

  /** Throws when no stack ever had this id. */
  async *events(id: string): AsyncGenerator<StackEvent> {
    await this.#admit('events', partsOf(id).name);
    const record = await this.#store.byId(id);
    if (!record) throw new Error(`Stack [${id}] does not exist`);
    yield* stackAt(record, this.#now()).events.toReversed();
  }

  async *list(): AsyncGenerator<readonly StackReport[]> {
    await this.#admit('list', '');
    const now = this.#now();
    let page: StackReport[] = [];
    for await (const record of this.#store.living(now)) {
      page.push(this.#store.reportOf(record, now));
      if (page.length < PAGE) continue;
      yield page;
      page = [];
    }
    if (page.length > 0) yield page;
  }

  /** When this stack's first event after `after` (epoch ms) happens or happened; `undefined` when there is none or no such stack. */
  async nextChange(id: string, after: Instant = this.#now()): Promise<Instant | undefined> {
    const record = await this.#store.byId(id);
    return record && this.#store.nextChange(record, after);
  }

  /** The next event of every stack that is not at rest, soonest first: when somebody who watches has to look again. */
  async nextChanges(): Promise<
    readonly { readonly id: string; readonly name: string; readonly at: Instant }[]
  > {
    const now = this.#now();
    const changes: { readonly id: string; readonly name: string; readonly at: Instant }[] = [];
    for await (const record of this.#store.living(now)) {
      const at = this.#store.nextChange(record, now);
      if (at !== undefined) changes.push({ id: record.id, name: record.name, at });
    }
    return changes.toSorted((a, b) => a.at - b.at);
  }

  #createSync(order: StackOrder, blueprint: Blueprint): CreateOutcome {
    const living = this.#store.namedSync(order.name, this.#now());
    if (living) return repeated(living, order);
    const { region = 'us-east-1', account = '000000000000' } = this.#options;
    const id = newStackId(region, account, order.name);
    const accepted = acceptCreate(id, order, blueprint, this.#context('create', order.name));
    if ('refused' in accepted) return { kind: 'refused', reason: accepted.refused };
    return this.#store.addSync(id, accepted.recordAt) ? { kind: 'begun', id } : { kind: 'exists' };
  }

  #updateSync(id: string, order: Omit<StackOrder, 'name' | 'blueprint'>): UpdateOutcome {
    const record = this.#store.namedSync(partsOf(id).name, this.#now());
    // Not `refused`: it was deleted a moment ago, and another look will see that.
    if (record?.id !== id) return { kind: 'busy', reason: `Stack [${id}] does not exist` };
    const accepted = acceptUpdate(record, order, this.#context('update', record.name, record));
    if (!('operation' in accepted)) return accepted;
    this.#store.appendSync(record, accepted.operation);
    return { kind: 'begun' };
  }

  #removeSync(id: string, token: string): RemoveOutcome {
    const record = this.#store.namedSync(partsOf(id).name, this.#now());
    if (record?.id !== id) return { kind: 'absent' };
    const accepted = acceptDelete(record, token, this.#context('delete', record.name, record));
    if (!('operation' in accepted)) return accepted;
    this.#store.appendSync(record, accepted.operation);
    return { kind: 'begun' };
  }

  #context(call: Call, stackName: string, record?: StackRecord): CallContext {
    return {
      // A clock that was set back does not reorder what has happened.
      now: Math.max(this.#now(), record?.operations.at(-1)?.at ?? 0),
      speed: this.#options.speed,
      due: () =>
        this.#faults.takeSync(
          this.#faults.matching(call, stackName).filter((rule) => rule.do !== 'throttle'),
        ),
    };
  }

  /** Throttling comes before everything else, as at the door of the real service. */
  async #admit(call: Call, stackName: string): Promise<void> {
    const rules = this.#faults.matching(call, stackName).filter((rule) => rule.do === 'throttle');
    const due = rules.some(isCounting) ? await this.#store.locked(() => this.#faults.takeSync(rules)) : rules;
    if (due.length > 0) throw new Throttled('Rate exceeded');
  }

  #now(): Instant {
    return this.#options.clock.now();
  }
}

function repeated(living: StackRecord, order: StackOrder): CreateOutcome {
  return living.operations[0].token === order.token ? { kind: 'begun', id: living.id } : { kind: 'exists' };
}
