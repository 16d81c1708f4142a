import { copyFileSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readStatus, type StatusFile } from '../../src/core/report/status-file.ts';

/** One user's folder in the bucket, as a file manager sees it: no part of the system is asked. */
export class Home {
  readonly #folder: string;

  constructor(dir: string, user: string) {
    this.#folder = join(dir, 'bucket', 'home', user);
  }

  has(name: string): boolean {
    return existsSync(join(this.#folder, name));
  }

  read(name: string): string {
    return readFileSync(join(this.#folder, name), 'utf8');
  }

  names(): string[] {
    return readdirSync(this.#folder).toSorted();
  }

  drop(name: string, text: string): void {
    writeFileSync(join(this.#folder, name), text);
  }

  copyIn(file: string, name: string): void {
    copyFileSync(file, join(this.#folder, name));
  }

  /** `undefined` while there is none. */
  status(cluster: string): StatusFile | undefined {
    return this.has(`${cluster}.cf-status`) ? readStatus(this.read(`${cluster}.cf-status`)) : undefined;
  }

  /** The status once it says that the cluster runs: it is written a moment after the address. */
  running(cluster: string): StatusFile | undefined {
    const status = this.status(cluster);
    return status?.state === 'running' ? status : undefined;
  }

  /** The address is there and the request is gone. */
  isReady(cluster: string): boolean {
    return this.has(`${cluster}.cf-created`) && !this.has(`${cluster}.cf-create`);
  }

  isGone(cluster: string): boolean {
    return this.has(`${cluster}.cf-deleted`) && !this.has(`${cluster}.cf-delete`);
  }

  /** Every file: its name, its bytes and the time of its last change, as one text. */
  snapshot(): string {
    return this.names()
      .map((name) => join(this.#folder, name))
      .map((path) => `${path} ${statSync(path, { bigint: true }).mtimeNs} ${readFileSync(path, 'base64')}`)
      .join('\n');
  }
}
