import type { Readable } from 'node:stream';
import type Docker from 'dockerode';
import { asked, unlessAbsent } from './engine-calls.ts';
import { engineTrouble } from './engine-trouble.ts';
import { type Labels, labelFilter } from './labels.ts';

/** The images that hosts are made of. Every call may throw `EngineTrouble`. */
export class ContainerImages {
  readonly #docker: Docker;

  constructor(docker: Docker) {
    this.#docker = docker;
  }

  /** The id of an image; `undefined` when there is none of that name. */
  async id(name: string): Promise<string | undefined> {
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

  /** Ids. */
  async list(labels: Labels): Promise<readonly string[]> {
    const found = await asked(() => this.#docker.listImages({ filters: labelFilter(labels) }));
    return found.map(({ Id }) => Id);
  }

  async remove(id: string): Promise<void> {
    await unlessAbsent(() => this.#docker.getImage(id).remove({ force: true }));
  }
}
