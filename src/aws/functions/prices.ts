import { refreshPrices } from '../refresh-prices.ts';
import { functionWorld } from './function-world.ts';

/** Takes the price list of the clusters' region into the administrator's bucket, once a day. */
export async function handler(): Promise<{ readonly types: number }> {
  const { access, admin, clock, installation } = await functionWorld();
  return refreshPrices({ access, admin, clock, region: installation.aws.clustersRegion });
}
