import type { Readable } from 'node:stream';
import type Docker from 'dockerode';
import { ContainerNetworks } from './container-networks.ts';
import { demuxed } from './demuxed.ts';
import { asked, ownedAs, unlessAbsent } from './engine-calls.ts';
import { EngineTrouble, engineTrouble, hungUp } from './engine-trouble.ts';
import { LABEL, type Labels, labelFilter } from './labels.ts';

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
  /** Where port 22 of the host is published on this machine. */
  readonly door?: { readonly address: string; readonly port: number };
}

/** A container of ours. */
export interface Host {
  readonly id: string;
  readonly name: string;
  readonly labels: Labels;
  readonly isRunning: boolean;
}

export interface Said {
  /** Exit code of the command. */
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Longest output of a command that is read. */
const MOST_OUTPUT = 1_000_000;

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
  /** Volumes that the engine was about to make when it hung up. */
  readonly #cutOff = new Set<string>();
  readonly networks: ContainerNetworks;
  readonly socket: string;

  constructor(docker: Docker, socket: string) {
    this.#docker = docker;
    this.networks = new ContainerNetworks(docker);
    this.socket = socket;
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

  /** `Docker 20.10.24`, `Podman 4.3.1` */
  async name(): Promise<string> {
    const { Version, Components } = await asked(() => this.#docker.version());
    // Docker did not name its parts before version 18.
    const podman = (Components as typeof Components | undefined)?.some(({ Name }) => /podman/i.test(Name));
    return `${podman ? 'Podman' : 'Docker'} ${Version.replace(/\+.*$/, '')}`;
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

  /** The id of an image; `undefined` when there is none of that name. */
  async imageId(name: string): Promise<string | undefined> {
    const image = await unlessAbsent(() => this.#docker.getImage(name).inspect());
    return image?.Id;
  }

  /** Builds an image of a tar of its folder. `told`: each line of the engine's. */
  async build(
    context: Readable,
    options: Readonly<{ name: string; base: string; labels: Labels; network?: string | undefined }>,
    told: (line: string) => void,
  ): Promise<void> {
    const stream = await asked(() =>
      this.#docker.buildImage(context, {
        t: options.name,
        buildargs: { BASE: options.base },
        labels: { ...options.labels },
        forcerm: true,
        ...(options.network !== undefined && { networkmode: options.network }),
      }),
    );
    await new Promise<void>((resolve, reject) => {
      this.#docker.modem.followProgress(
        stream,
        (error: unknown) => (error ? reject(engineTrouble(error)) : resolve()),
        (line: { stream?: string; status?: string; error?: string }) => {
          if (line.error !== undefined) reject(engineTrouble(new Error(line.error)));
          told(line.stream ?? line.status ?? '');
        },
      );
    });
  }

  async ensureVolume(name: string, labels: Labels): Promise<void> {
    const there = await unlessAbsent(() => this.#docker.getVolume(name).inspect());
    // Docker makes the folder first, and writes down last whose it is.
    if (there && this.#cutOff.has(name) && Object.keys(there.Labels ?? {}).length === 0)
      await this.removeVolume(name);
    else if (there && ownedAs(there.Labels ?? {}, labels, `volume ${name}`)) return;
    const volume = { Name: name, Labels: { ...labels } };
    await asked(() => this.#docker.createVolume(volume)).catch((error: unknown) => {
      if (hungUp(error)) this.#cutOff.add(name);
      throw error;
    });
    this.#cutOff.delete(name);
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
    await asked(() => this.#docker.getContainer(id).putArchive(tar, options));
  }

  /** Starting what runs already is no failure. */
  async start(id: string): Promise<void> {
    await asked(() => this.#docker.getContainer(id).start()).catch((error: unknown) => {
      if (!(error instanceof EngineTrouble && (error.cause as { statusCode?: number }).statusCode === 304))
        throw error;
    });
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

  async removeVolume(name: string): Promise<void> {
    await unlessAbsent(() => this.#docker.getVolume(name).remove({ force: true }));
  }

  async removeImage(id: string): Promise<void> {
    await unlessAbsent(() => this.#docker.getImage(id).remove({ force: true }));
  }

  /** Running or not. */
  async hosts(labels: Labels): Promise<readonly Host[]> {
    const found = await asked(() => this.#docker.listContainers({ all: true, filters: labelFilter(labels) }));
    return found.map(({ Id: id, Names: names, Labels: own, State: state }) => ({
      id,
      name: (names[0] ?? '').replace(/^\//, ''),
      labels: own,
      isRunning: state === 'running',
    }));
  }

  async volumes(labels: Labels): Promise<readonly { readonly id: string; readonly labels: Labels }[]> {
    const { Volumes: found } = await asked(() =>
      this.#docker.listVolumes({ filters: labelFilter(labels) as never }),
    );
    // `null` where there is none.
    return (found ?? []).map(({ Name: id, Labels: own }) => ({ id, labels: own ?? {} }));
  }

  async images(labels: Labels): Promise<readonly string[]> {
    const found = await asked(() => this.#docker.listImages({ filters: labelFilter(labels) }));
    return found.map(({ Id }) => Id);
  }

  /** What the container itself said last. */
  async lastWords(id: string, lines: number): Promise<string> {
    const logs = await asked(() =>
      this.#docker.getContainer(id).logs({ stdout: true, stderr: true, tail: lines }),
    );
    return plainLog(logs);
  }

  /** Runs a command in a running host for `longestMs` at most, and gives its output (of each stream the first megabyte). */
  async run(id: string, command: readonly string[], longestMs: number): Promise<Said> {
    const { out, err, ended } = await this.open(id, command, { longestMs });
    const [said, complained, code] = await Promise.all([firstOf(out), firstOf(err), ended]);
    return { code, out: said, err: complained };
  }

  /**
   * Runs a command in a running host. Both streams have to be read; `ended` gives the exit code once they have come to their end, and
   * rejects when nothing came for `patienceMs`, or when it took longer than `longestMs`: the host is its user's, who can hold up anything
   * there, with silence or with drops.
   */
  async open(
    id: string,
    command: readonly string[],
    {
      user = '0',
      patienceMs = Number.POSITIVE_INFINITY,
      longestMs = Number.POSITIVE_INFINITY,
    }: { user?: string; patienceMs?: number; longestMs?: number } = {},
  ): Promise<{
    readonly out: Readable;
    readonly err: Readable;
    readonly ended: Promise<number>;
    readonly close: () => void;
  }> {
    const exec = await asked(() =>
      this.#docker.getContainer(id).exec({
        Cmd: [...command],
        User: user,
        AttachStdout: true,
        AttachStderr: true,
        Tty: false,
      }),
    );
    const stream = (await asked(() => exec.start({ hijack: false, stdin: false }))) as unknown as Readable;
    endWhenSilent(stream, patienceMs, command[0] ?? '');
    endWhenLong(stream, longestMs, command[0] ?? '');
    const { out, err, over } = demuxed(stream);
    const ended = asked(async () => {
      await over;
      return (await exec.inspect()).ExitCode ?? -1;
    });
    ended.catch(() => undefined);
    return { out, err, ended, close: () => stream.destroy() };
  }

  /** Calls `died` whenever a container of these labels ends, until `signal` is aborted or the engine hangs up: then it resolves. */
  async watchDeaths(labels: Labels, died: (labels: Labels) => void, signal: AbortSignal): Promise<void> {
    const filters = JSON.stringify({
      ...JSON.parse(labelFilter(labels)),
      type: ['container'],
      event: ['die'],
    });
    const stream = (await asked(() => this.#docker.getEvents({ filters: filters as never }))) as Readable;
    const stop = () => stream.destroy();
    signal.addEventListener('abort', stop, { once: true });
    let rest = '';
    stream.on('data', (chunk: Buffer) => {
      const lines = (rest + chunk.toString('utf8')).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) died(attributesOf(line));
    });
    await new Promise<void>((resolve) => {
      stream.once('end', resolve);
      stream.once('close', resolve);
      stream.once('error', resolve);
    });
    signal.removeEventListener('abort', stop);
  }
}

function endWhenSilent(stream: Readable, patienceMs: number, what: string): void {
  if (!Number.isFinite(patienceMs)) return;
  const silent = () =>
    stream.destroy(
      new EngineTrouble('other', `"${what}" on the host said nothing for ${patienceMs / 1000} s`),
    );
  const timer = setTimeout(silent, patienceMs);
  stream.on('data', () => timer.refresh());
  stream.once('close', () => clearTimeout(timer));
}

function endWhenLong(stream: Readable, longestMs: number, what: string): void {
  if (!Number.isFinite(longestMs)) return;
  const late = () =>
    stream.destroy(
      new EngineTrouble('other', `"${what}" on the host did not come to an end within ${longestMs / 1000} s`),
    );
  const timer = setTimeout(late, longestMs);
  stream.once('close', () => clearTimeout(timer));
}

async function firstOf(stream: Readable): Promise<string> {
  let said = '';
  for await (const chunk of stream) if (said.length < MOST_OUTPUT) said += String(chunk);
  return said.slice(0, MOST_OUTPUT);
}

/** Logs come in frames, each with a head of eight bytes: https://docs.docker.com/reference/api/engine/ (stream format). */
function plainLog(raw: Buffer | NodeJS.ReadableStream): string {
  const log = Buffer.isBuffer(raw) ? raw : Buffer.alloc(0);
  const parts: Buffer[] = [];
  for (let at = 0; at + 8 <= log.length; ) {
    const size = log.readUInt32BE(at + 4);
    parts.push(log.subarray(at + 8, at + 8 + size));
    at += 8 + size;
  }
  return Buffer.concat(parts).toString('utf8');
}

function attributesOf(line: string): Labels {
  try {
    const { Actor: { Attributes = {} } = {} } = JSON.parse(line) as { Actor?: { Attributes?: Labels } };
    return Attributes;
  } catch {
    return {};
  }
}
