import { setTimeout as pause } from 'node:timers/promises';
import { runAll } from '../run-all.ts';
import { ClusterTender } from './cluster-tender.ts';
import type { KeptEngine } from './engine-home.ts';
import { engineTrouble } from './engine-trouble.ts';
import { findOrphans } from './find-orphans.ts';
import { hostedBlueprints } from './hosted-blueprints.ts';
import { statusOf } from './hosted-stack.ts';
import type { Hosting } from './hosting.ts';
import { LABEL } from './labels.ts';
import type { SoleCaretaker } from './sole-caretaker.ts';

const ORPHANS_EVERY = 5 * 60_000;
const POST_EVERY = 2000;

/** Makes the containers of a folder's clusters what their stacks say: one tender for each stack, and an eye on what belongs to none. */
export class Caretaker {
  readonly #hosting: Hosting;
  readonly #post: SoleCaretaker;
  readonly #stop = new AbortController();
  readonly #tenders = new Map<string, { readonly tender: ClusterTender; readonly over: Promise<void> }>();
  #hasPost = false;
  /** Clusters that only the engine knows, and which have been told. */
  readonly #unknown = new Set<string>();
  #told = '';
  #nextAsk = 0;
  #nextOrphans = 0;
  #removing: Promise<void> | undefined;
  #ticking: Promise<void> | undefined;
  #watching: Promise<void> | undefined;

  constructor(hosting: Hosting, post: SoleCaretaker) {
    this.#hosting = hosting;
    this.#post = post;
  }

  /** Begins what there is to do. Returns at once; to be called often. */
  tick(): void {
    if (this.#ticking || this.#stop.signal.aborted) return;
    this.#ticking = this.#look().finally(() => {
      this.#ticking = undefined;
    });
    // The engine may be away: those whom it concerns say so.
    this.#ticking.catch(() => undefined);
  }

  /** Brings to an end what is under way; hosts stay as they are. */
  async stopped(): Promise<void> {
    this.#stop.abort();
    await this.#ticking?.catch(() => undefined);
    await Promise.all([...this.#tenders.values()].map(({ over }) => over));
    await Promise.all([this.#watching, this.#removing]);
    await this.#post.release();
  }

  async #look(): Promise<void> {
    const now = performance.now();
    if (!this.#hasPost) {
      if (now < this.#nextAsk) return;
      this.#nextAsk = now + POST_EVERY;
      if (!(await this.#post.take())) return this.#tellHolder();
      const other = await this.#hosting.settle();
      if (other) return this.#giveUpPost(other);
      this.#hasPost = true;
      // So that nobody's first cluster waits for it.
      for (const blueprint of hostedBlueprints())
        this.#hosting.images.idFor(blueprint).catch((error: unknown) => this.#tellUnbuilt(error));
      this.#watching = this.#watchDeaths();
    }
    for await (const stack of this.#hosting.book.living()) {
      const known = this.#tenders.get(stack.id);
      const cluster = this.#hosting.clusterOf(stack);
      if (known) known.tender.notice(statusOf(stack));
      else if (cluster) this.#tend(new ClusterTender(this.#hosting, stack, cluster), stack.id);
    }
    if (now >= this.#nextOrphans && !this.#removing) {
      this.#nextOrphans = now + ORPHANS_EVERY;
      // Beside: one that does not go is waited for, and no cluster is to wait with it.
      this.#removing = this.#removeOrphans()
        .catch(() => undefined)
        .finally(() => {
          this.#removing = undefined;
        });
    }
  }

  /** There may be no cluster yet whose reply would tell it. */
  #tellUnbuilt(error: unknown): void {
    if (this.#stop.signal.aborted) return;
    const { message } = engineTrouble(error);
    for (const line of message.split('\n')) this.#hosting.progress(line);
    this.#hosting.progress('No cluster can start before that is mended. The next request tries it again.');
  }

  #tellHolder(): void {
    this.#tellOnce(
      `Process ${this.#post.holder()} looks after the hosts of this folder; this one takes over when that ends.`,
    );
  }

  /** When this process began, somebody else looked after this folder, with another engine. */
  async #giveUpPost({ name, socket }: KeptEngine): Promise<void> {
    await this.#post.release();
    this.#tellOnce(
      `The clusters of this folder live in ${name} at ${socket}. This process found another engine when it started, and cannot look after them: start it anew.`,
    );
  }

  #tellOnce(words: string): void {
    if (words !== this.#told) this.#hosting.progress(words);
    this.#told = words;
  }

  /** Only of what this folder's own book has seen end: the rest may be living clusters of another copy of the folder. */
  async #removeOrphans(): Promise<void> {
    const { ended, unknown } = await findOrphans(this.#hosting);
    for (const { labels } of unknown) this.#tellUnknown(labels[LABEL.cluster] ?? 'some cluster');
    // What cannot go, such as a network that somebody else's container uses, holds up nothing else.
    await runAll(ended.map(({ remove }) => remove));
  }

  #tellUnknown(cluster: string): void {
    if (this.#unknown.has(cluster)) return;
    this.#unknown.add(cluster);
    this.#hosting.progress(
      `The container engine has something of ${cluster}, of which this folder has no record: it is a copy, or older. That is left alone; "clusterdrop local --clean", which ends all clusters of the folder, removes it too, unsaved files and all.`,
    );
  }

  #tend(tender: ClusterTender, id: string): void {
    // A record that cannot be read just now brings nobody down: the next look begins anew.
    const over = tender
      .run(this.#stop.signal)
      .catch(() => undefined)
      .finally(() => this.#tenders.delete(id))
      .then(() => undefined);
    this.#tenders.set(id, { tender, over });
  }

  /** A host that dies is noticed at once; while the engine is away, it is asked again and again. */
  async #watchDeaths(): Promise<void> {
    const { engine, installation } = this.#hosting;
    const { signal } = this.#stop;
    while (!signal.aborted) {
      try {
        const died = (labels: Readonly<Record<string, string>>) =>
          this.#tenders.get(labels[LABEL.stack] ?? '')?.tender.wake();
        await engine.watchDeaths({ [LABEL.installation]: installation }, died, signal);
      } catch {
        // It is away: those whom that concerns say so.
      }
      for (const { tender } of this.#tenders.values()) tender.wake();
      await pause(1000, undefined, { signal }).catch(() => undefined);
    }
  }
}
