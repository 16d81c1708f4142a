import { BlockList, isIPv4 } from 'node:net';
import type Docker from 'dockerode';
import { bridges } from './bridges.ts';
import { asked, ownedAs, unlessAbsent, unlessThere } from './engine-calls.ts';
import { type Labels, labelFilter } from './labels.ts';

/** More leftovers than this have never been seen. */
const MOST_TRIES = 16;

/** The networks of clusters, one each. Every call may throw `EngineTrouble`. */
export class ContainerNetworks {
  readonly #docker: Docker;

  constructor(docker: Docker) {
    this.#docker = docker;
  }

  /**
   * Docker that dies while it makes a network leaves a bridge and rules of the packet filter in the kernel, of which it knows nothing
   * when it is back. If it gives the same addresses to another network, packets there obey the rules of both, and their senders are
   * rewritten: Slurm learns wrong addresses, and Open MPI refuses to talk. So a network never has the addresses of another bridge.
   */
  async ensure(name: string, labels: Labels): Promise<void> {
    const asides: string[] = [];
    try {
      for (let tries = 1; ; tries++) {
        const network = (await this.#inspect(name)) ?? (await this.#create(name, labels));
        ownedAs(network.Labels ?? {}, labels, `network ${name}`);
        const isUsed = Object.keys(network.Containers ?? {}).length > 0;
        if (isUsed || tries === MOST_TRIES || !(await sharesAddresses(network))) return;
        await this.remove(name);
        // Keeps the addresses that are to be had first from being given again.
        const aside = `${name}-aside-${tries}`;
        asides.push(aside);
        await this.#create(aside, labels);
      }
    } finally {
      for (const aside of asides) await this.remove(aside);
    }
  }

  async list(labels: Labels): Promise<readonly { readonly id: string; readonly labels: Labels }[]> {
    const found = await asked(() => this.#docker.listNetworks({ filters: labelFilter(labels) as never }));
    return found.map(({ Id: id, Labels: own = {} }) => ({ id, labels: own }));
  }

  /** @param network its id or name */
  async remove(network: string): Promise<void> {
    await unlessAbsent(() => this.#docker.getNetwork(network).remove());
  }

  #inspect(name: string): Promise<Docker.NetworkInspectInfo | undefined> {
    return unlessAbsent(() => this.#docker.getNetwork(name).inspect());
  }

  async #create(name: string, labels: Labels): Promise<Docker.NetworkInspectInfo> {
    await unlessThere(() =>
      this.#docker.createNetwork({
        Name: name,
        Driver: 'bridge',
        CheckDuplicate: true,
        Labels: { ...labels },
      }),
    );
    return asked(() => this.#docker.getNetwork(name).inspect());
  }
}

/** Whether a bridge other than its own has addresses of this network. */
async function sharesAddresses({ Id: id, IPAM }: Docker.NetworkInspectInfo): Promise<boolean> {
  const own = new BlockList();
  for (const { Subnet: subnet = '' } of IPAM?.Config ?? []) {
    const [first = '', bits] = subnet.split('/');
    if (isIPv4(first)) own.addSubnet(first, Number(bits));
  }
  const others = (await bridges()).filter(({ name }) => name !== `br-${id.slice(0, 12)}`);
  return others.some(({ address }) => own.check(address));
}
