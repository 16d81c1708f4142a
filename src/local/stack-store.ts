import { join } from 'node:path';
import type { Instant } from '../core/instant.ts';
import type { StackReport } from '../engine/ports.ts';
import { AddressClaims } from './address-claims.ts';
import { FolderLock } from './folder-lock.ts';
import { nextChangeAfter, stackAt } from './simulate-stack.ts';
import { StackFolder } from './stack-folder.ts';
import type { LaterOperation, StackRecord } from './stack-record.ts';

/** Files read side by side. */
const AT_ONCE = 100;

/** The stacks of one folder: reading without a lock, changing inside one, and no stack computed twice once it has come to rest. */
export class StackStore {
  readonly #folder: StackFolder;
  readonly #addresses: AddressClaims;
  readonly #lock: FolderLock;
  /** Reports of stacks in which nothing more will happen, and since when. */
  readonly #settled = new WeakMap<StackRecord, { readonly since: Instant; readonly report: StackReport }>();

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
    const record = await this.#folder.living(name);
    return record && !this.isDeleted(record, now) ? record : undefined;
  }

  reportOf(record: StackRecord, now: Instant): StackReport {
    const settled = this.#settled.get(record);
    if (settled && now >= settled.since) return settled.report;
    const { report } = stackAt(record, now);
    if (nextChangeAfter(record, now) === undefined) this.#settled.set(record, { since: now, report });
    return report;
  }

  isDeleted(record: StackRecord, now: Instant): boolean {
    return this.reportOf(record, now).status === 'DELETE_COMPLETE';
  }

  /** When the stack's next event will happen; `undefined` when it is at rest. */
  nextChange(record: StackRecord, now: Instant): Instant | undefined {
    const settled = this.#settled.get(record);
    return settled && now >= settled.since ? undefined : nextChangeAfter(record, now);
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
    if (ended.length > 0) await this.locked(() => ended.forEach((record) => this.#endSync(record)));
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

  #endSync(record: StackRecord): void {
    // Somebody else may have put it away since, and given the name to another.
    if (this.#folder.livingSync(record.name)?.id !== record.id) return;
    this.#folder.endSync(record);
    for (const address of Object.values(record.outputs)) this.#addresses.releaseSync(address, record.id);
  }
}
