import { catalogueOf, type InstanceCatalogue } from '../core/instance-catalogue.ts';
import { type Instant, MINUTE } from '../core/instant.ts';
import { ProblemError, problem } from '../core/problems.ts';
import { readJsonObject } from '../engine/json-object.ts';
import type { Clock, ObjectStore } from '../engine/ports.ts';
import type { Prices } from '../engine/world.ts';

/** Where the prices of a region lie in the administrator's bucket, in the format of `data/ec2-instance-types.json`. */
export function pricesKey(region: string): string {
  return `prices/${region}.json`;
}

/** New prices hold after so long at the latest. */
const KEPT = 10 * MINUTE;

export interface S3PricesOptions {
  readonly admin: ObjectStore;
  /** Of the clusters. */
  readonly region: string;
  /** The catalogue to go by while there is none in the bucket; its own date and region say so to people. */
  readonly shipped: () => InstanceCatalogue;
  readonly clock: Clock;
}

interface Known {
  /** `undefined` for the shipped ones. */
  readonly version: string | undefined;
  readonly catalogue: InstanceCatalogue;
  readonly readAt: Instant;
}

/** Prices as they were last refreshed into the administrator's bucket; read again only when they have changed. */
export class S3Prices implements Prices {
  readonly #options: S3PricesOptions;
  #known: Known | undefined;
  #reading: Promise<Known> | undefined;

  constructor(options: S3PricesOptions) {
    this.#options = options;
  }

  /** @throws ProblemError `unreadable-object`, `unknown-version`: prices that somebody broke are not guessed. Throttled */
  async catalogue(): Promise<InstanceCatalogue> {
    const known = this.#known;
    if (known && this.#options.clock.now() - known.readAt < KEPT) return known.catalogue;
    this.#reading ??= this.#read(known).finally(() => (this.#reading = undefined));
    this.#known = await this.#reading;
    return this.#known.catalogue;
  }

  async #read(known: Known | undefined): Promise<Known> {
    const { admin, region, shipped, clock } = this.#options;
    const key = pricesKey(region);
    const readAt = clock.now();
    if (known && (await admin.get(key, 0))?.version === known.version) return { ...known, readAt };
    const object = await readJsonObject(admin, key);
    if (!object) return { version: undefined, catalogue: shipped(), readAt };
    return { version: object.version, catalogue: catalogueAt(key, object.value), readAt };
  }
}

function catalogueAt(key: string, value: unknown): InstanceCatalogue {
  try {
    return catalogueOf(value);
  } catch (error) {
    const found = error instanceof Error ? error.message : String(error);
    throw new ProblemError(problem('unreadable-object', { key, found }));
  }
}
