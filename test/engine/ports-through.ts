import { Ledgers } from '../../src/engine/ledgers.ts';
import type { World } from '../../src/engine/world.ts';

/** Called around every call of a port; `call` makes it. */
export type Passage = <T>(label: string, call: () => Promise<T>) => Promise<T>;

const LISTINGS = new Set(['list', 'events']);

/** The same world, with every call of every port going through `passage`: to crash there, to fail there, to let another go first. */
export function portsThrough<W extends World>(world: W, passage: Passage): W {
  const users = world.users.map((store) => through(store, 'bucket', passage));
  const admin = through(world.admin, 'admin', passage);
  const passed = {
    ...world,
    users,
    admin,
    stacks: through(world.stacks, 'stacks', passage),
    mail: through(world.mail, 'mail', passage),
    ledgers: new Ledgers(admin),
  };
  return passed;
}

function through<T extends object>(port: T, name: string, passage: Passage): T {
  return new Proxy(port, {
    get(target, key) {
      const member: unknown = Reflect.get(target, key, target);
      if (typeof member !== 'function') return member;
      return (...args: unknown[]) => {
        const label = `${name}.${String(key)} ${JSON.stringify(args[0])?.slice(0, 60)}`;
        // Listings do nothing until they are read.
        if (LISTINGS.has(String(key)))
          return listed(Reflect.apply(member, target, args) as AsyncIterable<unknown>, label, passage);
        return passage(label, () => Reflect.apply(member, target, args) as Promise<unknown>);
      };
    },
  });
}

async function* listed(
  pages: AsyncIterable<unknown>,
  label: string,
  passage: Passage,
): AsyncIterable<unknown> {
  const all = await passage(label, async () => {
    const read: unknown[] = [];
    for await (const page of pages) read.push(page);
    return read;
  });
  yield* all;
}
