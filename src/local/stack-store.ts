import { join } from 'node:path';
import type { Instant } from '../core/instant.ts';
import type { StackReport } from '../engine/ports.ts';
import { AddressClaims } from './address-claims.ts';
import { FolderLock } from './folder-lock.ts';
import { nameFault } from './order-fault.ts';
import { nextChangeAfter, stackAt } from './simulate-stack.ts';
import { StackFolder } from './stack-folder.ts';
import type { LaterOperation, StackRecord } from './stack-record.ts';

/** What a stack is like from one moment on, until its next event if there is one. */
interface Look {
  readonly from: Instant;
  readonly until?: Instant;
  readonly report: StackReport;
}

/** Files read side by side, or put away in one section. */
const AT_ONCE = 100;

/** The stacks of one folder: reading without a lock, changing inside one, and no stack worked out twice while nothing happens in it. */
export class StackStore {
  readonly #folder: StackFolder<StackRecord>;
  readonly #addresses: AddressClaims;
  readonly #lock: FolderLock;
  readonly #looks = new WeakMap<StackRecord, Look>();

  constructor(folder: string) {
    this.#folder = new StackFolder(folder);
    this.#addresses = new AddressClaims(join(folder, 'addresses'));
    this.#lock = new FolderLock(join(folder, 'lock'));
  }

  /** Runs a synchronous section while no other process changes this folder. */
  locked<T>(section: () => T): Promise<T> {
    return this.#lock.run(section);
  }

  byId(id: string): Promise<StackRecord | undefined> {
    return this.#folder.byId(id);
  }

  /** `undefined` once the stack that had the name is deleted. */
  async named(name: string, now: Instant): Promise<StackRecord | undefined> {
    // What is no name may be a path.
    const record = nameFault(name) === undefined ? await this.#folder.living(name) : undefined;
    return record && !this.isDeleted(record, now) ? record : undefined;
  }

  reportOf(record: StackRecord, now: Instant): StackReport {
    return this.#look(record, now).report;
  }

  isDeleted(record: StackRecord, now: Instant): boolean {
    return this.reportOf(record, now).status === 'DELETE_COMPLETE';
  }

  /** When the stack's next event will happen; `undefined` when it is at rest. */
  nextChange(record: StackRecord, now: Instant): Instant | undefined {
    return this.#look(record, now).until;
  }

  /** Every stack that is not deleted, in order of name. Those found deleted are put away at the end, so the next listing is shorter. */
  async *living(now: Instant): AsyncGenerator<StackRecord> {
    const ended: StackRecord[] = [];
    const files = await this.#folder.livingFiles();
    for (let from = 0; from < files.length; from += AT_ONCE) {
      const some = files.slice(from, from + AT_ONCE).map((file) => this.#folder.livingAt(file));
      for (const record of await Promise.all(some)) {
        if (!record) continue;
        if (this.isDeleted(record, now)) ended.push(record);
        else yield record;
      }
    }
    // In small sections: others wait for the lock, and this process for the section.
    for (let from = 0; from < ended.length; from += AT_ONCE)
      await this.locked(() => ended.slice(from, from + AT_ONCE).forEach((record) => this.#endSync(record)));
  }

  /** The living record of this name, after putting away a deleted one. Inside `locked`, like all that follow. */
  namedSync(name: string, now: Instant): StackRecord | undefined {
    const record = this.#folder.livingSync(name);
    if (!record || !this.isDeleted(record, now)) return record;
    this.#endSync(record);
    return undefined;
  }

  /** `recordWith` gets the address that the new stack may use. False when the name is taken. */
  addSync(id: string, recordWith: (address: string) => StackRecord): boolean {
    const address = this.#addresses.chooseSync(id);
    if (!this.#folder.addSync(recordWith(address))) return false;
    this.#addresses.claimSync(address, id);
    return true;
  }

  appendSync(record: StackRecord, operation: LaterOperation): void {
    this.#folder.replaceSync({ ...record, operations: [...record.operations, operation] });
  }

  #look(record: StackRecord, now: Instant): Look {
    const known = this.#looks.get(record);
    if (known && now >= known.from && (known.until === undefined || now < known.until)) return known;
    const until = nextChangeAfter(record, now);
    const look = {
      from: now,
      ...(until === undefined ? {} : { until }),
      report: stackAt(record, now).report,
    };
    this.#looks.set(record, look);
    return look;
  }

  #endSync(record: StackRecord): void {
    // Somebody else may have put it away since, and given the name to another.
    if (this.#folder.livingSync(record.name)?.id !== record.id) return;
    this.#folder.endSync(record);
    for (const address of Object.values(record.outputs)) this.#addresses.releaseSync(address, record.id);
  }
}
