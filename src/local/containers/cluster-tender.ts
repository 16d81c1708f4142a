import { setTimeout as pause } from 'node:timers/promises';
import { belowHome, type Cluster, identityOf } from '../../core/identity.ts';
import { Alarm } from './alarm.ts';
import { BootAgain } from './boot-again.ts';
import { buildCluster } from './build-cluster.ts';
import { ClusterChange } from './change-cluster.ts';
import { ClusterReports } from './cluster-reports.ts';
import { ComputeHosts } from './compute-hosts.ts';
import type { Host } from './container-engine.ts';
import { ClusterEnd } from './end-cluster.ts';
import { type EngineTrouble, engineTrouble } from './engine-trouble.ts';
import { FilesKeeper } from './files-keeper.ts';
import { LOGIN } from './host-settings.ts';
import { pretenceNotice } from './host-shape.ts';
import type { HostedStack } from './hosted-stack.ts';
import type { Hosting } from './hosting.ts';
import { LABEL, type Labels } from './labels.ts';
import { type BootLine, booted } from './login-boot.ts';
import { LoginHost, nodeShapeOf } from './login-host.ts';
import type { LoginLine } from './login-lines.ts';
import { LoginWatch } from './login-watch.ts';
import { slurmParameters } from './slurm-parameters.ts';
import { Overtaken, StackOperation } from './stack-operation.ts';

const LOOK_EVERY = 5000;
const SHORTEST_REST = 250;
const LONGEST_PAUSE = 30_000;
/** Of whoever waits for a stack to be at rest: about two minutes. */
const REST_ATTEMPTS = 8;

/**
 * Looks after the hosts of one stack for as long as it lives: builds them, keeps them as they should be, takes them away. What is to be
 * done follows from the stack's record and from what the engine has, each time anew, so it can be cut short anywhere.
 */
export class ClusterTender {
  readonly #hosting: Hosting;
  readonly #id: string;
  readonly #cluster: Cluster;
  readonly #labels: Labels;
  readonly #operation: StackOperation;
  readonly #alarm = new Alarm();
  readonly #change: ClusterChange;
  readonly #bootAgain: BootAgain;
  readonly #watch: LoginWatch;
  readonly #login: LoginHost;
  readonly #compute: ComputeHosts;
  readonly #files: FilesKeeper;
  readonly #reports: ClusterReports;
  readonly #end: ClusterEnd;
  #boot: BootLine | undefined;
  #wanted: readonly number[] | undefined;
  /** By `performance.now()`, as is the next. */
  #lastLook = Number.NEGATIVE_INFINITY;
  #lastTrouble = '';
  #noticed: readonly string[] = [];

  constructor(hosting: Hosting, stack: HostedStack, cluster: Cluster) {
    const labels = {
      [LABEL.installation]: hosting.installation,
      [LABEL.stack]: stack.id,
      [LABEL.cluster]: belowHome(cluster.path),
    };
    const done = () => this.#alarm.wake();
    const reports = new ClusterReports(hosting, identityOf(hosting.installation, cluster), cluster);
    const login = new LoginHost(hosting, cluster, labels, reports);
    const operation = new StackOperation(hosting, stack, cluster);
    const compute = new ComputeHosts(hosting, labels, done);
    const files = new FilesKeeper({ hosting, cluster, labels, login, reports, done });
    this.#hosting = hosting;
    this.#id = stack.id;
    this.#cluster = cluster;
    this.#labels = labels;
    this.#operation = operation;
    this.#change = new ClusterChange(operation, login);
    this.#bootAgain = new BootAgain(hosting.engine);
    this.#watch = new LoginWatch((line) => this.#hear(line));
    this.#login = login;
    this.#compute = compute;
    this.#files = files;
    this.#reports = reports;
    this.#end = new ClusterEnd({ hosting, operation, labels, files, compute });
  }

  /** Something may have changed. */
  wake(): void {
    this.#alarm.wake();
  }

