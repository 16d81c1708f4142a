import type { Entry } from '../core/entry.ts';
import { emptyLedger, type Ledger } from '../core/ledger.ts';
import { readJsonObject } from './json-object.ts';
import type { ObjectStore } from './ports.ts';

/** A pure change of a ledger: may be run again on a newer one when somebody else was faster. */
export type Edit<T> = (ledger: Ledger) => readonly [Ledger, T];

interface Waiting {
  readonly edit: Edit<unknown>;
  readonly resolve: (value: unknown) => void;
  readonly reject: (reason: unknown) => void;
}

interface Snapshot {
  readonly ledger: Ledger;
  readonly version: string | undefined;
}

/** A user's fifty drops are one burst of writes to one object: this many lost races in a row are no burst any more. */
const MOST_TRIES = 200;

/**
 * The users' ledgers in the administrator's bucket, changed by compare-and-swap.
 * Changes that wait for the same ledger are written together, so a burst of drops costs few writes.
 */
export class Ledgers {
  readonly #admin: ObjectStore;
  readonly #waiting = new Map<string, Waiting[]>();
  /** Parsed once for each version; ledgers are never mutated. */
  readonly #parsed = new Map<string, Snapshot>();

  constructor(admin: ObjectStore) {
    this.#admin = admin;
  }

  async read(user: string): Promise<Ledger> {
    return (await this.#load(user)).ledger;
  }

  /** Users that have a ledger. */
  async users(): Promise<string[]> {
    const users: string[] = [];
    for await (const page of this.#admin.list('ledger/')) {
      for (const { key } of page.objects)
        if (key.endsWith('.json')) users.push(key.slice('ledger/'.length, -'.json'.length));
    }
    return users;
  }

  /** Applies `edit` to the newest ledger and writes the outcome; resolves when it is written. An edit that returns its argument writes nothing. */
  change<T>(user: string, edit: Edit<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const waiting: Waiting = { edit, resolve: resolve as (value: unknown) => void, reject };
      const queue = this.#waiting.get(user);
      if (queue) {
        queue.push(waiting);
        return;
      }
      this.#waiting.set(user, [waiting]);
      void this.#writeAll(user);
    });
  }

  async #writeAll(user: string): Promise<void> {
    for (let queue = this.#waiting.get(user); queue && queue.length > 0; queue = this.#waiting.get(user)) {
      this.#waiting.set(user, []);
      try {
        const results = await this.#writeTogether(user, queue);
        for (const [i, one] of queue.entries()) one.resolve(results[i]);
      } catch (error) {
        for (const one of queue) one.reject(error);
      }
    }
    this.#waiting.delete(user);
  }

  async #writeTogether(user: string, queue: readonly Waiting[]): Promise<unknown[]> {
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const before = await this.#load(user);
      let ledger = before.ledger;
      const results = queue.map(({ edit }) => {
        const [next, result] = edit(ledger);
        ledger = next;
        return result;
      });
      if (ledger === before.ledger) return results;
      const condition =
        before.version === undefined ? ({ ifAbsent: true } as const) : { ifVersion: before.version };
      const written = await this.#admin.put(keyOf(user), textOfLedger(ledger), condition);
      if (written) {
        this.#parsed.set(user, { ledger, version: written.version });
        return results;
      }
    }
    throw new Error(`the ledger of ${user} changed ${MOST_TRIES} times while it was to be written`);
  }

  async #load(user: string): Promise<Snapshot> {
    const known = this.#parsed.get(user);
    // A look at the version alone: a book of a hundred clusters is not read again for nothing.
    if (known && (await this.#admin.get(keyOf(user), 0))?.version === known.version) return known;
    const object = await readJsonObject(this.#admin, keyOf(user));
    if (!object) return { ledger: emptyLedger(user), version: undefined };
    const snapshot = { ledger: { ...emptyLedger(user), ...object.value } as Ledger, version: object.version };
    this.#parsed.set(user, snapshot);
    return snapshot;
  }
}

function keyOf(user: string): string {
  return `ledger/${user}.json`;
}

const entryTexts = new WeakMap<Entry, string>();

/** One line for each cluster, for people who look; an unchanged entry is not written out anew. */
function textOfLedger(ledger: Ledger): string {
  const { clusters, ...rest } = ledger;
  const lines = Object.entries(clusters).map(([key, entry]) => {
    let text = entryTexts.get(entry);
    if (text === undefined) entryTexts.set(entry, (text = JSON.stringify(entry)));
    return `${JSON.stringify(key)}: ${text}`;
  });
  return `${JSON.stringify(rest).slice(0, -1)},"clusters":{\n${lines.join(',\n')}\n}}\n`;
}
