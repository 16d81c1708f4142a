import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { type Cluster, clusterAt, isInput } from '../../src/core/identity.ts';
import { readTags } from '../../src/core/stack-tags.ts';
import { addUser } from '../../src/engine/administration/add-user.ts';
import { attend } from '../../src/engine/attend.ts';
import { blueprintAt } from '../../src/engine/blueprints.ts';
import { installBlueprint } from '../../src/engine/install-blueprint.ts';
import { Ledgers } from '../../src/engine/ledgers.ts';
import type { Clock, ObjectEntry, StackReport } from '../../src/engine/ports.ts';
import { reconcile } from '../../src/engine/reconcile.ts';
import { sweep } from '../../src/engine/sweep.ts';
import type { World } from '../../src/engine/world.ts';
import { FolderStore } from '../../src/local/folder-store.ts';
import { OutboxMail } from '../../src/local/outbox-mail.ts';
import { SimulatedStacks } from '../../src/local/simulated-stacks.ts';
import { shippedBlueprints } from '../../src/shipped/shipped-blueprints.ts';
import { shippedPrices } from '../../src/shipped/shipped-catalogue.ts';

const START = Date.UTC(2026, 10, 2, 9, 0, 0);
const BUCKET = 'local';
const HOUR = 60 * 60 * 1000;
const SWEEP_EVERY = HOUR / 3;

/** A whole installation in a temporary folder, with a clock that only the test moves. Its parts are the ones that are shipped. */
export class Town {
  readonly dir = mkdtempSync(join(tmpdir(), 'clusterdrop-town-'));
  readonly clock = new TestClock(START);
  readonly troubles: string[] = [];
  #lastWrite = 0;

  readonly #speed: number;

  private constructor(speed: number) {
    this.#speed = speed;
  }

  static async open(
    users: readonly string[] = ['alice', 'bob'],
    { limits = {}, speed = 1 }: { limits?: object; speed?: number } = {},
  ): Promise<Town> {
    const town = new Town(speed);
    const { admin } = town.world();
    for (const blueprint of shippedBlueprints()) await installBlueprint(admin, blueprint);
    await admin.put('customizer/default/manifest.txt', '');
    await admin.put(
      'limits/default.json',
      JSON.stringify({ version: 1, clusters: 100, usdPerMonth: 1e6, ...limits }),
    );
    for (const user of users) await addUser(admin, { name: user, email: `${user}@example.org`, keys: [] });
    return town;
  }

  /** The installation as a process sees that has just started: nothing is remembered but what is in the folder. */
  world(): World & { readonly store: FolderStore; readonly stacks: SimulatedStacks } {
    const at = (...path: string[]) => join(this.dir, ...path);
    const store = new FolderStore({
      root: at('bucket'),
      internal: at('own', 'bucket'),
      bucket: BUCKET,
      clock: this.clock,
      quietMs: 0,
      isInput,
    });
    const admin = new FolderStore({
      root: at('admin'),
      internal: at('own', 'admin'),
      bucket: 'admin',
      clock: this.clock,
      quietMs: 0,
      isInput: () => false,
    });
    return {
      installation: {
        version: 1,
        id: 'test',
        bucket: BUCKET,
        prefix: 'cd',
        contact: 'the administrator',
        adminEmail: 'admin@example.org',
        simulated: true,
      },
      users: [store],
      store,
      admin,
      ledgers: new Ledgers(admin),
      stacks: new SimulatedStacks({
        folder: at('stacks'),
        clock: this.clock,
        speed: this.#speed,
        faultsFile: at('faults.json'),
        blueprintOf: (ref) => blueprintAt({ admin }, ref),
      }),
      mail: new OutboxMail(at('outbox'), 'Clusterdrop <clusterdrop@example.org>'),
      clock: this.clock,
      log: {
        turn: () => undefined,
        answered: () => undefined,
        trouble: (about, problem) => void this.troubles.push(`${about}: ${problem.message}`),
      },
      prices: shippedPrices,
    };
  }

