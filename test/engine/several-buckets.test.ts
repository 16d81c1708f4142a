import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { clustersToStop, stopClusters } from '../../src/engine/administration/stop-clusters.ts';
import type { ObjectStore } from '../../src/engine/ports.ts';
import { FolderStore } from '../../src/local/folder-store.ts';
import { Town } from './town.ts';

let town: Town;
beforeEach(async () => {
  town = await Town.open();
});
afterEach(() => town.close());

it('everybody means every bucket of the installation', async () => {
  const { admin, store } = town.world();
  const second = new FolderStore({
    root: join(town.dir, 'second'),
    internal: join(town.dir, 'own', 'second'),
    bucket: 'second',
    clock: town.clock,
    quietMs: 0,
    isInput: () => true,
  });
  await store.put('home/alice/here.cf-create', '{}');
  await second.put('home/alice/there.cf-create', '{}');
  await second.put('home/carol/hers.cf-create', '{}');
  const places = { admin, buckets: [store, second] };

  const all = await clustersToStop(places, undefined);
  expect(all.map(({ bucket, path }) => `${bucket}/${path}`)).toEqual([
    'local/home/alice/here',
    'second/home/alice/there',
    'second/home/carol/hers',
  ]);
  await stopClusters(places, all);
  const keys = async (bucket: ObjectStore, user: string) => {
    const found: string[] = [];
    for await (const { objects } of bucket.list(`home/${user}/`))
      found.push(...objects.map(({ key }) => key));
    return found.filter((key) => key.endsWith('.cf-delete'));
  };
  expect(await keys(store, 'alice')).toEqual(['home/alice/here.cf-delete']);
  expect(await keys(second, 'alice')).toEqual(['home/alice/there.cf-delete']);
  expect(await keys(second, 'carol')).toEqual(['home/carol/hers.cf-delete']);
});
