import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isoOf } from '../../src/core/instant.ts';
import { ProblemError, problem } from '../../src/core/problems.ts';
import { Attendant } from '../../src/engine/attendant.ts';
import type { ObjectStore } from '../../src/engine/ports.ts';
import { reconcile } from '../../src/engine/reconcile.ts';
import { sweep } from '../../src/engine/sweep.ts';
import { soon } from '../soon.ts';
import { portsThrough } from './ports-through.ts';
import { Town } from './town.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const CEILING = 100;
const NEAR_MISS = { version: 'v', modified: 0, size: 2 };

let town: Town;
beforeEach(async () => {
  town = await Town.open(['alice', 'bob'], { limits: { usdPerMonth: CEILING }, speed: 10 });
});
afterEach(() => town.close());

const folderAt = (path: string) => mkdirSync(join(town.dir, 'bucket', 'home', path), { recursive: true });

/** Reckoned here once more, since what the limits are judged by is what is in question. */
async function promisedUsd(): Promise<number> {
  const ledger = await town.world().ledgers.read('alice');
  return Object.values(ledger.clusters).reduce((sum, { price, rateSince, endsAt, update }) => {
    const end = Math.max(endsAt, update?.failure ? 0 : (update?.endsAt ?? 0));
    return sum + ((price.usdPerHour ?? Infinity) * (end - rateSince)) / HOUR;
  }, 0);
}

