import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { LABEL } from '../../src/local/containers/labels.ts';
import { until } from './until.ts';

const run = promisify(execFile);
const KINDS = ['container', 'network', 'volume'] as const;
type Kind = (typeof KINDS)[number];

/** The counts of a world in which nothing is left. */
export const NOTHING: Readonly<Record<Kind, number>> = { container: 0, network: 0, volume: 0 };

/** What one installation has in the container engine, asked of the engine itself. */
export class World {
  readonly #socket: string;
  readonly #installation: () => string;

  constructor(socket: string, installation: () => string) {
    this.#socket = socket;
    this.#installation = installation;
  }

  async docker(...args: string[]): Promise<string> {
    const { stdout } = await run('docker', ['--host', `unix://${this.#socket}`, ...args], {
      maxBuffer: 1 << 26,
    });
    return stdout.trim();
  }

  /** What the engine lists of a kind: of every cluster, or of `cluster`, such as `alice/mycluster`, or of one of its hosts. */
  #list(kind: Kind, options: readonly string[], cluster?: string, host?: string): Promise<string> {
    const labels = {
      [LABEL.installation]: this.#installation(),
      ...(cluster !== undefined && { [LABEL.cluster]: cluster }),
      ...(host !== undefined && { [LABEL.host]: host }),
    };
    const filters = Object.entries(labels).flatMap(([key, value]) => ['--filter', `label=${key}=${value}`]);
    return this.docker(kind, 'ls', ...options, ...filters);
  }

  /** Names or ids of all of a kind, running or not. */
  async all(kind: Kind, cluster?: string): Promise<string[]> {
    const options = kind === 'container' ? ['--quiet', '--all'] : ['--quiet'];
    return (await this.#list(kind, options, cluster)).split('\n').filter(Boolean);
  }

  async images(): Promise<string[]> {
    const filter = `label=${LABEL.installation}=${this.#installation()}`;
    return (await this.docker('image', 'ls', '--quiet', '--filter', filter)).split('\n').filter(Boolean);
  }

  /** How many there are of each kind. */
  async counts(cluster?: string): Promise<Record<Kind, number>> {
    const [container, network, volume] = await Promise.all(KINDS.map((kind) => this.all(kind, cluster)));
    return {
      container: container?.length ?? 0,
      network: network?.length ?? 0,
      volume: volume?.length ?? 0,
    };
  }

  /** Hosts that run, `login` or `node-3`, in order. */
  async hosts(cluster: string): Promise<string[]> {
    const out = await this.#list('container', ['--format', `{{.Label "${LABEL.host}"}}`], cluster);
    return out.split('\n').filter(Boolean).toSorted();
  }

  async nodes(cluster: string): Promise<string[]> {
    return (await this.hosts(cluster)).filter((host) => host !== 'login');
  }

  /** @throws when there is none, or more than one */
  async container(cluster: string, host: string): Promise<string> {
    const out = await this.#list('container', ['--quiet'], cluster, host);
    if (!/^[0-9a-f]+$/.test(out)) throw new Error(`${cluster} has not one ${host}: ${out}`);
    return out;
  }

  /** For whoever reads that a test has failed. */
  async told(): Promise<string> {
    try {
      const logs = (await this.all('container')).map(async (id) => {
        const tail = 'hostname; tail -n 25 /var/log/clusterdrop/*.log';
        return (await this.docker('exec', id, 'sh', '-c', tail).catch(String)).slice(-12_000);
      });
      return [await this.docker('ps', '--all'), ...(await Promise.all(logs))].join('\n\n');
    } catch (error) {
      return String(error);
    }
  }

  /** Takes everything away. */
  async clear(): Promise<void> {
    for (const kind of KINDS) {
      await until(`no ${kind} is left`, async () => {
        const found = await this.all(kind);
        // One that is on its way out already is refused.
        if (found.length > 0) await this.docker(kind, 'rm', ...forced(kind), ...found).catch(() => undefined);
        return found.length === 0;
      });
    }
    const images = await this.images();
    if (images.length > 0) await this.docker('image', 'rm', '--force', ...images);
  }
}

function forced(kind: Kind): string[] {
  return kind === 'network' ? [] : ['--force'];
}
