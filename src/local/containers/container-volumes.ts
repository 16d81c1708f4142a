import type Docker from 'dockerode';
import { asked, ownedAs, unlessAbsent } from './engine-calls.ts';
import { hungUp } from './engine-trouble.ts';
import { type Labels, labelFilter } from './labels.ts';

/** The volumes of clusters, one each. Every call may throw `EngineTrouble`. */
export class ContainerVolumes {
  readonly #docker: Docker;
  /** Those that the engine was about to make when it hung up. */
  readonly #cutOff = new Set<string>();

  constructor(docker: Docker) {
    this.#docker = docker;
  }

  async ensure(name: string, labels: Labels): Promise<void> {
    const there = await unlessAbsent(() => this.#docker.getVolume(name).inspect());
    // Docker makes the folder first, and writes down last whose it is.
    if (there && this.#cutOff.has(name) && Object.keys(there.Labels ?? {}).length === 0)
      await this.remove(name);
    else if (there && ownedAs(there.Labels ?? {}, labels, `volume ${name}`)) return;
    const volume = { Name: name, Labels: { ...labels } };
    await asked(() => this.#docker.createVolume(volume)).catch((error: unknown) => {
      if (hungUp(error)) this.#cutOff.add(name);
      throw error;
    });
    this.#cutOff.delete(name);
  }

  async list(labels: Labels): Promise<readonly { readonly id: string; readonly labels: Labels }[]> {
    const { Volumes: found } = await asked(() =>
      this.#docker.listVolumes({ filters: labelFilter(labels) as never }),
    );
    // `null` where there is none.
    return (found ?? []).map(({ Name: id, Labels: own }) => ({ id, labels: own ?? {} }));
  }

  async remove(name: string): Promise<void> {
    await unlessAbsent(() => this.#docker.getVolume(name).remove({ force: true }));
  }
}
