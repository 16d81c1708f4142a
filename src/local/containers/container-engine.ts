import type { Readable } from 'node:stream';
import type Docker from 'dockerode';
import { ContainerImages } from './container-images.ts';
import { ContainerNetworks } from './container-networks.ts';
import { ContainerVolumes } from './container-volumes.ts';
import { plainText } from './demuxed.ts';
import { asked, ownedAs, unlessAbsent } from './engine-calls.ts';
import { EngineTrouble, engineTrouble } from './engine-trouble.ts';
import { type CommandLimits, type OpenCommand, openCommand, runCommand, type Said } from './host-commands.ts';
import { watchDeaths } from './host-deaths.ts';
import { LABEL, type Labels, labelFilter } from './labels.ts';
import type { Door } from './login-door.ts';

/** What the machine of the engine has, and whether it can hold containers to a part of it. */
export interface EngineMachine {
  readonly cpus: number;
  readonly memoryBytes: number;
  readonly limitsCpus: boolean;
  readonly limitsMemory: boolean;
}

export interface HostOrder {
  readonly name: string;
  readonly hostname: string;
  /** Id of the image. */
  readonly image: string;
  readonly labels: Labels;
  readonly network: string;
  /** Volume that all hosts of the cluster have as /home. */
  readonly home: string;
  readonly cpus?: number;
  readonly memoryBytes?: number;
  readonly door?: Door;
}

/** A container of ours. */
export interface Host {
  readonly id: string;
  readonly name: string;
  readonly labels: Labels;
  readonly isRunning: boolean;
  /** Was never started. */
  readonly isNew: boolean;
  readonly door?: Door;
}

/** Open MPI talks through shared memory within a host; the engine's default of 64 MB is soon full. */
const SHARED_MEMORY = 512 * 1024 * 1024;

/** So long somebody else's removal of a host is waited for. */
const REMOVAL_PATIENCE = 60_000;

/** A program that forks without end must not take the machine with it. */
const MOST_PROCESSES = 8192;

/**
 * The Docker Engine API as far as clusters need it, with Docker or Podman behind it. Every call may throw `EngineTrouble`; all that
 * make or remove something can be repeated.
 * https://docs.docker.com/reference/api/engine/
 */
export class ContainerEngine {
  readonly #docker: Docker;
  readonly images: ContainerImages;
  readonly networks: ContainerNetworks;
  readonly volumes: ContainerVolumes;

  constructor(docker: Docker) {
    this.#docker = docker;
    this.images = new ContainerImages(docker);
    this.networks = new ContainerNetworks(docker);
    this.volumes = new ContainerVolumes(docker);
  }

