import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Installation } from '../core/installation.ts';
import { ProblemError, problem } from '../core/problems.ts';
import { INSTALLATION_KEY, readInstallation } from '../engine/installations.ts';
import type { Clock, ObjectStore } from '../engine/ports.ts';
import { foldersOf, openFolderStores } from '../local/open-folder-stores.ts';
import type { Terminal } from './command.ts';
import type { ReadOptions } from './options.ts';
import { shellWord, shownPath } from './shown-path.ts';

export const DEFAULT_FOLDER = 'clusterdrop-data';

/** The two buckets of an installation, wherever they are: commands know nothing else of it. */
export interface Stores {
  /** The users' bucket. */
  readonly users: ObjectStore;
  /** The administrator's, for those who may see it. */
  readonly admin?: { readonly store: ObjectStore; readonly installation: Installation };
  readonly clock: Clock;
  /** What must be added to a command that is proposed, so that it means the same installation and user. */
  readonly flags: string;
}

export type AdminStores = Stores & Required<Pick<Stores, 'admin'>>;

/** The folder that is meant: `--dir`, else `CLUSTERDROP_DIR`, else `./clusterdrop-data`. */
export function folderOf(options: ReadOptions, { env, cwd }: Pick<Terminal, 'env' | 'cwd'>): string {
  return resolve(cwd, options.get('dir') ?? (env['CLUSTERDROP_DIR'] || DEFAULT_FOLDER));
}

/** @throws ProblemError `no-installation` */
export async function openStores(options: ReadOptions, terminal: Terminal): Promise<Stores> {
  const dir = folderOf(options, terminal);
  const missing = () => new ProblemError(problem('no-installation', { place: shownPath(dir, terminal.cwd) }));
  // Looked at first: opening a folder store makes its folders.
  if (!existsSync(join(foldersOf(dir).admin, INSTALLATION_KEY))) throw missing();
  const clock: Clock = { now: () => terminal.now() };
  const { users, admin } = openFolderStores(dir, clock);
  const installation = await readInstallation(admin);
  if (!installation) throw missing();
  return { users, admin: { store: admin, installation }, clock, flags: flagsOf(options) };
}

/** @throws ProblemError `needs-admin` */
export async function openAdminStores(options: ReadOptions, terminal: Terminal): Promise<AdminStores> {
  const { admin, ...stores } = await openStores(options, terminal);
  if (!admin) throw new ProblemError(problem('needs-admin', {}));
  return { ...stores, admin };
}

function flagsOf(options: ReadOptions): string {
  return ['dir', 'user']
    .map((name) => ({ name, value: options.get(name) }))
    .map(({ name, value }) => (value === undefined ? '' : ` --${name} ${shellWord(value)}`))
    .join('');
}
