import type { CheckSources } from '../engine/client/check-request.ts';
import type { Stores } from './open-stores.ts';

/** What a check looks at: the administrator's bucket where it can be seen, and what the program brings along. */
export async function checkSources(stores: Pick<Stores, 'admin' | 'clock'>): Promise<CheckSources> {
  const [{ shippedBlueprints }, { shippedPrices }] = await Promise.all([
    import('../shipped/shipped-blueprints.ts'),
    import('../shipped/shipped-catalogue.ts'),
  ]);
  return {
    prices: shippedPrices,
    clock: stores.clock,
    admin: stores.admin,
    shipped: async () =>
      new Map(
        shippedBlueprints().map((blueprint) => [
          blueprint.name,
          { blueprint, ref: { name: blueprint.name, hash: 'shipped' }, defaults: blueprint.defaults },
        ]),
      ),
  };
}
