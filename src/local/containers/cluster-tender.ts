import { setTimeout as pause } from 'node:timers/promises';
import { type Cluster, identityOf } from '../../core/identity.ts';
import { isoOf } from '../../core/instant.ts';
import type { StackEvent } from '../../engine/ports.ts';
import { Alarm } from './alarm.ts';
import { ClusterReports } from './cluster-reports.ts';
import { ComputeHosts } from './compute-hosts.ts';
import type { Host } from './container-engine.ts';
import { EngineTrouble, engineTrouble } from './engine-trouble.ts';
import { imageOf } from './host-image.ts';
import { keysFile, profileFiles, SETTINGS, statusFile } from './host-kit.ts';
import { LOGIN, loginSettings } from './host-settings.ts';
import { type HostShape, limitsOf, pretenceNotice, shapeOf } from './host-shape.ts';
import {
  type HostedStack,
  RESOURCES,
  type ResourceName,
  stands,
  statusOf,
  type Turn,
  withTurn,
} from './hosted-stack.ts';
import type { Hosting } from './hosting.ts';
import { bytesOf, homeOf } from './kept-files.ts';
import { LABEL, type Labels } from './labels.ts';
import { type Door, openDoor } from './login-door.ts';
import type { LoginLine } from './login-lines.ts';
import { LoginWatch } from './login-watch.ts';
import { packed } from './packed.ts';
import { BucketTrouble, type FilesToSave, LONGEST_SAVE, saveFiles } from './save-files.ts';
import { slurmParameters } from './slurm-parameters.ts';

/** How long an engine that does not answer is waited for before a creation is given up. */
const ENGINE_PATIENCE = 120_000;
/** The same for one that answers, but fails within itself: it may be about to end. */
const INNER_PATIENCE = 15_000;
/** As CloudFormation waits for a signal; a profile may install a lot. */
const BOOT_PATIENCE = 30 * 60_000;
const BOOT_RESTARTS = 2;
const LOOK_EVERY = 5000;
const SHORTEST_REST = 250;
/** Of whoever waits for a stack to be at rest: about two minutes. */
const REST_ATTEMPTS = 8;
const APPLY = ['/usr/local/lib/clusterdrop/apply-settings'];
const APPLY_PATIENCE = 120_000;
/** So long a login host may refuse to work with settings, new or former: nothing can be deleted while it is being changed. */
const CHANGE_PATIENCE = 5 * 60_000;
const SAVE_EVERY = 5 * 60_000;
const SAVE_ATTEMPTS = 5;
/** So often what lies in the place of somebody's files in the bucket holds up the end of a cluster: its user can put anything there. */
const OBSTACLES = 3;

type BootLine = Extract<LoginLine, { kind: 'step' | 'ready' | 'failed' }>;

/** The operation is not wanted any more: a deletion was asked for in the meantime. */
class Overtaken extends Error {}

function outputsOf(door: Door | undefined) {
  return { LoginAddress: door?.address ?? '', LoginPort: String(door?.port ?? 22) };
}

/** What a resource could not be made of. */
class ResourceFailure extends Error {
  readonly resource: ResourceName;
  constructor(resource: ResourceName, message: string) {
    super(message);
    this.resource = resource;
  }
}

/**
 * Looks after the hosts of one stack for as long as it lives: builds them, keeps them as they should be, takes them away. What is to be
 * done follows from the stack's record and from what the engine has, each time anew, so it can be cut short anywhere.
 */
export class ClusterTender {
  readonly #hosting: Hosting;
  readonly #ref: { readonly id: string; readonly name: string };
  readonly #cluster: Cluster;
  readonly #labels: Labels;
  readonly #alarm = new Alarm();
  readonly #watch: LoginWatch;
  readonly #compute: ComputeHosts;
  readonly #reports: ClusterReports;
  #status = '';
  #boot: BootLine | undefined;
  #wanted: readonly number[] | undefined;
  #pushed = '';
  /** By `performance.now()`; nothing is known of an earlier process's. */
  #lastSave = Number.NEGATIVE_INFINITY;
  #saving: Promise<void> | undefined;
  #lastLook = Number.NEGATIVE_INFINITY;
  /** For the last time. */
  #isSaved = false;
  #stopSaving = new AbortController();
  /** When the change that is under way began, by `performance.now()`. */
  #changing: number | undefined;
  #lastTrouble = '';