  /** @throws EngineTrouble when there is no answer within `patienceMs` */
  async ping(patienceMs: number): Promise<void> {
    const late = new Promise<never>((_, reject) => {
      setTimeout(
        () => reject(new EngineTrouble('gone', `no answer within ${patienceMs / 1000} s`)),
        patienceMs,
      ).unref();
    });
    await Promise.race([asked(() => this.#docker.ping()), late]);
  }

  /** `name`: `Docker 20.10.24`, `Podman 4.3.1`. `id`: what no other engine of this machine has. */
  async identity(): Promise<{ readonly id: string; readonly name: string }> {
    const { Version, Components } = await asked(() => this.#docker.version());
    // Docker did not name its parts before version 18.
    const podman = (Components as typeof Components | undefined)?.some(({ Name }) => /podman/i.test(Name));
    const name = `${podman ? 'Podman' : 'Docker'} ${Version.replace(/\+.*$/, '')}`;
    const { ID, DockerRootDir } = await asked(() => this.#docker.info());
    // Podman makes up another ID for every answer. Where it keeps everything, no other engine does.
    return { id: podman || !ID ? DockerRootDir : ID, name };
  }

  async machine(): Promise<EngineMachine> {
    const info = await asked(() => this.#docker.info());
    return {
      cpus: info.NCPU,
      memoryBytes: info.MemTotal,
      limitsCpus: info.CpuCfsQuota === true,
      limitsMemory: info.MemoryLimit === true,
    };
  }

  /** Makes a host that has not been started yet. One of that name that is there already goes first, if it is ours. */
  async createHost(order: HostOrder): Promise<string> {
    const there = await unlessAbsent(() => this.#docker.getContainer(order.name).inspect());
    if (
      there &&
      ownedAs(
        there.Config.Labels,
        { [LABEL.installation]: order.labels[LABEL.installation] ?? '' },
        `container ${order.name}`,
      )
    )
      await this.removeHost(there.Id);
    const { door } = order;
    const container = await asked(() =>
      this.#docker.createContainer({
        name: order.name,
        Hostname: order.hostname,
        Image: order.image,
        Labels: { ...order.labels },
        ...(door && { ExposedPorts: { '22/tcp': {} } }),
        StopTimeout: 2,
        HostConfig: {
          NetworkMode: order.network,
          Binds: [`${order.home}:/home`],
          // Empty at every start, as on a machine: what daemons left there is not taken for the present.
          Tmpfs: { '/run': 'rw,exec,mode=755' },
          ShmSize: SHARED_MEMORY,
          PidsLimit: MOST_PROCESSES,
          // A host that fills its log fills the machine's disk.
          LogConfig: { Type: 'json-file', Config: { 'max-size': '1m', 'max-file': '2' } },
          ...(order.cpus !== undefined && { NanoCpus: Math.round(order.cpus * 1e9) }),
          ...(order.memoryBytes !== undefined && { Memory: order.memoryBytes }),
          ...(door && {
            PortBindings: { '22/tcp': [{ HostIp: door.address, HostPort: String(door.port) }] },
          }),
        },
        NetworkingConfig: { EndpointsConfig: { [order.network]: { Aliases: [order.hostname] } } },
      }),
    );
    return container.id;
  }

  /** Unpacks a tar at the root of a host, which need not run. */
  async putFiles(id: string, tar: Readable | Buffer): Promise<void> {
    const broken = new AbortController();
    // The client would wait for ever for the rest.
    if (!Buffer.isBuffer(tar)) tar.once('error', (error) => broken.abort(error));
    const options = { path: '/', abortSignal: broken.signal };
    try {
      await asked(() => this.#docker.getContainer(id).putArchive(tar, options));
    } catch (error) {
      if (broken.signal.aborted) throw engineTrouble(broken.signal.reason);
      if (!Buffer.isBuffer(tar)) tar.destroy();
      throw error;
    }
  }

  /** Starting what runs already is no failure. */
  async start(id: string): Promise<void> {
    await asked(() => this.#docker.getContainer(id).start()).catch((error: unknown) => {
      if (!(error instanceof EngineTrouble && (error.cause as { statusCode?: number }).statusCode === 304))
        throw error;
    });
  }

  /** Its processes are ended, and it boots. */
  async restart(id: string): Promise<void> {
    await asked(() => this.#docker.getContainer(id).restart());
  }

  /** At once: nobody there is asked first. */
  async removeHost(id: string): Promise<void> {
    await unlessAbsent(() => this.#docker.getContainer(id).remove({ force: true, v: true })).catch(
      async (error: unknown) => {
        // Somebody else removes it at this moment.
        if (!(error instanceof EngineTrouble && error.kind === 'conflict')) throw error;
        await unlessAbsent(() =>
          this.#docker
            .getContainer(id)
            .wait({ condition: 'removed', abortSignal: AbortSignal.timeout(REMOVAL_PATIENCE) }),
        );
      },
    );
  }

  /** Running or not. */
  async hosts(labels: Labels): Promise<readonly Host[]> {
    const found = await asked(() => this.#docker.listContainers({ all: true, filters: labelFilter(labels) }));
    return found.map(({ Id: id, Names: names, Labels: own, State: state, Ports: ports }) => {
      const ssh = ports.find(({ PrivatePort, PublicPort }) => PrivatePort === 22 && PublicPort > 0);
      return {
        id,
        name: (names[0] ?? '').replace(/^\//, ''),
        labels: own,
        isRunning: state === 'running',
        isNew: state === 'created',
        ...(ssh && { door: { address: ssh.IP, port: ssh.PublicPort } }),
      };
    });
  }

  /** What the container itself said last. */
  async lastWords(id: string, lines: number): Promise<string> {
    const logs = await asked(() =>
      this.#docker.getContainer(id).logs({ stdout: true, stderr: true, tail: lines }),
    );
    return Buffer.isBuffer(logs) ? plainText(logs) : '';
  }

  /** Runs a command in a running host for `longestMs` at most, and gives its output (of each stream the first megabyte). */
  run(id: string, command: readonly string[], longestMs: number): Promise<Said> {
    return runCommand(this.#docker.getContainer(id), command, longestMs);
  }

  /** Runs a command in a running host whose streams are read as they come. */
  open(id: string, command: readonly string[], limits: CommandLimits = {}): Promise<OpenCommand> {
    return openCommand(this.#docker.getContainer(id), command, limits);
  }

  /** Calls `died` whenever a container of these labels ends, until `signal` is aborted or the engine hangs up: then it resolves. */
  watchDeaths(labels: Labels, died: (labels: Labels) => void, signal: AbortSignal): Promise<void> {
    return watchDeaths(this.#docker, labels, died, signal);
  }
}