  /** The record says something else than when it was looked at last. */
  notice({ status }: { readonly status: string }): void {
    if (status !== this.#operation.status) this.wake();
  }

  /** Until the stack is gone, or at rest if no more is wanted, or `signal` says stop; what is under way is brought to an end. */
  async run(signal: AbortSignal, { toRest = false } = {}): Promise<void> {
    const wake = () => {
      this.#files.stop();
      this.wake();
    };
    signal.addEventListener('abort', wake);
    let failures = 0;
    await this.#reports.goOn();
    this.#reports.filesSaved(await this.#hosting.marks.read(this.#id));
    while (!signal.aborted) {
      try {
        const stack = await this.#operation.look();
        if (!stack || (toRest && !this.#operation.status.endsWith('_IN_PROGRESS'))) break;
        const rest = await this.#step(stack, signal);
        failures = 0;
        this.#lastTrouble = '';
        if (rest > 0) await this.#alarm.wait(rest);
      } catch (error) {
        if (error instanceof Overtaken) continue;
        failures++;
        // Once is nothing: a host was stopped just now, say, and is started again.
        if (failures > 1) await this.#tell(engineTrouble(error));
        if (toRest && failures > REST_ATTEMPTS) break;
        await this.#alarm.wait(Math.min(LONGEST_PAUSE, 500 * 2 ** failures));
      }
    }
    signal.removeEventListener('abort', wake);
    this.#watch.end();
    await Promise.all([this.#compute.settled(), this.#files.settled()]);
  }

  /** Takes the stack one step on. @returns how many ms to rest, unless somebody wakes it */
  async #step(stack: HostedStack, signal: AbortSignal): Promise<number> {
    switch (this.#operation.status) {
      case 'CREATE_IN_PROGRESS':
        await this.#create(stack, signal);
        return 0;
      case 'ROLLBACK_IN_PROGRESS':
        await this.#end.rollBack();
        return 0;
      case 'UPDATE_IN_PROGRESS':
      case 'UPDATE_ROLLBACK_IN_PROGRESS':
        await this.#change.run(stack);
        return 0;
      case 'DELETE_IN_PROGRESS':
        this.#watch.end();
        this.#wanted = [];
        this.#noticed = [];
        await this.#end.remove(stack, signal);
        return 0;
      case 'CREATE_COMPLETE':
      case 'UPDATE_COMPLETE':
      case 'UPDATE_ROLLBACK_COMPLETE':
      // What it was told last it may not do, but people work there.
      case 'UPDATE_ROLLBACK_FAILED':
        return this.#keep(stack);
      default:
        return LOOK_EVERY;
    }
  }

  async #create(stack: HostedStack, signal: AbortSignal): Promise<void> {
    // Of an earlier life of the cluster.
    if (!stack.events.some((event) => event.logicalId === 'HostImage')) await this.#reports.forget();
    const ready = () => {
      // Heard from the beginning, though it may have told already that it is ready.
      this.#boot = undefined;
      this.#watch.end();
      return booted({
        hosting: this.#hosting,
        login: this.#login,
        alarm: this.#alarm,
        told: () => this.#boot,
        mute: () => this.#watch.mute,
        listen: (login) => this.#listen(login),
        unlessStopped: () => this.#operation.unlessStopped(signal),
      });
    };
    await buildCluster(
      {
        hosting: this.#hosting,
        operation: this.#operation,
        labels: this.#labels,
        login: this.#login,
        ready,
        keyFile: this.#hosting.keyFileOf(this.#cluster.user),
        signal,
      },
      stack,
    );
    this.#files.begin();
  }

  /** Everything as it should be, as far as can be done at once. */
  async #keep(stack: HostedStack): Promise<number> {
    const { engine } = this.#hosting;
    // Its user can wake us as often as they like, by nodes that come and go or hosts that die.
    await pause(Math.max(0, this.#lastLook + SHORTEST_REST - performance.now()));
    this.#lastLook = performance.now();
    const login = await this.#login.running(stack);
    await this.#listen(login);
    if (await this.#bootAgain.look(login, this.#boot)) {
      this.#boot = undefined;
      this.#watch.end();
    }
    if (this.#boot?.kind === 'ready' && this.#boot.hostKey !== '')
      await this.#login.noteWayIn(stack, { ...stack, hostKey: this.#boot.hostKey });
    const shape = nodeShapeOf(this.#hosting, stack);
    let rest = LOOK_EVERY;
    if (this.#wanted) {
      const nodes = async () =>
        (await engine.hosts(this.#labels)).filter((host) => host.labels[LABEL.host] !== LOGIN);
      rest = Math.min(rest, await this.#compute.converge(stack, shape, this.#wanted, nodes));
    }
    this.#files.nowAndThen(stack, login);
    await this.#login.give(login, stack);
    const { mute } = this.#watch;
    const pretence = pretenceNotice(this.#hosting, slurmParameters(stack.parameters));
    this.#noticed = [
      ...(mute === undefined ? [] : [mute]),
      ...this.#bootAgain.notices(),
      ...this.#login.notices(),
      ...this.#compute.notices(),
      ...(pretence === undefined ? [] : [pretence]),
    ];
    await this.#reports.publish(this.#noticed);
    if (this.#reports.isSilent()) this.#hosting.changed(this.#cluster);
    return rest;
  }

  async #listen(login: Host): Promise<void> {
    if (!this.#watch.isOn(login.id))
      await this.#watch.begin(this.#hosting.engine, login.id, () => this.wake());
  }

  #hear(line: LoginLine): void {
    // A report can wait for the next look; whoever sends a thousand of them wakes nobody.
    if (line.kind === 'report') return this.#reports.hear(line.json);
    if (line.kind === 'nodes') this.#wanted = line.numbers;
    else this.#boot = line;
    this.wake();
  }

  /** What keeps it from being looked after. */
  async #tell({ kind, message }: EngineTrouble): Promise<void> {
    if (message !== this.#lastTrouble) this.#hosting.trouble(this.#cluster, message);
    this.#lastTrouble = message;
    // While it is made, the events of its stack tell.
    if (/^(CREATE|ROLLBACK)_IN_PROGRESS$/.test(this.#operation.status)) return;
    const isOfMachine = ['gone', 'inner', 'lacking'].includes(kind);
    const held = isOfMachine ? `${message}: whoever looks after this machine has to mend that` : message;
    // What holds the one up may hold up the other too: the disk is full, say. It is tried again with the next failure.
    await this.#reports.publish([held, ...this.#noticed]).catch(() => undefined);
  }
}