  cluster(path: string): Cluster {
    return clusterAt(BUCKET, `home/${path}`);
  }

  /** Writes a file into a user's folder, later by the store's own clock than anything written before. */
  async put(path: string, text = '{}'): Promise<ObjectEntry> {
    const { store } = this.world();
    for (;;) {
      const entry = await store.put(`home/${path}`, text);
      if (entry && entry.modified > this.#lastWrite) {
        this.#lastWrite = entry.modified;
        return entry;
      }
    }
  }

  /** What a user does in a file manager: no store is asked. */
  removeByHand(path: string): void {
    rmSync(join(this.dir, 'bucket', 'home', path), { force: true });
  }

  read(path: string): string | undefined {
    try {
      return readFileSync(join(this.dir, 'bucket', 'home', path), 'utf8');
    } catch {
      return undefined;
    }
  }

  files(user: string): string[] {
    return listed(join(this.dir, 'bucket', 'home', user));
  }

  letters(): string[] {
    return listed(join(this.dir, 'outbox'))
      .map((name) => name.replace(/-.*/, ''))
      .toSorted();
  }

  faults(rules: readonly object[]): void {
    writeFileSync(join(this.dir, 'faults.json'), JSON.stringify({ version: 1, rules }));
  }

  /** Living stacks, by the path of their cluster. */
  async stacks(): Promise<Map<string, StackReport[]>> {
    const found = new Map<string, StackReport[]>();
    for await (const page of this.world().stacks.list()) {
      for (const report of page) {
        const path = readTags(report.tags)?.cluster.path.slice('home/'.length) ?? report.name;
        found.set(path, [...(found.get(path) ?? []), report]);
      }
    }
    return found;
  }

  reconcile(path: string, world: World = this.world()) {
    return reconcile(world, this.cluster(path));
  }

  /** Sweeps only - as if every event got lost - and moves the clock on, until `horizon` has passed. */
  async converge({
    horizon = 2 * HOUR,
    world = this.world(),
  }: {
    horizon?: number;
    world?: ReturnType<Town['world']>;
  } = {}): Promise<void> {
    const end = this.clock.now() + horizon;
    for (let rounds = 0; ; rounds++) {
      if (rounds > 2000) throw new Error('the world does not come to rest');
      let next = Math.min(end, this.clock.now() + SWEEP_EVERY);
      for await (const nudge of sweep(world))
        next = Math.min(next, (await attend(world, nudge)).again ?? Infinity);
      next = Math.min(next, (await world.stacks.nextChanges())[0]?.at ?? Infinity);
      if (this.clock.now() >= end) return;
      this.clock.set(Math.max(next, this.clock.now() + 1));
    }
  }

  /** Everything that a person or another process could see, as one text. */
  snapshot(): string {
    return ['bucket', 'admin', 'outbox', 'stacks']
      .flatMap((part) =>
        listed(join(this.dir, part), true).map(
          (file) => `${part}/${file}\n${readFileSync(join(this.dir, part, file), 'utf8')}`,
        ),
      )
      .join('\n');
  }

  /** True if `text` lies anywhere: in a file, a reply, or an old version of a file. */
  holds(text: string): boolean {
    return listed(this.dir, true).some((file) => readFileSync(join(this.dir, file), 'utf8').includes(text));
  }

  close(): void {
    rmSync(this.dir, { recursive: true, force: true });
  }
}

export class TestClock implements Clock {
  #now: number;

  constructor(now: number) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  set(now: number): void {
    this.#now = now;
  }

  advance(ms: number): void {
    this.#now += ms;
  }
}

function listed(folder: string, deep = false): string[] {
  mkdirSync(folder, { recursive: true });
  return readdirSync(folder, { recursive: deep, withFileTypes: true })
    .filter((file) => file.isFile())
    .map((file) => relative(folder, join(file.parentPath, file.name)))
    .toSorted();
}
