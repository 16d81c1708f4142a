import { isDeepStrictEqual } from 'node:util';
import type { Cluster } from '../../core/identity.ts';
import type { ClusterReports } from './cluster-reports.ts';
import type { Host } from './container-engine.ts';
import { EngineTrouble, engineTrouble } from './engine-trouble.ts';
import { imageOf } from './host-image.ts';
import { type Keys, keysOf, profileFiles, SETTINGS, statusFile } from './host-kit.ts';
import { LOGIN, loginSettings } from './host-settings.ts';
import { type HostShape, limitsOf, shapeOf } from './host-shape.ts';
import type { HostedStack } from './hosted-stack.ts';
import type { Hosting } from './hosting.ts';
import { LABEL, type Labels } from './labels.ts';
import { type Door, openDoor } from './login-door.ts';
import { type HostFile, packed } from './packed.ts';
import { restoreFiles } from './restored-files.ts';
import { slurmParameters } from './slurm-parameters.ts';

const APPLY = ['/usr/local/lib/clusterdrop/apply-settings'];
const APPLY_PATIENCE = 120_000;

/** What a stack tells of the way in. */
export function outputsOf(door: Door | undefined) {
  return { LoginAddress: door?.address ?? '', LoginPort: String(door?.port ?? 22) };
}

export function nodeShapeOf(
  { catalogue }: Pick<Hosting, 'catalogue'>,
  { parameters }: HostedStack,
): HostShape {
  return shapeOf(catalogue, slurmParameters(parameters).ComputeInstanceType);
}

/** The login host of one cluster: made, found again, and given what changes while it runs. */
export class LoginHost {
  readonly #hosting: Hosting;
  readonly #cluster: Cluster;
  readonly #labels: Labels;
  readonly #reports: ClusterReports;
  /** What may change, as it was given last, by path. */
  #given: { readonly host: string; readonly files: Map<string, HostFile['body']> } | undefined;
  #keyFaults: Keys['faults'] = [];

  constructor(hosting: Hosting, cluster: Cluster, labels: Labels, reports: ClusterReports) {
    this.#hosting = hosting;
    this.#cluster = cluster;
    this.#labels = labels;
    this.#reports = reports;
  }

