import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { Readable } from 'node:stream';
import { pack } from 'tar-stream';
import { BuildProgress } from './build-progress.ts';
import type { ContainerEngine } from './container-engine.ts';
import { EngineTrouble, engineTrouble } from './engine-trouble.ts';
import { hostFolder } from './hosted-blueprints.ts';
import type { HostedStack } from './hosted-stack.ts';
import { LABEL } from './labels.ts';

export interface HostImagesOptions {
  readonly engine: ContainerEngine;
  readonly installation: string;
  /** What the Dockerfile begins with. */
  readonly base: string;
  /** The engine's word for the network of the build: `none` where the base has all that is needed. */
  readonly buildNetwork?: string | undefined;
  /** Told to whoever watches. */
  readonly progress: (text: string) => void;
}

/** The images that hosts are made of: built from the blueprint's own folder the first time, and again when anything in it has changed. */
export class HostImages {
  readonly #options: HostImagesOptions;
  readonly #building = new Map<string, Promise<string>>();

  constructor(options: HostImagesOptions) {
    this.#options = options;
  }

  /** The id of a blueprint's image. All who ask at the same time wait for the same build. */
  idFor(blueprint: string): Promise<string> {
    const under = this.#building.get(blueprint);
    if (under) return under;
    const building = this.#build(blueprint).finally(() => this.#building.delete(blueprint));
    this.#building.set(blueprint, building);
    return building;
  }

  async #build(blueprint: string): Promise<string> {
    const { engine, base, buildNetwork, installation, progress } = this.#options;
    const folder = hostFolder(blueprint);
    if (folder === undefined)
      throw new EngineTrouble('other', `the blueprint "${blueprint}" has no Dockerfile`);
    const files = filesOf(folder);
    // Each installation has its own, so that --clean takes away nobody else's; the engine shares the layers.
    const name = `clusterdrop/${blueprint}:${versionOf(files, `${installation}\n${base}`)}`;
    const known = await engine.images.id(name);
    if (known !== undefined) return known;
    progress(`Building the image of cluster hosts from ${base}, once; this takes a minute or two ...`);
    const build = new BuildProgress();
    try {
      await engine.images.build(
        contextOf(files),
        { name, base, network: buildNetwork, labels: labelsOf(installation, blueprint) },
        (said) => {
          const news = build.hear(said, performance.now());
          if (news !== undefined) progress(news);
        },
      );
    } catch (error) {
      const trouble = engineTrouble(error);
      if (trouble.kind === 'gone') throw trouble;
      throw new EngineTrouble(trouble.kind, buildFailure(base, trouble.message, build.lastLines()), {
        cause: error,
      });
    }
    const built = await engine.images.id(name);
    if (built === undefined)
      throw new EngineTrouble('other', `the image ${name} is not there although it was built`);
    progress('The image of cluster hosts is ready.');
    return built;
  }
}

/** The image that a cluster began with; where somebody has removed it, one like it. */
export async function imageOf(
  { engine, images }: { readonly engine: ContainerEngine; readonly images: HostImages },
  { image, blueprint }: Pick<HostedStack, 'image' | 'blueprint'>,
): Promise<string> {
  return (image && (await engine.images.id(image))) || images.idFor(blueprint.name);
}

interface ContextFile {
  readonly path: string;
  readonly body: Buffer;
  readonly mode: number;
}

function labelsOf(installation: string, blueprint: string) {
  return { [LABEL.installation]: installation, [LABEL.image]: blueprint };
}

function buildFailure(base: string, message: string, last: readonly string[]): string {
  const fetched = /pull|manifest|registry|lookup|dial tcp|no such host|i\/o timeout|TLS handshake/i.test(
    message,
  );
  return fetched
    ? `the image of the hosts could not be built: its base ${base} could not be fetched (${message}); where this machine reaches no registry, load a Debian image and name it with --base-image`
    : `the image of the hosts could not be built: ${message}\n${last.join('\n')}`;
}

function filesOf(folder: string): readonly ContextFile[] {
  const paths = ['Dockerfile', ...filesBelow(join(folder, 'node')).map((path) => relative(folder, path))];
  return paths.toSorted().map((path) => ({
    path: path.split(sep).join('/'),
    body: readFileSync(join(folder, path)),
    // Whether it may be run, and nothing else of what the machine's umask made of it.
    mode: (statSync(join(folder, path)).mode & 0o100) === 0 ? 0o644 : 0o755,
  }));
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile())
    .map((file) => join(file.parentPath, file.name));
}

/** The same files on the same base are the same image of one installation. */
function versionOf(files: readonly ContextFile[], salt: string): string {
  const hash = createHash('sha256').update(salt);
  for (const { path, body, mode } of files) hash.update(`\n${path} ${mode} ${body.length}\n`).update(body);
  return hash.digest('hex').slice(0, 16);
}

function contextOf(files: readonly ContextFile[]) {
  const tar = pack();
  for (const { path, body, mode } of files) tar.entry({ name: path, mode, mtime: new Date(0) }, body);
  tar.finalize();
  return Readable.from(tar);
}
