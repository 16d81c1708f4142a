import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Blueprint } from '../core/blueprint.ts';
import type { Instant } from '../core/instant.ts';
import {
  type BlueprintRef,
  type Clock,
  type CreateOutcome,
  type RemoveOutcome,
  type StackEvent,
  type StackOrder,
  type StackReport,
  type Stacks,
  Throttled,
  type UpdateOutcome,
} from '../engine/ports.ts';
import type { Call, FaultRule } from './fault-rules.ts';
import { deletionFaults, operationFaults } from './operation-faults.ts';
import { nameFault, orderFault } from './order-fault.ts';
import { templateFault } from './resource-order.ts';
import { isCounting, ScriptedFaults } from './scripted-faults.ts';
import { stackAt } from './simulate-stack.ts';
import type { StackRecord } from './stack-record.ts';
import { StackStore } from './stack-store.ts';
import { differing, updateTouches } from './update-touches.ts';

export interface SimulatedStacksOptions {
  /** Where stacks are kept; made if it is not there. Any number of processes may share it. */
  readonly folder: string;
  readonly clock: Clock;
  /** 1 is AWS's pace, 60 makes a minute of it a second. Above 0; holds for operations begun from now on. */
  readonly speed: number;
  readonly blueprintOf: (ref: BlueprintRef) => Promise<Blueprint>;
  /** The control file (docs/simulated-cloudformation.md); it need not exist. */
  readonly faultsFile?: string;
  /** Default `us-east-1`. */
  readonly region?: string;
  /** Twelve digits; the default, all zeros, is nobody's. */
  readonly account?: string;
}

