import { attendMessages } from '../src/aws/attend-messages.ts';
import { nudgeText } from '../src/aws/nudge-message.ts';
import { type AwsWorld, awsWorld } from '../src/aws/world.ts';
import { type Instant, SECOND } from '../src/core/instant.ts';
import { sweep } from '../src/engine/sweep.ts';
import type { Log } from '../src/engine/world.ts';
import { objectCreated, stackChanged } from '../test/aws/events.ts';
import type { RecordedCall } from '../test/end-to-end/recorded-call.ts';
import type { AwsLifeAccount } from './aws-life-account.ts';
import type { Traffic } from './aws-life-front.ts';
import { REGION } from './aws-life-parts.ts';

/** What some work of functions cost. */
export interface FunctionsWork extends Traffic {
  readonly invocations: number;
  /** Of all functions together, from the first line of each to its last, on this machine. */
  readonly seconds: number;
}

interface Message {
  readonly at: Instant;
  readonly body: string;
}

const LOG: Log = {
  turn: () => undefined,
  answered: () => undefined,
  trouble: (about, problem) => {
    throw new Error(`${about}: ${problem.message}`);
  },
};

/** EventBridge, the queue and Lambda: each message comes at the moment of what it tells, in an invocation of its own. */
export class AwsLifeFunctions {
  readonly #account: AwsLifeAccount;
  readonly #warm: boolean;
  #world: Promise<AwsWorld> | undefined;
  readonly #waiting: Message[] = [];
  readonly #told = new Set<string>();
  readonly #stacks = new Set<string>();
  work: FunctionsWork = { invocations: 0, seconds: 0, calls: [], bytes: 0 };

  constructor(account: AwsLifeAccount, warm: boolean) {
    this.#account = account;
    this.#warm = warm;
  }

  /** A person writes a file. */
  async drop(key: string, text: string): Promise<void> {
    await this.#account.users.put(key, text);
    this.#hear(objectCreated(this.#account.users.bucket, key));
  }

  /** Until nothing is waiting and no stack is at work. */
  async attendAll(): Promise<void> {
    const { clock, stacks } = this.#account;
    for (;;) {
      await this.#hearStacks();
      const [next] = this.#waiting.toSorted((a, b) => a.at - b.at);
      const [change] = await stacks.nextChanges();
      if (next && next.at <= clock.now()) {
        this.#waiting.splice(this.#waiting.indexOf(next), 1);
        await this.#attend(next.body);
        continue;
      }
      const at = Math.min(next?.at ?? Infinity, change?.at ?? Infinity);
      if (at === Infinity) return;
      clock.advance(at - clock.now());
    }
  }

  async sweep(): Promise<FunctionsWork> {
    return this.#run(async (world) => {
      for await (const nudge of sweep(world)) throw new Error(`a sweep found ${JSON.stringify(nudge)}`);
    });
  }

  async #attend(body: string): Promise<void> {
    const done = await this.#run(async (world) => {
      const { failed, later } = await attendMessages(world, [{ id: 'message', body }]);
      if (failed.size > 0) throw new Error(`nothing could be done about ${body}`);
      await world.queue?.send(later);
      for (const { nudge, delaySeconds } of later)
        this.#hear(nudgeText(nudge), this.#account.clock.now() + delaySeconds * SECOND);
    });
    for (const call of done.calls) this.#hearWrite(call);
    this.work = {
      invocations: this.work.invocations + done.invocations,
      seconds: this.work.seconds + done.seconds,
      calls: [...this.work.calls, ...done.calls],
      bytes: this.work.bytes + done.bytes,
    };
  }

  async #run(work: (world: AwsWorld) => Promise<void>): Promise<FunctionsWork> {
    let seconds = 0;
    const traffic = await this.#account.front.count(async () => {
      const begin = performance.now();
      if (!this.#warm) this.#world = undefined;
      this.#world ??= this.#open();
      await work(await this.#world);
      seconds = (performance.now() - begin) / 1000;
    });
    return { ...traffic, invocations: 1, seconds };
  }

  /** What a function does before its first message. */
  #open(): Promise<AwsWorld> {
    const { front, admin, clock } = this.#account;
    return awsWorld({
      adminBucket: admin.bucket,
      region: REGION,
      environment: { AWS_ENDPOINT_URL: front.endpoint, CLUSTERDROP_LOOPBACK_ONLY: '1' },
      clock,
      log: () => LOG,
    });
  }

  #hear(body: string, at = this.#account.clock.now()): void {
    this.#waiting.push({ at, body });
  }

  /** The rule for drops takes in what begins like one: our own `.cf-created` and `.cf-deleted` wake a function, too. */
  #hearWrite({ operation, parameters: { Bucket, Key = '' } }: RecordedCall): void {
    const { bucket } = this.#account.users;
    if (operation === 'PutObject' && Bucket === bucket && /\.cf-(?:create|delete)/.test(Key))
      this.#hear(objectCreated(bucket, Key));
  }

  async #hearStacks(): Promise<void> {
    const { stacks } = this.#account;
    for await (const page of stacks.list())
      for (const { id, name } of page) if (name.startsWith('clusterdrop-')) this.#stacks.add(id);
    // The rule takes in the resources' changes as well as the stack's own.
    for (const stack of this.#stacks)
      for await (const { id, status } of stacks.events(stack)) {
        if (this.#told.has(id)) continue;
        this.#told.add(id);
        this.#hear(stackChanged(stack, status));
      }
  }
}
