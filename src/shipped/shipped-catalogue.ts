import { catalogueOf, type InstanceCatalogue } from '../core/instance-catalogue.ts';
import type { Prices } from '../engine/world.ts';
import { shippedJson } from './package-folder.ts';

let catalogue: InstanceCatalogue | undefined;

/** Shapes and list prices of the day that this version was made. */
export function shippedCatalogue(): InstanceCatalogue {
  catalogue ??= catalogueOf(shippedJson('data', 'ec2-instance-types.json'));
  return catalogue;
}

export const shippedPrices: Prices = { catalogue: async () => shippedCatalogue() };
