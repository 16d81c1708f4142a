import { setTimeout as pause } from 'node:timers/promises';
import type { Cluster } from '../../core/identity.ts';
import { isoOf } from '../../core/instant.ts';
import type { StackEvent } from '../../engine/ports.ts';
import type { ClusterReports } from './cluster-reports.ts';
import type { Host } from './container-engine.ts';
import { engineTrouble } from './engine-trouble.ts';
import { HostTrouble } from './host-trouble.ts';
import type { HostedStack } from './hosted-stack.ts';
import type { Hosting } from './hosting.ts';
import { bytesOf, type FileMarks } from './kept-files.ts';
import type { Labels } from './labels.ts';
import type { LoginHost } from './login-host.ts';
import { BucketTrouble, type FilesToSave, saveFiles } from './save-files.ts';
import { slurmParameters } from './slurm-parameters.ts';
import { Overtaken } from './stack-operation.ts';

const SAVE_EVERY = 5 * 60_000;
const SAVE_ATTEMPTS = 5;
const PAUSE = 2000;
/** So long all of it may take: whoever sends a byte now and then, or bytes without end, would never come to an end. */
const LONGEST_SAVE = 60 * 60_000;
/**
 * So often the end of a cluster is held up by what cannot be stored of somebody's files, or by an engine that does not give them: its
 * user can put anything there, and can make it look as if it were the engine.
 */
const OBSTACLES = 3;

export interface FilesKeeperParts {
  readonly hosting: Hosting;
  readonly cluster: Cluster;
  readonly labels: Labels;
  readonly login: LoginHost;
  readonly reports: ClusterReports;
  /** Something was saved, or could not be. */
  readonly done: () => void;
}

/** Keeps `~/files` of one cluster in the bucket: now and then, and before its end. */
export class FilesKeeper {
  readonly #parts: FilesKeeperParts;
  readonly #pause: number;
  /** By `performance.now()`; nothing is known of an earlier process's. */
  #lastTime = Number.NEGATIVE_INFINITY;
  #underWay: Promise<void> | undefined;
  /** Told once, for good: only the last copy is made afterwards. */
  readonly #stop = new AbortController();
  #isOver = false;

  /** `pauseMs`: between attempts. */
  constructor(parts: FilesKeeperParts, { pauseMs = PAUSE } = {}) {
    this.#parts = parts;
    this.#pause = pauseMs;
  }

  /** The bucket and the host hold the same at this moment. */
  begin(): void {
    this.#lastTime = performance.now();
  }

  /** Beside everything else: there may be a lot. */
  nowAndThen(stack: HostedStack, login: Host): void {
    const { signal: stop } = this.#stop;
    if (this.#underWay || stop.aborted || performance.now() - this.#lastTime < SAVE_EVERY) return;
    const { reports, done } = this.#parts;
    this.#lastTime = performance.now();
    const signal = inTimeUnless(stop);
    this.#underWay = this.#save(stack, login, { signal, leaveOut: 'all' }, false)
      .catch((error: unknown) => {
        if (!stop.aborted) reports.filesTrouble(engineTrouble(error).message);
      })
      .finally(() => {
        this.#underWay = undefined;
        done();
      });
  }

  /** Gives up what is under way, and begins nothing more now and then. */
  stop(): void {
    this.#stop.abort();
  }

  async settled(): Promise<void> {
    await this.#underWay;
  }

  /**
   * Nothing of the cluster goes before its files are safe, as far as that is in our hands. A host that gives nothing does not hold up
   * its end, or its user could keep it for ever.
   * @throws BucketTrouble when it is the bucket that takes nothing, or, the first few times, the engine that gives nothing; Overtaken
   * when `signal` says stop
   */
  async lastTime(stack: HostedStack, signal: AbortSignal): Promise<void> {
    this.stop();
    await this.settled();
    if (!this.#isOver) await this.#tryLastTime(stack, signal);
    this.#isOver = true;
  }

  async #tryLastTime(stack: HostedStack, signal: AbortSignal): Promise<void> {
    const { hosting, labels, login, reports } = this.#parts;
    const inTime = inTimeUnless(signal);
    let held: BucketTrouble | undefined;
    const isPatient = stack.events.filter(hasFailedToEnd).length < OBSTACLES;
    const leaveOut = isPatient ? 'nothing' : 'obstacles';
    for (let attempt = 1; ; attempt++) {
      // Somebody has removed the host by other means. As long as the volume is there, so are the files.
      if (!(await login.find()) && (await hosting.engine.volumes.list(labels)).length === 0) return;
      try {
        await this.#save(stack, await login.running(stack), { signal: inTime, leaveOut }, true);
        return await reports.publish([]);
      } catch (error) {
        if (signal.aborted) throw new Overtaken();
        const trouble = engineTrouble(error);
        if (trouble.kind === 'gone') throw trouble;
        if (error instanceof BucketTrouble) held = error;
        else if (isPatient && !(error instanceof HostTrouble))
          held ??= new BucketTrouble(trouble.message, { cause: error });
        if (attempt < SAVE_ATTEMPTS && !inTime.aborted) {
          await pause(this.#pause);
          continue;
        }
        if (held) throw held;
        reports.filesTrouble(`the last time failed: ${trouble.message}`);
        return await reports.publish([]);
      }
    }
  }

  async #save(
    stack: HostedStack,
    login: Host,
    how: Pick<FilesToSave, 'signal' | 'leaveOut'>,
    isLast: boolean,
  ): Promise<void> {
    const { hosting, cluster, reports } = this.#parts;
    const { engine, users: store, marks, clock } = hosting;
    const account = slurmParameters(stack.parameters).AccessUsername;
    const before = await marks.read(stack.id);
    const now = clock.now();
    const stored = new Map<string, string>();
    const done = (path: string, mark: string) => stored.set(path, mark);
    const files = { engine, store, cluster, host: login.id, account, marks: before.marks, done, ...how };
    const saved = await saveFiles(files).catch(async (error: unknown) => {
      if (stored.size > 0) await this.#remember(stack, { ...before.marks, ...Object.fromEntries(stored) });
      throw error;
    });
    // A time that only says that all is as it was would change the status for ever. The last word before the end is news.
    const isNews = saved.hasChanged || before.savedAt === undefined || isLast;
    const kept = { ...saved, savedAt: isNews ? isoOf(now) : before.savedAt };
    await marks.write(stack.id, kept);
    reports.filesSaved(kept);
  }

  /** What never gets through at once would begin anew each time. No time is told, so that the next one that gets through is news. */
  async #remember({ id }: HostedStack, marks: FileMarks): Promise<void> {
    const kept = { marks, count: Object.keys(marks).length, bytes: bytesOf(marks) };
    // A full disk may be what cut it short: that is to be told, not this.
    await this.#parts.hosting.marks.write(id, kept).catch(() => undefined);
  }
}

function hasFailedToEnd({ logicalId, status }: StackEvent): boolean {
  return logicalId === 'LoginHost' && status === 'DELETE_FAILED';
}

/** Says stop when `signal` does, or when it takes too long. */
function inTimeUnless(signal: AbortSignal): AbortSignal {
  const late = new AbortController();
  const minutes = LONGEST_SAVE / 60_000;
  const trouble = new HostTrouble(`copying ~/files took longer than ${minutes} minutes`);
  setTimeout(() => late.abort(trouble), LONGEST_SAVE).unref();
  return AbortSignal.any([signal, late.signal]);
}
