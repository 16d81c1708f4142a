import { Ledgers } from '../src/engine/ledgers.ts';
import { sweep } from '../src/engine/sweep.ts';
import type { World } from '../src/engine/world.ts';
import { openLocalTown } from './local-town.ts';
import { startAll } from './start-all.ts';

export interface SweepResult {
  readonly clusters: number;
  /** Calls of ports by name, pages of listings counted one by one. */
  readonly calls: Readonly<Record<string, number>>;
  readonly total: number;
  readonly nudges: number;
  readonly seconds: number;
}

/** One sweep over so many clusters of 100 users that are all as they should be. */
export async function measureSweep(clusters: number): Promise<SweepResult> {
  const town = await openLocalTown(100, 1e5);
  try {
    await startAll(town, clusters);
    const calls: Record<string, number> = {};
    const world = counted(town.world, calls);
    const begin = performance.now();
    let nudges = 0;
    for await (const _ of sweep(world)) nudges++;
    const seconds = (performance.now() - begin) / 1000;
    const total = Object.values(calls).reduce((sum, one) => sum + one, 0);
    return { clusters, calls, total, nudges, seconds };
  } finally {
    town.close();
  }
}

function counted(world: World, calls: Record<string, number>): World {
  const count = (label: string) => {
    calls[label] = (calls[label] ?? 0) + 1;
  };
  const through = <T extends object>(port: T, name: string): T =>
    new Proxy(port, {
      get(target, key) {
        const member: unknown = Reflect.get(target, key, target);
        if (typeof member !== 'function') return member;
        return (...args: unknown[]) => {
          const label = `${name}.${String(key)}`;
          const result: unknown = Reflect.apply(member, target, args);
          if (key === 'list' || key === 'events')
            return pages(result as AsyncIterable<unknown>, () => count(label));
          count(label);
          return result;
        };
      },
    });
  const admin = through(world.admin, 'admin');
  const users = world.users.map((store) => through(store, 'bucket'));
  return { ...world, admin, users, stacks: through(world.stacks, 'stacks'), ledgers: new Ledgers(admin) };
}

/** Even a listing without a page was one call. */
async function* pages(listing: AsyncIterable<unknown>, count: () => void): AsyncIterable<unknown> {
  let any = false;
  for await (const page of listing) {
    any = true;
    count();
    yield page;
  }
  if (!any) count();
}
