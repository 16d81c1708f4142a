import type { Blueprint } from './blueprint.ts';
import type { InstanceCatalogue } from './instance-catalogue.ts';
import { HOUR } from './instant.ts';
import type { Settings } from './settings.ts';

/** EBS gp3, USD per GB and month, us-east-1 list price; EBS bills a month as 730 hours. */
export const USD_PER_GB_MONTH = 0.08;
const HOURS_PER_MONTH = 730;

/** The most that a cluster can cost per hour: an estimate from list prices, never a bill. */
export interface Price {
  /** `null`: a part of it is not known. Unknown is never 0. */
  readonly usdPerHour: number | null;
  readonly parts: readonly PricePart[];
  /** Day and region of the list prices. */
  readonly date: string;
  readonly region: string;
  /** USD per GB and month that the disks are reckoned with. */
  readonly perGbMonth: number;
}

export interface PricePart {
  readonly what: string;
  readonly count: number;
  /** For all `count` together; `null` = not known. */
  readonly usdPerHour: number | null;
  readonly note: string;
}

/** The settings that the price depends on. */
export const PRICED = [
  'MasterInstanceType',
  'MasterSystemVolumeSize',
  'ComputeInstanceType',
  'ComputeMaxNodes',
  'ComputeSpotPrice',
] as const satisfies readonly (keyof Settings)[];

/** Worst case per hour: login node on demand, its disk, and all compute nodes with theirs, each at its cap or at the list price. */
export function priceOf(
  settings: Pick<Settings, (typeof PRICED)[number]>,
  blueprint: Pick<Blueprint, 'price'>,
  catalogue: InstanceCatalogue,
): Price {
  const { ComputeMaxNodes: nodes, ComputeSpotPrice: spot, ComputeInstanceType: compute } = settings;
  const listed = (type: string) => catalogue.lookup(type)?.usdPerHour ?? null;
  const each = typeof spot === 'number' ? spot : listed(compute);
  const nodeDisk = blueprint.price.nodeDiskGb;
  const parts: PricePart[] = [
    {
      what: `login node ${settings.MasterInstanceType}`,
      count: 1,
      usdPerHour: listed(settings.MasterInstanceType),
      note: 'on demand',
    },
    {
      what: `disk of ${settings.MasterSystemVolumeSize} GB`,
      count: 1,
      usdPerHour: diskPerHour(settings.MasterSystemVolumeSize),
      note: 'gp3',
    },
    {
      what: `compute nodes ${compute}`,
      count: nodes,
      usdPerHour: each === null ? null : each * nodes,
      note: typeof spot === 'number' ? 'spot, at your highest price' : `${spot}, at the on-demand price`,
    },
  ];
  if (nodeDisk > 0)
    parts.push({
      what: `compute nodes' disks of ${nodeDisk} GB`,
      count: nodes,
      usdPerHour: diskPerHour(nodeDisk) * nodes,
      note: 'gp3',
    });
  return {
    usdPerHour: sum(parts.map((part) => part.usdPerHour)),
    parts,
    date: catalogue.date,
    region: catalogue.region,
    perGbMonth: USD_PER_GB_MONTH,
  };
}

/** USD for so many milliseconds, `null` while the price is not known. */
export function untilEnd(price: Pick<Price, 'usdPerHour'>, milliseconds: number): number | null {
  return price.usdPerHour === null ? null : (price.usdPerHour * milliseconds) / HOUR;
}

/** `at most about 3.46 USD per hour (estimate, list prices of 2026-07-20, us-east-1)`. */
export function priceText(price: Price): string {
  const source = `list prices of ${price.date}, ${price.region}`;
  if (price.usdPerHour !== null)
    return `at most about ${usdText(price.usdPerHour)} USD per hour (estimate, ${source})`;
  return `price not known: there is none for ${unknownParts(price).join(' and ')} (${source})`;
}

/** What has no known price. */
export function unknownParts(price: Price): string[] {
  return price.parts.filter((part) => part.usdPerHour === null).map((part) => part.what);
}

/** Two digits after the point, rounded up since every figure is an "at most". */
export function usdText(usd: number): string {
  return (Math.ceil(usd * 100 - 1e-6) / 100).toFixed(2);
}

function diskPerHour(gb: number): number {
  return (gb * USD_PER_GB_MONTH) / HOURS_PER_MONTH;
}

function sum(amounts: readonly (number | null)[]): number | null {
  return amounts.reduce<number | null>(
    (total, one) => (total === null || one === null ? null : total + one),
    0,
  );
}