  /** What its user should read about it. */
  notices(): string[] {
    return this.#keyFaults.map(
      (fault) => `keys: ${fault}; until that is mended the cluster keeps those that it has`,
    );
  }

  /** Running or not; `undefined` when there is none. */
  async find(): Promise<Host | undefined> {
    const [login] = await this.#hosting.engine.hosts({ ...this.#labels, [LABEL.host]: LOGIN });
    return login;
  }

  /** Started again if it has stopped; made anew if somebody has removed it, or has taken its door meanwhile. */
  async running(stack: HostedStack): Promise<Host> {
    let login = await this.find();
    if (!login?.isRunning) {
      // One that was never started may lack what it is to have.
      if (!login || login.isNew || !(await this.#startsAgain(login))) await this.#makeAnew(stack);
      login = await this.find();
    }
    if (!login?.isRunning) throw new EngineTrouble('other', 'the login node does not stay up');
    if (stack.isHomeLost) await this.#forgetLoss(stack);
    await this.noteWayIn(stack, login);
    return login;
  }

  /** Writes down what the way in is now: a host that was made anew may be elsewhere, and have another key if its home was lost. */
  async noteWayIn(
    stack: HostedStack,
    { door = stack.door, hostKey = stack.hostKey }: Pick<HostedStack, 'door' | 'hostKey'>,
  ): Promise<void> {
    if (isDeepStrictEqual(door, stack.door) && hostKey === stack.hostKey) return;
    const { book, changed } = this.#hosting;
    await book.change(stack, (now) => ({
      ...now,
      ...(door && { door }),
      ...(hostKey !== undefined && { hostKey }),
      ...('LoginAddress' in now.outputs && {
        outputs: { ...now.outputs, ...outputsOf(door), LoginHostKey: hostKey ?? '' },
      }),
    }));
    changed(this.#cluster);
  }

  /** Makes it and starts it at a door of its own. `restore`: its home gets what the bucket keeps. */
  async make(stack: HostedStack, restore: boolean): Promise<Door> {
    const { engine, machine, catalogue } = this.#hosting;
    const kit = await this.#kit(stack);
    const own = shapeOf(catalogue, slurmParameters(stack.parameters).MasterInstanceType);
    let toRestore = restore;
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
      // Once: the home outlives a host whose door proves to be taken.
      if (toRestore) await this.#restore(stack, id);
      toRestore = false;
      await engine.start(id);
    };
    return openDoor(stack.id, start, stack.door);
  }

  /** Gives it its settings anew. @returns why it does not take them */
  async apply(stack: HostedStack): Promise<string | undefined> {
    const { engine, clock, shrinkAfter } = this.#hosting;
    const login = await this.running(stack);
    const shape = nodeShapeOf(this.#hosting, stack);
    const body = loginSettings(slurmParameters(stack.parameters), shape, shrinkAfter);
    await engine.putFiles(login.id, await packed([{ path: SETTINGS, body }], clock.now()));
    const { code, err } = await engine.run(login.id, APPLY, APPLY_PATIENCE);
    return code === 0 ? undefined : err.trim().slice(-1500) || `it ended with ${code}`;
  }

  /** Gives it what may change while a cluster runs: its keys, and what the message of the day tells from. */
  async give(login: Host, stack: HostedStack): Promise<void> {
    const { keys, status } = await this.#changing(stack);
    const files = [...(keys.faults.length > 0 ? [] : keys.files), ...status];
    if (this.#given?.host !== login.id) this.#given = { host: login.id, files: new Map() };
    const { files: given } = this.#given;
    const changed = files.filter(({ path, body }) => given.get(path) !== body);
    if (changed.length === 0) return;
    await this.#hosting.engine.putFiles(login.id, await packed(changed, this.#hosting.clock.now()));
    for (const { path, body } of changed) given.set(path, body);
  }

  async #kit(stack: HostedStack): Promise<Buffer> {
    const { admin, clock, shrinkAfter } = this.#hosting;
    const parameters = slurmParameters(stack.parameters);
    const body = loginSettings(parameters, nodeShapeOf(this.#hosting, stack), shrinkAfter);
    const profile = await profileFiles(admin, ['all', ...parameters.Profiles.split(' ')]);
    const { keys, status } = await this.#changing(stack);
    return packed([{ path: SETTINGS, body }, ...keys.files, ...status, ...profile], clock.now());
  }

  async #changing(stack: HostedStack): Promise<{ keys: Keys; status: HostFile[] }> {
    const { admin, users } = this.#hosting;
    const account = slurmParameters(stack.parameters).AccessUsername;
    const keys = await keysOf({ admin, users }, this.#cluster, account);
    this.#keyFaults = keys.faults;
    const status = await statusFile(users, this.#cluster);
    return { keys, status: status ? [status] : [] };
  }

  async #restore(stack: HostedStack, host: string): Promise<void> {
    const { engine, users, marks } = this.#hosting;
    const account = slurmParameters(stack.parameters).AccessUsername;
    const restored = await restoreFiles({ engine, store: users, cluster: this.#cluster, host, account });
    await marks.write(stack.id, restored);
    this.#reports.filesSaved(restored);
  }

  /** @returns whether its door and its network are still to be had */
  async #startsAgain({ id }: Host): Promise<boolean> {
    try {
      await this.#hosting.engine.start(id);
      return true;
    } catch (error) {
      if (['taken', 'absent'].includes(engineTrouble(error).kind)) return false;
      throw error;
    }
  }

  /** Its home is still there, unless that was removed too. Can be cut short anywhere and begun anew. */
  async #makeAnew(stack: HostedStack): Promise<void> {
    const { engine, book } = this.#hosting;
    const isLost = stack.isHomeLost === true || (await engine.volumes.list(this.#labels)).length === 0;
    // Written down first: a volume that is there afterwards may still be empty.
    if (isLost) await book.change(stack, (now) => ({ ...now, isHomeLost: true }));
    await engine.networks.ensure(stack.name, this.#labels);
    await engine.volumes.ensure(`${stack.name}-home`, this.#labels);
    await this.make(stack, isLost);
  }

  /** It was started, so it has its files. */
  async #forgetLoss(stack: HostedStack): Promise<void> {
    await this.#hosting.book.change(stack, (now) => {
      const { isHomeLost: _, ...rest } = now;
      return rest;
    });
  }
}
