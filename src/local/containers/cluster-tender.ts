import { setTimeout as pause } from 'node:timers/promises';
import { type Cluster, identityOf } from '../../core/identity.ts';
import { Alarm } from './alarm.ts';
import { buildCluster } from './build-cluster.ts';
import { ClusterReports } from './cluster-reports.ts';
import { ComputeHosts } from './compute-hosts.ts';
import type { Host } from './container-engine.ts';
import { EngineTrouble, engineTrouble } from './engine-trouble.ts';
import { FilesKeeper } from './files-keeper.ts';
import { LOGIN } from './host-settings.ts';
import { pretenceNotice } from './host-shape.ts';
import { type HostedStack, stands } from './hosted-stack.ts';
import type { Hosting } from './hosting.ts';
import { LABEL, type Labels } from './labels.ts';
import { type BootLine, booted } from './login-boot.ts';
import { LoginHost, nodeShapeOf } from './login-host.ts';
import type { LoginLine } from './login-lines.ts';
import { LoginWatch } from './login-watch.ts';
import { BucketTrouble } from './save-files.ts';
import { Overtaken, StackOperation } from './stack-operation.ts';

const LOOK_EVERY = 5000;
const SHORTEST_REST = 250;
const LONGEST_PAUSE = 30_000;
/** Of whoever waits for a stack to be at rest: about two minutes. */
const REST_ATTEMPTS = 8;
/** So long a login host may refuse to work with settings, new or former: nothing can be deleted while it is being changed. */
const CHANGE_PATIENCE = 5 * 60_000;

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
  readonly #watch: LoginWatch;
  readonly #login: LoginHost;
  readonly #compute: ComputeHosts;
  readonly #files: FilesKeeper;
  readonly #reports: ClusterReports;
  #boot: BootLine | undefined;
  #wanted: readonly number[] | undefined;
  /** By `performance.now()`, as is the next. */
  #lastLook = Number.NEGATIVE_INFINITY;
  #changingSince: number | undefined;
  #lastTrouble = '';

  constructor(hosting: Hosting, stack: HostedStack, cluster: Cluster) {
    const labels = {
      [LABEL.installation]: hosting.installation,
      [LABEL.stack]: stack.id,
      [LABEL.cluster]: cluster.path.replace(/^home\//, ''),
    };
    const done = () => this.#alarm.wake();
    const reports = new ClusterReports(hosting, identityOf(hosting.installation, cluster), cluster);
    const login = new LoginHost(hosting, cluster, labels, reports);
    this.#hosting = hosting;
    this.#id = stack.id;
    this.#cluster = cluster;
    this.#labels = labels;
    this.#operation = new StackOperation(hosting, stack, cluster);
    this.#watch = new LoginWatch((line) => this.#hear(line));
    this.#login = login;
    this.#compute = new ComputeHosts(hosting, labels, done);
    this.#files = new FilesKeeper({ hosting, cluster, labels, login, reports, done });
    this.#reports = reports;
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
        if (failures > 1) this.#tell(engineTrouble(error).message);
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
        await this.#rollBack();
        return 0;
      case 'UPDATE_IN_PROGRESS':
      case 'UPDATE_ROLLBACK_IN_PROGRESS':
        await this.#changeInTime(stack);
        return 0;
      case 'DELETE_IN_PROGRESS':
        await this.#end(stack, signal);
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
      this.#boot = undefined;
      return booted({
        hosting: this.#hosting,
        login: this.#login,
        alarm: this.#alarm,
        told: () => this.#boot,
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

  async #rollBack(): Promise<void> {
    try {
      await this.#removeAll();
    } catch (error) {
      const trouble = engineTrouble(error);
      if (error instanceof Overtaken || trouble.kind !== 'gone') throw error;
      // Whoever asked is told now; what there is goes with the deletion that follows, which can wait.
      await this.#operation.turn({ status: 'ROLLBACK_FAILED', reason: trouble.message });
      return;
    }
    await this.#operation.turn({ status: 'ROLLBACK_COMPLETE' });
  }

  /** A host that does not stay up, or refuses even what it had, is its user's: it must not be able to hold off its deletion with that. */
  async #changeInTime(stack: HostedStack): Promise<void> {
    this.#changingSince ??= performance.now();
    try {
      await this.#change(stack);
    } catch (error) {
      const trouble = engineTrouble(error);
      const isLate = performance.now() - this.#changingSince > CHANGE_PATIENCE;
      if (error instanceof Overtaken) this.#changingSince = undefined;
      if (error instanceof Overtaken || trouble.kind === 'gone' || !isLate) throw error;
      if (this.#isChangingBack())
        await this.#operation.turn(
          { status: 'UPDATE_ROLLBACK_FAILED', reason: trouble.message },
          stack.before,
        );
      else await this.#changeBack(trouble.message);
    }
    this.#changingSince = undefined;
  }

  async #change(stack: HostedStack): Promise<void> {
    const operation = this.#operation;
    const former = this.#isChangingBack() ? stack.before : undefined;
    const latest = stack.events.findLast((event) => event.logicalId === 'LoginHost');
    // Told once, however often it is tried.
    if (latest?.status !== 'UPDATE_IN_PROGRESS')
      await operation.turn({ resource: 'LoginHost', status: 'UPDATE_IN_PROGRESS' });
    const refused = await this.#login.apply({ ...stack, ...former });
    if (refused === undefined) {
      const status = this.#isChangingBack() ? 'UPDATE_ROLLBACK_COMPLETE' : 'UPDATE_COMPLETE';
      await operation.turn({ resource: 'LoginHost', status: 'UPDATE_COMPLETE' });
      await operation.turn({ status }, former);
    } else if (this.#isChangingBack()) {
      throw new EngineTrouble('other', `the former settings could not be put back: ${refused}`);
    } else {
      await this.#changeBack(refused);
    }
  }

  #isChangingBack(): boolean {
    return this.#operation.status === 'UPDATE_ROLLBACK_IN_PROGRESS';
  }

  async #changeBack(reason: string): Promise<void> {
    await this.#operation.turn({ resource: 'LoginHost', status: 'UPDATE_FAILED', reason });
    const lost = 'The following resource(s) failed to update: [LoginHost].';
    await this.#operation.turn({ status: 'UPDATE_ROLLBACK_IN_PROGRESS', reason: lost });
  }

  /** Everything as it should be, as far as can be done at once. */
  async #keep(stack: HostedStack): Promise<number> {
    const { engine, machine } = this.#hosting;
    // Its user can wake us as often as they like, by nodes that come and go or hosts that die.
    await pause(Math.max(0, this.#lastLook + SHORTEST_REST - performance.now()));
    this.#lastLook = performance.now();
    const login = await this.#login.running(stack);
    await this.#listen(login);
    const shape = nodeShapeOf(this.#hosting, stack);
    let rest = LOOK_EVERY;
    if (this.#wanted) {
      const hosts = await engine.hosts(this.#labels);
      const nodes = hosts.filter((host) => host.labels[LABEL.host] !== LOGIN);
      rest = Math.min(rest, this.#compute.converge(stack, shape, this.#wanted, nodes));
    }
    await this.#login.give(login, stack);
    this.#files.nowAndThen(stack, login);
    const pretence = pretenceNotice(shape, machine);
    await this.#reports.publish([...this.#compute.notices(), ...(pretence === undefined ? [] : [pretence])]);
    if (this.#reports.isSilent()) this.#hosting.changed(this.#cluster);
    return rest;
  }

  async #end(stack: HostedStack, signal: AbortSignal): Promise<void> {
    if (stands(stack, 'LoginReady')) await this.#saveLast(stack, signal);
    this.#watch.end();
    this.#wanted = [];
    await this.#removeAll();
    await this.#hosting.marks.forget(stack.id);
    await this.#operation.turn({ status: 'DELETE_COMPLETE' });
  }

  async #saveLast(stack: HostedStack, signal: AbortSignal): Promise<void> {
    try {
      await this.#files.lastTime(stack, signal);
    } catch (error) {
      if (!(error instanceof BucketTrouble)) throw error;
      const reason = `~/files could not be saved, so nothing was removed: ${error.message}`;
      await this.#operation.turn({ resource: 'LoginHost', status: 'DELETE_FAILED', reason });
      const lost = 'The following resource(s) failed to delete: [LoginHost].';
      await this.#operation.turn({ status: 'DELETE_FAILED', reason: lost });
      throw new Overtaken();
    }
  }

  /** Hosts, then what they rested on. */
  async #removeAll(): Promise<void> {
    const { engine } = this.#hosting;
    await this.#compute.settled();
    await Promise.all((await engine.hosts(this.#labels)).map(({ id }) => engine.removeHost(id)));
    await this.#operation.turn({ resource: 'LoginHost', status: 'DELETE_COMPLETE' });
    await Promise.all((await engine.volumes(this.#labels)).map(({ id }) => engine.removeVolume(id)));
    await this.#operation.turn({ resource: 'HomeVolume', status: 'DELETE_COMPLETE' });
    await Promise.all((await engine.networks.list(this.#labels)).map(({ id }) => engine.networks.remove(id)));
    await this.#operation.turn({ resource: 'Network', status: 'DELETE_COMPLETE' });
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

  #tell(message: string): void {
    if (message === this.#lastTrouble) return;
    this.#lastTrouble = message;
    this.#hosting.trouble(this.#cluster, message);
  }
}