const PAGE = 100;
const UPDATABLE = ['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE'];

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
    await this.#admit('describe', ref.name);
    const record = await (ref.id === undefined
      ? this.#store.named(ref.name, this.#now())
      : this.#store.byId(ref.id));
    return record && this.#store.reportOf(record, this.#now());
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
    const { name } = await this.#recordOr(id);
    await this.#admit('update', name);
    return this.#store.locked(() => this.#updateSync(id, name, order));
  }

  async remove(id: string, token: string): Promise<RemoveOutcome> {
    const { name } = await this.#recordOr(id);
    await this.#admit('delete', name);
    return this.#store.locked(() => this.#removeSync(id, name, token));
  }

  /** Throws when no stack ever had this id. */
  async *events(id: string): AsyncGenerator<StackEvent> {
    const { name, record } = await this.#recordOr(id);
    await this.#admit('events', name);
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

  /** When this stack's next event will happen (epoch ms); `undefined` when it is at rest or unknown. */
  async nextChange(id: string): Promise<Instant | undefined> {
    const record = await this.#store.byId(id);
    return record && this.#store.nextChange(record, this.#now());
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
    const rules = this.#dueSync('create', order.name);
    const refusal = rules.find((rule) => rule.do === 'refuse');
    if (refusal?.do === 'refuse') return { kind: 'refused', reason: refusal.reason };
    const { region = 'us-east-1', account = '000000000000', speed } = this.#options;
    const id = `arn:aws:cloudformation:${region}:${account}:stack/${order.name}/${randomUUID()}`;
    const { name, token, parameters, tags, blueprint: ref } = order;
    const { resources, addressOutput = 'LoginAddress' } = blueprint;
    const { factor, ...faults } = operationFaults(rules, resources, resources);
    const added = this.#store.addSync(id, (address) => ({
      version: 1,
      id,
      name,
      blueprint: { name: ref.name, hash: ref.hash },
      resources,
      outputs: { [addressOutput]: address },
      operations: [
        { kind: 'create', at: this.#now(), token, speed: speed / factor, parameters, tags, ...faults },
      ],
    }));
    return added ? { kind: 'begun', id } : { kind: 'exists' };
  }

  #updateSync(id: string, name: string, order: Omit<StackOrder, 'name' | 'blueprint'>): UpdateOutcome {
    const record = this.#store.namedSync(name, this.#now());
    if (record?.id !== id) return { kind: 'busy', reason: `Stack [${id}] does not exist` };
    const before = record.operations.find((operation) => operation.token === order.token);
    if (before?.kind === 'update') return { kind: 'begun' };
    if (before)
      return { kind: 'refused', reason: `Token [${order.token}] already exists for another operation` };
    const report = this.#store.reportOf(record, this.#now());
    if (!UPDATABLE.includes(report.status))
      return { kind: 'busy', reason: `Stack:${id} is in ${report.status} state and can not be updated.` };
    const fault = orderFault(order, Object.keys(record.operations[0].parameters), record.resources);
    if (fault !== undefined) return { kind: 'refused', reason: fault };
    const { token, parameters, tags } = order;
    const changed = differing(parameters, report.parameters);
    if (changed.length === 0 && differing(tags, report.tags).length === 0) return { kind: 'unchanged' };

    const rules = this.#dueSync('update', name);
    const refusal = rules.find((rule) => rule.do === 'refuse');
    if (refusal?.do === 'refuse') return { kind: 'refused', reason: refusal.reason };
    const planned = updateTouches(record.resources, changed);
    const candidates = record.resources.filter((r) =>
      planned.some((touch) => touch.resource === r.logicalId),
    );
    const { factor, ...faults } = operationFaults(
      rules,
      record.resources,
      candidates.length > 0 ? candidates : record.resources,
    );
    const failing = faults.fails?.resource;
    // A scripted failure needs a resource to happen on, even one that this update would leave alone.
    const touches =
      failing === undefined || planned.some((touch) => touch.resource === failing)
        ? planned
        : [...planned, { resource: failing, how: 'modify' as const }];
    const base = this.#operation(record, token, factor);
    this.#store.appendSync(record, { kind: 'update', ...base, parameters, tags, touches, ...faults });
    return { kind: 'begun' };
  }

  #removeSync(id: string, name: string, token: string): RemoveOutcome {
    const record = this.#store.namedSync(name, this.#now());
    if (record?.id !== id) return { kind: 'absent' };
    if (record.operations.some((operation) => operation.kind === 'delete' && operation.token === token))
      return { kind: 'begun' };
    const { status } = this.#store.reportOf(record, this.#now());
    if (status === 'DELETE_IN_PROGRESS') return { kind: 'begun' };
    if (status.startsWith('UPDATE_') && status.endsWith('_IN_PROGRESS'))
      return { kind: 'busy', reason: `Stack [${id}] cannot be deleted while in status ${status}` };
    const rules = this.#dueSync('delete', name);
    const attempt = 1 + record.operations.filter((op) => op.kind === 'delete' && op.fails).length;
    const { factor, fails } = deletionFaults(rules, record.resources, attempt);
    const base = this.#operation(record, token, factor);
    this.#store.appendSync(record, { kind: 'delete', ...base, ...(fails ? { fails } : {}) });
    return { kind: 'begun' };
  }

  /** A clock that was set back does not reorder what has happened. */
  #operation(record: StackRecord, token: string, factor: number) {
    const last = record.operations.at(-1)?.at ?? 0;
    return { at: Math.max(this.#now(), last), token, speed: this.#options.speed / factor };
  }

  async #recordOr(id: string): Promise<{ readonly name: string; readonly record: StackRecord | undefined }> {
    return { name: /:stack\/([^/]+)\//.exec(id)?.[1] ?? '', record: await this.#store.byId(id) };
  }

  /** Throttling comes before everything else, as at the door of the real service. */
  async #admit(call: Call, stackName: string): Promise<void> {
    const rules = this.#faults.matching(call, stackName).filter((rule) => rule.do === 'throttle');
    const due = rules.some(isCounting) ? await this.#store.locked(() => this.#faults.takeSync(rules)) : rules;
    if (due.length > 0) throw new Throttled('Rate exceeded');
  }

  #dueSync(call: Call, stackName: string): readonly FaultRule[] {
    return this.#faults.takeSync(
      this.#faults.matching(call, stackName).filter((rule) => rule.do !== 'throttle'),
    );
  }

  #now(): Instant {
    return this.#options.clock.now();
  }
}

function repeated(living: StackRecord, order: StackOrder): CreateOutcome {
  return living.operations[0].token === order.token ? { kind: 'begun', id: living.id } : { kind: 'exists' };
}