describe('a cluster comes to its end', () => {
  test('though a folder lies where its address belongs', async () => {
    folderAt('alice/c.cf-created');
    await town.put('alice/c.cf-create', '{"Lifetime": "2h"}');
    await town.converge({ horizon: HOUR });
    expect((await town.stacks()).size).toBe(1);
    expect(town.troubles.join('\n')).toContain('c.cf-created');
    await town.converge({ horizon: 2 * HOUR });
    expect((await town.stacks()).size).toBe(0);
  });

  test('though a folder lies where a refusal belongs', async () => {
    await town.put('alice/c.cf-create', '{"Lifetime": "2h"}');
    await town.converge({ horizon: HOUR / 2 });
    folderAt('alice/c.cf-failed');
    await town.put('alice/c.cf-create', '{"bogus": 1}');
    await town.converge({ horizon: 3 * HOUR });
    expect((await town.stacks()).size).toBe(0);
    expect(town.files('alice')).not.toContain('c.cf-create');
  });

  test('though its owner keeps replies in an archive that nobody can read', async () => {
    await town.put('alice/c.cf-create', '{"Lifetime": "2h"}');
    await town.converge({ horizon: HOUR });
    expect((await town.stacks()).size).toBe(1);
    const world = portsThrough(town.world(), async (label, call) => {
      if (/^bucket.get "home\/alice\/c.cf-(?:created|status)/.test(label))
        throw new ProblemError(problem('aws-failed', { what: 'InvalidObjectState' }));
      return call();
    });
    await town.converge({ horizon: 2 * HOUR, world });
    expect((await town.stacks()).size).toBe(0);
    expect(town.files('alice')).toEqual(['c.cf-deleted', 'c.cf-status']);
  });

  test('though its owner piles up a million objects beside its files', async () => {
    await town.put('alice/c.cf-create', '{"Lifetime": "2h"}');
    await town.converge({ horizon: HOUR });
    expect((await town.stacks()).size).toBe(1);
    const world = town.world();
    let pages = 0;
    const endless: ObjectStore = {
      bucket: world.store.bucket,
      get: (...args) => world.store.get(...args),
      put: (...args) => world.store.put(...args),
      remove: (...args) => world.store.remove(...args),
      async *list(prefix: string) {
        const isOfC = prefix.startsWith('home/alice/c.cf-');
        if (prefix !== 'home/alice/c.cf-') yield* world.store.list(prefix);
        if (!isOfC) return;
        for (let n = 0; ; n++, pages++)
          yield { objects: [{ ...NEAR_MISS, key: `${prefix}a${n}` }], folders: [] };
      },
    };
    await town.converge({ horizon: 2 * HOUR, world: { ...world, users: [endless] } });
    expect((await town.stacks()).size).toBe(0);
    expect(town.files('alice')).toEqual(['c.cf-deleted', 'c.cf-status']);
    expect(pages).toBeGreaterThan(20);
  }, 20_000);

  test('though its newest request cannot be read, an hour later', async () => {
    await town.put('alice/c.cf-create', '{"Lifetime": "2h"}');
    await town.converge({ horizon: HOUR });
    await town.put('alice/c.cf-create', '{"Lifetime": "5d"}');
    const world = portsThrough(town.world(), async (label, call) => {
      if (label.startsWith('bucket.get "home/alice/c.cf-create"')) throw new Error('EACCES');
      return call();
    });
    await town.converge({ horizon: 1.5 * HOUR, world });
    expect((await town.stacks()).size).toBe(1);
    await town.converge({ horizon: HOUR, world });
    expect((await town.stacks()).size).toBe(0);
  });
});

describe('a cluster whose owner closes its folder to everybody', () => {
  /** What a folder store says of a folder that it may not look into. */
  const closed = () =>
    portsThrough(town.world(), async (label, call) => {
      if (/^bucket\.\w+ "home\/alice\//.test(label))
        throw new ProblemError(problem('in-the-way', { key: 'home/alice/', why: 'no right to it' }));
      return call();
    });

  /** Without events, and with a clock that moves by itself. */
  async function live(horizon: number, world = closed()): Promise<void> {
    const attendant = new Attendant({ world });
    for (const end = town.clock.now() + horizon; town.clock.now() < end; town.clock.advance(5 * MINUTE)) {
      attendant.tick();
      await attendant.settled();
    }
    await attendant.stopped();
  }

  const letters = () => town.letters().filter((letter) => letter === 'gone');

  test('has an hour beyond its end, and is then gone', async () => {
    await town.put('alice/c.cf-create', '{"Lifetime": "3h"}');
    await town.converge({ horizon: HOUR });
    await live(2.9 * HOUR);
    expect((await town.stacks()).size).toBe(1);
    expect(town.troubles.join('\n')).toContain('no right to it');
    await live(HOUR);
    expect((await town.stacks()).size).toBe(0);
    expect(letters()).toEqual(['gone']);
  });

  test('is gone when nobody has used it, an hour later than else', async () => {
    await town.put('alice/c.cf-create', '{"Lifetime": "9d", "IdleTimeout": "2h"}');
    await town.converge({ horizon: HOUR });
    const used = town.clock.now();
    const world = closed();
    const report = () => JSON.stringify({ version: 1, at: isoOf(town.clock.now()), lastUse: isoOf(used) });
    const admin = Object.assign(Object.create(world.admin), {
      async get(key: string, most?: number) {
        if (!key.startsWith('reports/')) return world.admin.get(key, most);
        return { key, version: 'v', modified: 0, size: 99, body: Buffer.from(report()) };
      },
    });
    await live(2.8 * HOUR, { ...world, admin });
    expect((await town.stacks()).size).toBe(1);
    await live(HOUR, { ...world, admin });
    expect((await town.stacks()).size).toBe(0);
  });

  test('goes on going, when it was about to', async () => {
    await town.put('alice/c.cf-create', '{"Lifetime": "9d"}');
    await town.converge({ horizon: HOUR });
    await town.put('alice/c.cf-delete');
    const world = portsThrough(town.world(), async (label, call) => {
      if (label.startsWith('stacks.remove')) throw new Error('not now');
      return call();
    });
    await expect(town.reconcile('alice/c', world)).rejects.toThrow('not now');
    await live(HOUR);
    expect((await town.stacks()).size).toBe(0);
    expect(letters()).toEqual(['gone']);
  });

  test('finds its answer when the folder is open again, and nothing is started anew', async () => {
    await town.put('alice/c.cf-create', '{"Lifetime": "3h"}');
    await town.converge({ horizon: HOUR });
    const request = await town.put('alice/c.cf-create', '{"Lifetime": "3h", "ComputeMaxNodes": 9}');
    await live(10 * HOUR);
    expect((await town.stacks()).size).toBe(0);
    await town.world().store.remove(request.key, request.version);
    await town.converge({ horizon: HOUR });
    expect((await town.stacks()).size).toBe(0);
    expect(town.files('alice')).toEqual(['c.cf-deleted', 'c.cf-status']);
  });

  test('is as before when it is opened in time: the request for more time counts', async () => {
    await town.put('alice/c.cf-create', '{"Lifetime": "3h"}');
    await town.converge({ horizon: HOUR });
    await town.put('alice/c.cf-create', '{"Lifetime": "9d"}');
    await live(2.5 * HOUR);
    await town.converge({ horizon: 10 * HOUR });
    expect((await town.stacks()).size).toBe(1);
  });

  test('goes at its end too when only writing is forbidden, and a request that was refused cannot be taken away', async () => {
    await town.put('alice/c.cf-create', '{"Lifetime": "3h"}');
    await town.converge({ horizon: HOUR });
    await town.put('alice/c.cf-create', '{"bogus": 1}');
    const world = portsThrough(town.world(), async (label, call) => {
      if (label.startsWith('bucket.put "home/alice/'))
        throw new ProblemError(problem('in-the-way', { key: 'home/alice/', why: 'no right to it' }));
      if (label.startsWith('bucket.remove "home/alice/')) throw new Error('EACCES');
      return call();
    });
    await live(2.9 * HOUR, world);
    expect((await town.stacks()).size).toBe(1);
    await live(HOUR, world);
    expect((await town.stacks()).size).toBe(0);
  });

  test('is never begun there', async () => {
    await town.put('alice/c.cf-create');
    await live(10 * HOUR);
    expect((await town.stacks()).size).toBe(0);
    expect(town.letters()).toEqual([]);
  });
});

describe('the monthly ceiling holds', () => {
  beforeEach(async () => {
    for (const name of ['a', 'b', 'c']) await town.put(`alice/${name}.cf-create`, '{"Lifetime": "3h"}');
    await town.converge({ horizon: HOUR / 2 });
    expect((await town.stacks()).size).toBe(3);
  });

  test('when three clusters ask for more time in the same instant', async () => {
    for (const name of ['a', 'b', 'c']) await town.put(`alice/${name}.cf-create`, '{"Lifetime": "9d"}');
    const world = town.world();
    await Promise.all(['a', 'b', 'c'].map((name) => town.reconcile(`alice/${name}`, world)));
    expect(await promisedUsd()).toBeLessThanOrEqual(CEILING);
    expect(town.files('alice').filter((file) => file.endsWith('.cf-failed'))).toHaveLength(2);
  });

  test('while changes that bring more time are still under way', async () => {
    for (const name of ['a', 'b', 'c']) {
      await town.put(`alice/${name}.cf-create`, '{"Lifetime": "9d", "ComputeInitialNodes": 1}');
      await town.reconcile(`alice/${name}`);
    }
    expect(await promisedUsd()).toBeLessThanOrEqual(CEILING);
  });
});

describe('one person’s trouble is not another’s', () => {
  test('a mail server that hangs holds up no cluster', async () => {
    const hanging = { send: () => new Promise<void>(() => undefined) };
    const world = { ...town.world(), mail: hanging };
    const attendant = new Attendant({ world, atOnce: 2 });
    const names = Array.from({ length: 8 }, (_, n) => `${n % 2 === 0 ? 'alice' : 'bob'}/c${n}`);
    for (const name of names) await town.put(`${name}.cf-create`, '{"Lifetime": "1h"}');
    for (const name of names) attendant.nudge({ kind: 'cluster', cluster: town.cluster(name) });
    await soon(async () => expect((await town.stacks()).size).toBe(8));
  });

  test('a folder that cannot be listed ends no sweep, and its owner’s clusters still get their look', async () => {
    await town.put('alice/c.cf-create');
    await town.converge({ horizon: HOUR / 2 });
    await town.put('bob/c.cf-create');
    const world = portsThrough(town.world(), async (label, call) => {
      if (label.startsWith('bucket.list "home/alice/"')) throw new Error('EACCES');
      return call();
    });
    const found: string[] = [];
    for await (const nudge of sweep(world)) if (nudge.kind === 'cluster') found.push(nudge.cluster.path);
    expect(found.toSorted()).toEqual(['home/alice/c', 'home/bob/c']);
    expect(town.troubles.join('\n')).toContain('EACCES');
  });

  test('a tree without an end, or a flood of near misses, ends no sweep either', async () => {
    await town.put('alice/c.cf-create');
    await town.converge({ horizon: HOUR / 2 });
    await town.put('alice/lost.cf-create');
    await town.put('bob/c.cf-create');
    const world = town.world();
    let pages = 0;
    const [store] = world.users;
    const endless = Object.assign(Object.create(store as object), {
      async *list(prefix: string) {
        pages++;
        const near = (_: unknown, n: number) => ({ ...NEAR_MISS, key: `home/alice/${n}.cf-create.txt` });
        if (prefix === 'home/alice/') yield { objects: Array.from({ length: 1000 }, near), folders: [] };
        yield* store?.list(prefix) ?? [];
        if (prefix.startsWith('home/alice/')) yield { objects: [], folders: [`${prefix}deeper/`] };
      },
    });
    const found: string[] = [];
    for await (const nudge of sweep({ ...world, users: [endless] }))
      found.push(nudge.kind === 'cluster' ? nudge.cluster.path : nudge.kind);
    expect(found.filter((one) => one === 'misdrop')).toHaveLength(200);
    expect(found.filter((one) => one.startsWith('home/'))).toEqual(
      expect.arrayContaining(['home/alice/lost', 'home/bob/c']),
    );
    expect(pages).toBeLessThan(400);
    expect(town.troubles.join('\n')).toContain('home/alice/ has too many files');
  });

  test('a report of five gigabytes is not read', async () => {
    await town.put('alice/c.cf-create', '{"IdleTimeout": "1h"}');
    await town.converge({ horizon: HOUR / 2 });
    const asked: (number | undefined)[] = [];
    const world = town.world();
    const admin = Object.assign(Object.create(world.admin), {
      async get(key: string, most?: number) {
        if (!key.startsWith('reports/')) return world.admin.get(key, most);
        asked.push(most);
        return { key, version: 'v', modified: 0, size: 5e9, body: new Uint8Array(most ?? 0) };
      },
    });
    await reconcile({ ...world, admin }, town.cluster('alice/c'));
    expect(asked).toEqual([64 * 1024]);
    expect((await town.stacks()).size).toBe(1);
  });
});
