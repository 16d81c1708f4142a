import { isoOf } from '../core/instant.ts';
import { ProblemError, problem } from '../core/problems.ts';
import { readJsonObject } from '../engine/json-object.ts';
import type { Clock, ObjectStore } from '../engine/ports.ts';
import { shippedJson } from '../shipped/package-folder.ts';
import type { AwsAccess } from './access.ts';
import { readPriceList } from './price-list.ts';
import type { PricedType } from './priced-type.ts';
import { pricesKey } from './s3-prices.ts';

export interface RefreshPricesOptions {
  readonly access: AwsAccess;
  readonly admin: ObjectStore;
  readonly clock: Clock;
  /** Of the clusters. */
  readonly region: string;
}

type Types = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** Every region has several hundred types. */
const FEWEST_TYPES = 100;
/** Prices differ between regions and years, by less than this. Anything beyond is another currency or unit. */
const MOST_CHANGE = 5;

/**
 * Writes today's on-demand prices of a region into the administrator's bucket. A type that is not offered there has no price; shapes
 * are the shipped ones, completed by what the price list tells of newer types.
 * @returns how many types have a price
 * @throws ProblemError `prices-implausible`: then nothing was written, and the prices from before hold on
 */
export async function refreshPrices(options: RefreshPricesOptions): Promise<{ readonly types: number }> {
  const { access, admin, clock, region } = options;
  const { types: shipped } = shippedJson('data', 'ec2-instance-types.json') as { readonly types: Types };
  const priced = new Map<string, PricedType>();
  for await (const type of readPriceList(access, region)) {
    const before = priced.get(type.name);
    if (!before || before.usdPerHour < type.usdPerHour) priced.set(type.name, type);
  }
  const fault = faultOf(priced, shipped);
  if (fault !== undefined) throw new ProblemError(problem('prices-implausible', { region, what: fault }));
  const key = pricesKey(region);
  await refuseNewer(admin, key);
  await admin.put(key, textOfPrices(merged(priced, shipped), region, isoOf(clock.now()).slice(0, 10)));
  return { types: priced.size };
}

/** Why an answer cannot be right: prices that are too low would undo every limit in USD, and prices that are missing would stop everybody. */
function faultOf(priced: ReadonlyMap<string, PricedType>, shipped: Types): string | undefined {
  if (priced.size < FEWEST_TYPES) return `it knows ${priced.size} instance types`;
  const wrong = [...priced.values()].find(
    (type) => !(type.usdPerHour > 0 && Number.isFinite(type.usdPerHour)),
  );
  if (wrong) return `${wrong.name} costs ${wrong.usdPerHour} USD per hour in it`;
  const ratios = [...priced.values()]
    .flatMap(({ name, usdPerHour }) => {
      const known = shipped[name]?.['usdPerHour'];
      return typeof known === 'number' ? [usdPerHour / known] : [];
    })
    .toSorted((a, b) => a - b);
  const median = ratios[Math.floor(ratios.length / 2)];
  return median !== undefined && (median > MOST_CHANGE || median < 1 / MOST_CHANGE)
    ? `its prices are ${median.toPrecision(2)} times those that were known`
    : undefined;
}

function merged(priced: ReadonlyMap<string, PricedType>, shipped: Types): Types {
  const names = [...new Set([...Object.keys(shipped), ...priced.keys()])].toSorted();
  return Object.fromEntries(
    names.map((name) => {
      const type = priced.get(name);
      return [name, { ...type?.shape, ...shipped[name], usdPerHour: type?.usdPerHour ?? null }];
    }),
  );
}

/** What a newer Clusterdrop wrote is left alone; what is broken is replaced. */
async function refuseNewer(admin: ObjectStore, key: string): Promise<void> {
  try {
    await readJsonObject(admin, key);
  } catch (error) {
    if (!(error instanceof ProblemError && error.problems.every(({ code }) => code === 'unreadable-object')))
      throw error;
  }
}

/** One line for each type, for people who look. */
function textOfPrices(types: Types, region: string, date: string): string {
  const about = {
    prices: `EC2 Linux on-demand list prices, ${region}, USD per hour, from the Price List API on ${date}`,
    null: 'price not known: not offered in this region',
    region,
    date,
  };
  const lines = Object.entries(types).map(
    ([name, type]) => `${JSON.stringify(name)}: ${JSON.stringify(type)}`,
  );
  return `{"version": 1,\n"about": ${JSON.stringify(about)},\n"types": {\n${lines.join(',\n')}\n}}\n`;
}