  constructor(hosting: Hosting, stack: HostedStack, cluster: Cluster) {
    this.#hosting = hosting;
    this.#ref = { id: stack.id, name: stack.name };
    this.#cluster = cluster;
    this.#labels = {
      [LABEL.installation]: hosting.installation,
      [LABEL.stack]: stack.id,
      [LABEL.cluster]: cluster.path.replace(/^home\//, ''),
    };
    this.#watch = new LoginWatch((line) => this.#hear(line));
    this.#compute = new ComputeHosts(hosting, this.#labels, () => this.#alarm.wake());
    this.#reports = new ClusterReports(hosting, identityOf(hosting.installation, cluster), cluster);
  }

  /** Something may have changed. */
  wake(): void {
    this.#alarm.wake();
  }

  /** The record says something else than when it was looked at last. */
  notice({ status }: { readonly status: string }): void {
    if (status !== this.#status) this.wake();
  }

  /** Until the stack is gone, or at rest if no more is wanted, or `signal` says stop; what is under way is brought to an end. */
  async run(signal: AbortSignal, { toRest = false } = {}): Promise<void> {
    const wake = () => {
      this.#stopSaving.abort();
      this.wake();
    };
    signal.addEventListener('abort', wake);
    let failures = 0;
    this.#reports.filesSaved(await this.#hosting.marks.read(this.#ref.id));
    while (!signal.aborted) {
      try {
        const stack = await this.#hosting.book.byId(this.#ref.id);
        this.#status = stack ? statusOf(stack).status : 'DELETE_COMPLETE';
        if (!stack || this.#status === 'DELETE_COMPLETE') break;
        if (toRest && !this.#status.endsWith('_IN_PROGRESS')) break;
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
        await this.#alarm.wait(Math.min(30_000, 500 * 2 ** failures));
      }
    }
    signal.removeEventListener('abort', wake);
    this.#watch.end();
    await Promise.all([this.#compute.settled(), this.#saving]);
  }

  /** Takes the stack one step on. @returns how many ms to rest, unless somebody wakes it */
  async #step(stack: HostedStack, signal: AbortSignal): Promise<number> {
    switch (this.#status) {
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
    const { engine, images, marks } = this.#hosting;
    try {
      if (!stack.events.some((event) => event.logicalId === 'HostImage')) await this.#reports.forget();
      await this.#made(stack, 'HostImage', signal, async () => ({
        image: await images.idFor(stack.blueprint.name),
      }));
      await Promise.all([
        this.#made(stack, 'Network', signal, async () => {
          await engine.ensureNetwork(stack.name, this.#labels);
        }),
        this.#made(stack, 'HomeVolume', signal, async () => {
          await engine.ensureVolume(`${stack.name}-home`, this.#labels);
        }),
      ]);
      await this.#made(stack, 'LoginHost', signal, async () => {
        await marks.forget(stack.id);
        return { door: await this.#startLogin(await this.#now(), true) };
      });
      await this.#made(stack, 'LoginReady', signal, () => this.#ready(signal));
      const { hostKey = '', door } = await this.#now();
      const keyFile = this.#hosting.keyFileOf(this.#cluster.user);
      const outputs = {
        ...outputsOf(door),
        LoginHostKey: hostKey,
        ...(keyFile !== undefined && { LoginKeyFile: keyFile }),
      };
      this.#lastSave = performance.now();
      await this.#turn({ status: 'CREATE_COMPLETE' }, { outputs });
    } catch (error) {
      if (error instanceof Overtaken || signal.aborted) throw new Overtaken();
      const failure =
        error instanceof ResourceFailure
          ? error
          : new ResourceFailure('LoginHost', engineTrouble(error).message);
      await this.#turn({ resource: failure.resource, status: 'CREATE_FAILED', reason: failure.message });
      const lost = `The following resource(s) failed to create: [${failure.resource}].`;
      await this.#turn({ status: 'ROLLBACK_IN_PROGRESS', reason: lost });
    }
  }

  async #rollBack(): Promise<void> {
    try {
      await this.#removeAll();
    } catch (error) {
      const trouble = engineTrouble(error);
      if (error instanceof Overtaken || trouble.kind !== 'gone') throw error;
      // Whoever asked is told now; what there is goes with the deletion that follows, which can wait.
      await this.#turn({ status: 'ROLLBACK_FAILED', reason: trouble.message });
      return;
    }
    await this.#turn({ status: 'ROLLBACK_COMPLETE' });
  }

  /** Makes one resource, unless it stands, and writes that down with what `make` gives. Waits for an engine that is away for a moment. */
  async #made(
    stack: HostedStack,
    resource: ResourceName,
    signal: AbortSignal,
    make: () => Promise<Partial<HostedStack> | void>,
  ): Promise<void> {
    if (stands(stack, resource)) return;
    await this.#turn({ resource, status: 'CREATE_IN_PROGRESS' });
    let failing = 0;
    for (let told = false; ; ) {
      const began = performance.now();
      try {
        const facts = await make();
        return await this.#turn({ resource, status: 'CREATE_COMPLETE' }, facts ?? {});
      } catch (error) {
        if (error instanceof Overtaken || error instanceof ResourceFailure) throw error;
        const trouble = engineTrouble(error);
        // What went well for a while fails anew.
        if (failing === 0 || performance.now() - began > INNER_PATIENCE) failing = performance.now();
        const lasts = performance.now() - failing;
        const isPassing = trouble.kind === 'gone' || (trouble.kind === 'inner' && lasts < INNER_PATIENCE);
        if (!isPassing) throw new ResourceFailure(resource, trouble.message);
        if (lasts > ENGINE_PATIENCE)
          throw new ResourceFailure(
            resource,
            `${trouble.message}; it was waited for for ${ENGINE_PATIENCE / 60_000} minutes. Start it, and send your request again`,
          );
        if (!told)
          await this.#turn({ resource, status: 'CREATE_IN_PROGRESS', reason: `waiting: ${trouble.message}` });
        told = true;
        await this.#unlessStopped(signal);
        await pause(1000);
      }
    }
  }

  /** Makes the login host and starts it at a door of its own. `restore`: its home gets what the bucket keeps. */
  async #startLogin(stack: HostedStack, restore: boolean): Promise<Door> {
    const { engine, admin, users, machine, catalogue, clock, shrinkAfter, marks } = this.#hosting;
    const parameters = slurmParameters(stack.parameters);
    const account = parameters.AccessUsername;
    const own = shapeOf(catalogue, parameters.MasterInstanceType);
    const profile = await profileFiles(admin, ['all', ...parameters.Profiles.split(' ')]);
    const keys = await keysFile({ admin, users }, this.#cluster, account);
    const status = await statusFile(users, this.#cluster);
    const settings = loginSettings(parameters, this.#nodeShape(stack), shrinkAfter);
    const kit = await packed(
      [{ path: SETTINGS, body: settings }, keys, ...(status ? [status] : []), ...profile],
      clock.now(),
    );
    const start = async (door: Door) => {
      const id = await engine.createHost({
        name: `${stack.name}-${LOGIN}`,
        hostname: LOGIN,
        image: await imageOf(this.#hosting, stack),
        labels: { ...this.#labels, [LABEL.host]: LOGIN },
        network: stack.name,
        home: `${stack.name}-home`,
        door,
        ...limitsOf(own, machine),
      });
      await engine.putFiles(id, kit);
      if (restore) {
        const there: Record<string, string> = {};
        await engine.putFiles(id, homeOf(users, this.#cluster, account, there));
        const restored = { marks: there, count: Object.keys(there).length, bytes: bytesOf(there) };
        await marks.write(stack.id, restored);
        this.#reports.filesSaved(restored);
      }
      await engine.start(id);
    };
    return openDoor(stack.id, start, stack.door);
  }

  /** Resolves when the login host can be logged in to. */
  async #ready(signal: AbortSignal): Promise<Partial<HostedStack>> {
    const deadline = performance.now() + BOOT_PATIENCE;
    let starts = 0;
    this.#boot = undefined;
    for (;;) {
      await this.#unlessStopped(signal);
      const login = await this.#login();
      if (!login) throw new ResourceFailure('LoginReady', 'the login node was removed while it started');
      if (!login.isRunning && starts < BOOT_RESTARTS) {
        // An engine that is started anew has stopped all its containers; a boot that fails stays up to be looked at.
        starts++;
        await this.#hosting.engine.start(login.id);
        continue;
      }
      if (!login.isRunning) {
        const words = await this.#hosting.engine.lastWords(login.id, 20).catch(() => '');
        throw new ResourceFailure('LoginReady', `the login node stopped while it started\n${words}`.trim());
      }
      if (!this.#watch.isOn(login.id))
        await this.#watch.begin(this.#hosting.engine, login.id, () => this.wake());
      const boot = this.#boot as BootLine | undefined;
      if (boot?.kind === 'ready') return { hostKey: boot.hostKey };
      if (boot?.kind === 'failed')
        throw new ResourceFailure(
          'LoginReady',
          `the login node could not start: its step "${boot.name}" failed. It said last:\n${boot.log.join('\n')}`,
        );
      if (performance.now() > deadline)
        throw new ResourceFailure(
          'LoginReady',
          `the login node was not ready after ${BOOT_PATIENCE / 60_000} minutes; it was still at the step "${boot?.name ?? 'first'}"`,
        );
      await this.#alarm.wait(1000);
    }
  }

  /** A host that does not stay up, or refuses even what it had, is its user's: it must not be able to hold off its deletion with that. */
  async #changeInTime(stack: HostedStack): Promise<void> {
    this.#changing ??= performance.now();
    try {
      await this.#change(stack);
    } catch (error) {
      const trouble = engineTrouble(error);
      const isLate = performance.now() - this.#changing > CHANGE_PATIENCE;
      if (error instanceof Overtaken) this.#changing = undefined;
      if (error instanceof Overtaken || trouble.kind === 'gone' || !isLate) throw error;
      if (this.#status === 'UPDATE_ROLLBACK_IN_PROGRESS')
        await this.#turn({ status: 'UPDATE_ROLLBACK_FAILED', reason: trouble.message }, { ...stack.before });
      else await this.#refuseChange(trouble.message);
    }
    this.#changing = undefined;
  }

  async #refuseChange(reason: string): Promise<void> {
    await this.#turn({ resource: 'LoginHost', status: 'UPDATE_FAILED', reason });
    const lost = 'The following resource(s) failed to update: [LoginHost].';
    await this.#turn({ status: 'UPDATE_ROLLBACK_IN_PROGRESS', reason: lost });
  }

  async #change(stack: HostedStack): Promise<void> {
    const back = this.#status === 'UPDATE_ROLLBACK_IN_PROGRESS';
    const before = back && stack.before ? { ...stack, ...stack.before } : stack;
    const latest = stack.events.findLast((event) => event.logicalId === 'LoginHost');
    // Told once, however often it is tried.
    if (latest?.status !== 'UPDATE_IN_PROGRESS')
      await this.#turn({ resource: 'LoginHost', status: 'UPDATE_IN_PROGRESS' });
    const refused = await this.#apply(before);
    if (refused === undefined) {
      await this.#turn({ resource: 'LoginHost', status: 'UPDATE_COMPLETE' });
      const settled = back && stack.before ? { ...stack.before } : {};
      await this.#turn({ status: back ? 'UPDATE_ROLLBACK_COMPLETE' : 'UPDATE_COMPLETE' }, settled);
    } else if (back) {
      throw new EngineTrouble('other', `the former settings could not be put back: ${refused}`);
    } else {
      await this.#refuseChange(refused);
    }
  }

  /** Gives the login host its settings anew. @returns why it does not take them */
  async #apply(stack: HostedStack): Promise<string | undefined> {
    const { engine, clock, shrinkAfter } = this.#hosting;
    const login = await this.#runningLogin(stack);
    const body = loginSettings(slurmParameters(stack.parameters), this.#nodeShape(stack), shrinkAfter);
    await engine.putFiles(login.id, await packed([{ path: SETTINGS, body }], clock.now()));
    const { code, err } = await engine.run(login.id, APPLY, APPLY_PATIENCE);
    return code === 0 ? undefined : err.trim().slice(-1500) || `it ended with ${code}`;
  }

  /** Everything as it should be, as far as can be done at once. */
  async #keep(stack: HostedStack): Promise<number> {
    const { engine, machine } = this.#hosting;
    // Its user can wake us as often as they like, by nodes that come and go or hosts that die.
    await pause(Math.max(0, this.#lastLook + SHORTEST_REST - performance.now()));
    this.#lastLook = performance.now();
    const login = await this.#runningLogin(stack);
    if (!this.#watch.isOn(login.id)) await this.#watch.begin(engine, login.id, () => this.wake());
    const shape = this.#nodeShape(stack);
    let rest = LOOK_EVERY;
    if (this.#wanted) {
      const hosts = await engine.hosts(this.#labels);
      const nodes = hosts.filter((host) => host.labels[LABEL.host] !== LOGIN);
      rest = Math.min(rest, this.#compute.converge(stack, shape, this.#wanted, nodes));
    }
    await this.#push(login, stack);
    this.#saveNowAndThen(stack, login);
    const pretence = pretenceNotice(shape, machine);
    await this.#reports.publish([...this.#compute.notices(), ...(pretence === undefined ? [] : [pretence])]);
    if (this.#reports.isSilent()) this.#hosting.changed(this.#cluster);
    return rest;
  }

  /** What may change while a cluster runs: its keys, and what the message of the day tells from. */
  async #push(login: Host, stack: HostedStack): Promise<void> {
    const { engine, admin, users, clock } = this.#hosting;
    const account = slurmParameters(stack.parameters).AccessUsername;
    const status = await statusFile(users, this.#cluster);
    const files = [await keysFile({ admin, users }, this.#cluster, account), ...(status ? [status] : [])];
    const content = `${login.id}\n${files.map(({ body }) => String(body)).join('\n')}`;
    if (content === this.#pushed) return;
    await engine.putFiles(login.id, await packed(files, clock.now()));
    this.#pushed = content;
  }

  /** Beside everything else: there may be a lot. */
  #saveNowAndThen(stack: HostedStack, login: Host): void {
    if (this.#saving || performance.now() - this.#lastSave < SAVE_EVERY) return;
    this.#lastSave = performance.now();
    this.#stopSaving = new AbortController();
    this.#saving = this.#save(stack, login, { signal: this.#stopSaving.signal, leaveOut: 'all' })
      .catch((error: unknown) => this.#reports.filesTrouble(engineTrouble(error).message))
      .finally(() => {
        this.#saving = undefined;
        this.wake();
      });
  }

  async #save(stack: HostedStack, login: Host, how: Pick<FilesToSave, 'signal' | 'leaveOut'>): Promise<void> {
    const { engine, users, marks, clock } = this.#hosting;
    const account = slurmParameters(stack.parameters).AccessUsername;
    const before = await marks.read(stack.id);
    const now = clock.now();
    const saved = await saveFiles({
      engine,
      store: users,
      cluster: this.#cluster,
      host: login.id,
      account,
      marks: before.marks,
      now,
      ...how,
    });
    // A time that only says that all is as it was would change the status for ever. The last word before the end is news.
    const isNews = saved.hasChanged || before.savedAt === undefined || this.#status === 'DELETE_IN_PROGRESS';
    const kept = { ...saved, savedAt: isNews ? isoOf(now) : before.savedAt };
    await marks.write(stack.id, kept);
    this.#reports.filesSaved(kept);
  }

  async #end(stack: HostedStack, signal: AbortSignal): Promise<void> {
    this.#stopSaving.abort();
    await this.#saving;
    if (stands(stack, 'LoginReady') && !this.#isSaved) await this.#saveLast(stack, signal);
    this.#isSaved = true;
    this.#watch.end();
    this.#wanted = [];
    await this.#removeAll();
    await this.#hosting.marks.forget(stack.id);
    await this.#turn({ status: 'DELETE_COMPLETE' });
  }

  /**
   * Nothing of the cluster goes before its files are safe, as far as that is in our hands: a bucket that takes nothing holds its end up.
   * A host that gives nothing does not, or its user could keep it for ever.
   */
  async #saveLast(stack: HostedStack, signal: AbortSignal): Promise<void> {
    const deadline = performance.now() + LONGEST_SAVE;
    const isFailed = ({ logicalId, status }: StackEvent) =>
      logicalId === 'LoginHost' && status === 'DELETE_FAILED';
    const leaveOut = stack.events.filter(isFailed).length < OBSTACLES ? 'nothing' : 'obstacles';
    for (let attempt = 1; ; attempt++) {
      // Somebody has removed the host by other means. As long as the volume is there, so are the files.
      if (!(await this.#login()) && (await this.#hosting.engine.volumes(this.#labels)).length === 0) return;
      try {
        await this.#save(stack, await this.#runningLogin(stack), { signal, leaveOut });
        return await this.#reports.publish([]);
      } catch (error) {
        if (signal.aborted) throw new Overtaken();
        const trouble = engineTrouble(error);
        if (trouble.kind === 'gone') throw trouble;
        if (attempt < SAVE_ATTEMPTS && performance.now() < deadline) {
          await pause(2000);
        } else if (error instanceof BucketTrouble) {
          const reason = `~/files could not be saved, so nothing was removed: ${error.message}`;
          await this.#turn({ resource: 'LoginHost', status: 'DELETE_FAILED', reason });
          const lost = 'The following resource(s) failed to delete: [LoginHost].';
          await this.#turn({ status: 'DELETE_FAILED', reason: lost });
          throw new Overtaken();
        } else {
          this.#reports.filesTrouble(`the last time failed: ${trouble.message}`);
          return await this.#reports.publish([]);
        }
      }
    }
  }

  /** Hosts, then what they rested on. */
  async #removeAll(): Promise<void> {
    const { engine } = this.#hosting;
    await this.#compute.settled();
    for (const resource of Object.keys(RESOURCES).toReversed() as ResourceName[]) {
      if (resource === 'LoginHost')
        await Promise.all((await engine.hosts(this.#labels)).map(({ id }) => engine.removeHost(id)));
      if (resource === 'Network')
        await Promise.all((await engine.networks(this.#labels)).map(({ id }) => engine.removeNetwork(id)));
      if (resource === 'HomeVolume')
        await Promise.all((await engine.volumes(this.#labels)).map(({ id }) => engine.removeVolume(id)));
    }
    await this.#turn({ resource: 'LoginHost', status: 'DELETE_COMPLETE' });
    await this.#turn({ resource: 'HomeVolume', status: 'DELETE_COMPLETE' });
    await this.#turn({ resource: 'Network', status: 'DELETE_COMPLETE' });
  }

  async #login(): Promise<Host | undefined> {
    const [login] = await this.#hosting.engine.hosts({ ...this.#labels, [LABEL.host]: LOGIN });
    return login;
  }

  /** The login host, started again if it has stopped, made anew if somebody has removed it. */
  async #runningLogin(stack: HostedStack): Promise<Host> {
    const login = await this.#login();
    if (login?.isRunning) return login;
    if (login) await this.#hosting.engine.start(login.id);
    else await this.#makeLoginAnew(stack);
    const started = await this.#login();
    if (!started?.isRunning) throw new EngineTrouble('other', 'the login node does not stay up');
    return started;
  }

  /** Its home is still there, unless that was removed too. */
  async #makeLoginAnew(stack: HostedStack): Promise<void> {
    const { engine, book } = this.#hosting;
    const isLost = (await engine.volumes(this.#labels)).length === 0;
    await engine.ensureNetwork(stack.name, this.#labels);
    await engine.ensureVolume(`${stack.name}-home`, this.#labels);
    const door = await this.#startLogin(stack, isLost);
    await book.change(stack, (now) => ({
      ...now,
      door,
      ...('LoginAddress' in now.outputs && { outputs: { ...now.outputs, ...outputsOf(door) } }),
    }));
    this.#hosting.changed(this.#cluster);
  }

  #nodeShape({ parameters }: HostedStack): HostShape {
    return shapeOf(this.#hosting.catalogue, slurmParameters(parameters).ComputeInstanceType);
  }

  #hear(line: LoginLine): void {
    // A report can wait for the next look; whoever sends a thousand of them wakes nobody.
    if (line.kind === 'report') return this.#reports.hear(line.json);
    if (line.kind === 'nodes') this.#wanted = line.numbers;
    else this.#boot = line;
    this.wake();
  }

  /** Adds a turn of events to the record, as long as the operation that it belongs to is still under way. */
  async #turn(turn: Turn, facts: Partial<HostedStack> = {}): Promise<void> {
    let overtaken = false;
    const after = await this.#hosting.book.change(this.#ref, (stack) => {
      overtaken = statusOf(stack).status !== this.#status;
      return overtaken ? stack : withTurn({ ...stack, ...facts }, turn, this.#hosting.clock.now());
    });
    if (!after || overtaken) throw new Overtaken();
    this.#status = statusOf(after).status;
    this.#hosting.changed(this.#cluster);
  }

  async #now(): Promise<HostedStack> {
    const stack = await this.#hosting.book.byId(this.#ref.id);
    if (!stack || statusOf(stack).status !== this.#status) throw new Overtaken();
    return stack;
  }

  /** @throws Overtaken when this process is about to end, or the cluster */
  async #unlessStopped(signal: AbortSignal): Promise<void> {
    if (signal.aborted) throw new Overtaken();
    await this.#now();
  }

  #tell(message: string): void {
    if (message === this.#lastTrouble) return;
    this.#lastTrouble = message;
    this.#hosting.trouble(this.#cluster, message);
  }
}
